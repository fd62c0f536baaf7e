"""Applying a batch of arrivals, within a transaction of the writer thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.store.rows import Poisoned, Stored, Task
from bot.store.sqlite.cases import put
from bot.store.steps import Again, checked, take
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bot.store.rows import Alarm, Arrival, CaseRow, Change, Step, Verdict
    from bot.store.sqlite.recent import Recent

_FIND: Final = """
SELECT c.id, c.rev, CAST(c.document AS BLOB), EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = ?)
FROM conversations c WHERE c.address = ?"""


class Admitted(NamedTuple):
    """A batch that was looked up: what is told of each arrival, and the steps of those that are to be applied.

    `version` is that of what is remembered if any of it was, and not read: that is true while it is the same.
    """

    verdicts: list[Verdict]
    tasks: list[Task]
    version: int | None


class Kept(NamedTuple):
    """What is told of each arrival of a batch, and how those that count left their conversations."""

    verdicts: list[Verdict]
    left: list[tuple[Arrival, Stored]]


def commit(db: sqlite3.Connection, recent: Recent, batch: Sequence[Arrival], step: Step, now: int) -> Kept:
    """See `Store.commit`. Raises Again if what was remembered may be to blame."""
    admitted = admit(db, recent, recent.version(), batch)
    try:
        changes = take(admitted.tasks, step)
    except Poisoned:
        if admitted.version is None:
            raise
        raise Again from None
    return write(db, recent, admitted, changes, now)


def admit(db: sqlite3.Connection, recent: Recent, version: int, batch: Sequence[Arrival]) -> Admitted:
    """Look a batch up; nothing is changed. What is remembered is that of `version`, or `write` finds out."""
    verdicts: list[Verdict] = []
    tasks: list[Task] = []
    remembered, known = False, _any_known(db)
    for index, arrival in enumerate(batch):
        found = recent.find(arrival.address) if arrival.alarm is None else None
        verdict: Verdict
        stored: Stored | None
        if known and _is_known(db, arrival):
            verdict, stored = "duplicate", None
        elif found is None:
            verdict, stored = _admit(db, arrival)
        else:
            remembered = True
            verdict, stored = "duplicate" if arrival.key in found.keys else "applied", found.stored
        verdicts.append(verdict)
        if verdict == "applied":
            tasks.append(Task(index, arrival, stored))
    return Admitted(verdicts, tasks, version if remembered else None)


def write(
    db: sqlite3.Connection, recent: Recent, admitted: Admitted, changes: Sequence[Change | None], now: int
) -> Kept:
    """Keep what came of the steps. Raises Poisoned, and Again if anything is not as it was when it was looked up."""
    if admitted.version not in {None, recent.version()}:
        raise Again
    known = _any_known(db)
    rows = _Rows()
    left: list[tuple[Arrival, Stored]] = []
    for (_, arrival, stored), change in zip(admitted.tasks, checked(admitted.tasks, changes), strict=True):
        if known and _is_known(db, arrival):
            raise Again
        if arrival.alarm is not None and not _stopped(db, arrival.alarm, stored):
            raise Again
        if change is not None:
            after = _changed(db, rows, arrival, stored, change, now)
        elif stored is not None:
            if db.execute("SELECT 1 FROM conversations WHERE id = ? AND rev = ?", stored[:2]).fetchone() is None:
                raise Again
            after = stored
        else:
            continue
        log = None if change is None else bytearray(change.log)
        rows.events.append((after.id, arrival.key, after.rev, now, log, arrival.origin))
        left.append((arrival, after))
    _write(db, rows, now)
    return Kept(admitted.verdicts, left)


def _any_known(db: sqlite3.Connection) -> bool:
    """Whether any event is known beside its conversation: one that is parked, or whose conversation was removed."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM parked) OR EXISTS (SELECT 1 FROM forgotten)").fetchone()[0])


def _is_known(db: sqlite3.Connection, arrival: Arrival) -> bool:
    found = db.execute(
        "SELECT 1 FROM parked WHERE address = ?1 AND key = ?2 UNION ALL SELECT 1 FROM forgotten WHERE event = ?3",
        (arrival.address, arrival.key, fingerprint(arrival.address, arrival.key)),
    )
    return found.fetchone() is not None


def _admit(db: sqlite3.Connection, arrival: Arrival) -> tuple[Verdict, Stored | None]:
    row = db.execute(_FIND, (arrival.key, arrival.address)).fetchone()
    if row is not None and row[3]:
        return "duplicate", None
    stored = Stored(*row[:3]) if row is not None else None
    if arrival.alarm is not None:
        id_, alarm = stored.id if stored is not None else 0, arrival.alarm
        found = db.execute(
            "SELECT 1 FROM timers WHERE conversation = ? AND name = ? AND due = ?", (id_, alarm.name, alarm.due)
        )
        if found.fetchone() is None:
            return "stale", None
    return "applied", stored


def _stopped(db: sqlite3.Connection, alarm: Alarm, stored: Stored | None) -> bool:
    """Whether the timer was there still."""
    id_ = stored.id if stored is not None else 0
    gone = db.execute(
        "DELETE FROM timers WHERE conversation = ? AND name = ? AND due = ?", (id_, alarm.name, alarm.due)
    )
    return bool(gone.rowcount)


class _Rows:
    """What a batch writes. Documents are bytearrays: for bytes, and for None, Python looks for an adapter each time."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.events: list[tuple[object, ...]] = []
        self.moved: list[tuple[object, ...]] = []
        """Conversations that went on."""
        self.outgoing: list[tuple[object, ...]] = []
        self.set: list[tuple[object, ...]] = []
        self.called_off: list[tuple[object, ...]] = []
        """Timers."""
        self.cases: list[tuple[int, CaseRow]] = []


def _changed(
    db: sqlite3.Connection, rows: _Rows, arrival: Arrival, stored: Stored | None, change: Change, now: int
) -> Stored:
    """The conversation after a change, whose rows come to be among `rows`."""
    document, status, control, epoch, _, outgoing, timers, case, _ = change
    if stored is None:
        id_, rev = _insert(db, arrival, change, now), 1
    else:
        id_, rev = stored.id, stored.rev + 1
        rows.moved.append((bytearray(document), rev, status, control, epoch, now, id_, stored.rev))
    for carrier, destination, kind, payload, priority, fence, ref, edits in outgoing:
        row = (id_, carrier, destination, kind, bytearray(payload), priority, fence, ref, edits, now)
        rows.outgoing.append(row)
    for name, due in timers.items():
        if due is not None:
            rows.set.append((id_, name, due))
        else:
            rows.called_off.append((id_, name))
    if case is not None:
        rows.cases.append((id_, case))
    return Stored(id_, rev, document)


def _insert(db: sqlite3.Connection, arrival: Arrival, change: Change, now: int) -> int:
    made = db.execute(
        "INSERT INTO conversations (address, document, rev, status, control, epoch, created, updated, merchant)"
        " VALUES (?, CAST(? AS TEXT), 1, ?, ?, ?, ?, ?, nullif(?, '')) ON CONFLICT (address) DO NOTHING",
        (arrival.address, change.document, change.status, change.control, change.epoch, now, now, change.merchant),
    )
    if not made.rowcount:
        raise Again
    return int(made.lastrowid or 0)


def _write(db: sqlite3.Connection, rows: _Rows, now: int) -> None:
    kept = db.executemany(
        "INSERT INTO events (conversation, key, rev, at, records, origin)"
        " VALUES (?, ?, ?, ?, CAST(? AS TEXT), nullif(?, ''))"
        " ON CONFLICT DO NOTHING",
        rows.events,
    )
    moved = db.executemany(
        "UPDATE conversations SET document = CAST(? AS TEXT), rev = ?, status = ?, control = ?, epoch = ?, updated = ?"
        " WHERE id = ? AND rev = ?",
        rows.moved,
    )
    if (kept.rowcount, moved.rowcount) != (len(rows.events), len(rows.moved)):
        raise Again
    db.executemany(
        "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state,"
        " created) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, nullif(?, ''), nullif(?, ''), 'queued', ?)",
        rows.outgoing,
    )
    db.executemany(
        "INSERT INTO timers (conversation, name, due) VALUES (?, ?, ?)"
        " ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due",
        rows.set,
    )
    db.executemany("DELETE FROM timers WHERE conversation = ? AND name = ?", rows.called_off)
    put(db, rows.cases, now)
