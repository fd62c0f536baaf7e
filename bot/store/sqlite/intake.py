"""Applying a batch of arrivals, within a transaction of the writer thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.store.rows import Stored, Task
from bot.store.sqlite.cases import put
from bot.store.steps import Again, checked, take
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bot.store.rows import Alarm, Arrival, Change, Step, Verdict

_FIND: Final = """
SELECT c.id, c.rev, CAST(c.document AS BLOB), EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = ?)
FROM conversations c WHERE c.address = ?"""


class Admitted(NamedTuple):
    """A batch that was looked up: what is told of each arrival, and the steps of those that are to be applied."""

    verdicts: list[Verdict]
    tasks: list[Task]


class _Written(NamedTuple):
    """An arrival that counts: its conversation, what that became, and the change, if there was one."""

    arrival: Arrival
    id: int
    rev: int
    change: Change | None


def commit(db: sqlite3.Connection, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
    """See `Store.commit`."""
    admitted = admit(db, batch)
    return write(db, admitted, take(admitted.tasks, step), now)


def admit(db: sqlite3.Connection, batch: Sequence[Arrival]) -> Admitted:
    """Look a batch up; nothing is changed."""
    admitted = Admitted([], [])
    known = _any_known(db)
    for index, arrival in enumerate(batch):
        verdict, stored = ("duplicate", None) if known and _is_known(db, arrival) else _admit(db, arrival)
        admitted.verdicts.append(verdict)
        if verdict == "applied":
            admitted.tasks.append(Task(index, arrival, stored))
    return admitted


def write(db: sqlite3.Connection, admitted: Admitted, changes: Sequence[Change | None], now: int) -> list[Verdict]:
    """Keep what came of the steps. Raises Poisoned, and Again if anything is not as it was when it was looked up."""
    known = _any_known(db)
    written: list[_Written] = []
    for (_, arrival, stored), change in zip(admitted.tasks, checked(admitted.tasks, changes), strict=True):
        if known and _is_known(db, arrival):
            raise Again
        if arrival.alarm is not None and not _stopped(db, arrival.alarm, stored):
            raise Again
        if change is not None:
            id_ = stored.id if stored is not None else _insert(db, arrival, change, now)
            written.append(_Written(arrival, id_, stored.rev + 1 if stored is not None else 1, change))
        elif stored is not None:
            if db.execute("SELECT 1 FROM conversations WHERE id = ? AND rev = ?", stored[:2]).fetchone() is None:
                raise Again
            written.append(_Written(arrival, stored.id, stored.rev, None))
    _write(db, written, now)
    return admitted.verdicts


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


def _insert(db: sqlite3.Connection, arrival: Arrival, change: Change, now: int) -> int:
    made = db.execute(
        "INSERT INTO conversations (address, document, rev, status, control, epoch, created, updated, merchant)"
        " VALUES (?, '', 0, '', ?, ?, ?, ?, nullif(?, '')) ON CONFLICT (address) DO NOTHING",
        (arrival.address, change.control, change.epoch, now, now, change.merchant),
    )
    if not made.rowcount:
        raise Again
    return int(made.lastrowid or 0)


def _write(db: sqlite3.Connection, written: Sequence[_Written], now: int) -> None:
    changed = [(each.arrival, each.id, each.rev, each.change) for each in written if each.change is not None]
    kept = db.executemany(
        "INSERT INTO events (conversation, key, rev, at, records, origin) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)"
        " ON CONFLICT DO NOTHING",
        [
            (each.id, each.arrival.key, each.rev, now, each.change and each.change.log, each.arrival.origin or None)
            for each in written
        ],
    )
    moved = db.executemany(
        "UPDATE conversations SET document = CAST(? AS TEXT), rev = ?, status = ?, control = ?, epoch = ?, updated = ?"
        " WHERE id = ? AND rev = ?",
        [(c.document, rev, c.status, c.control, c.epoch, now, id_, rev - 1) for _, id_, rev, c in changed],
    )
    if (kept.rowcount, moved.rowcount) != (len(written), len(changed)):
        raise Again
    db.executemany(
        "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state,"
        " created) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, 'queued', ?)",
        [
            (id_, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref or None, o.edits or None, now)
            for _, id_, _, c in changed
            for o in c.outgoing
        ],
    )
    timers = [(id_, name, due) for _, id_, _, c in changed for name, due in c.timers.items()]
    db.executemany(
        "INSERT INTO timers (conversation, name, due) VALUES (?, ?, ?)"
        " ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due",
        [each for each in timers if each[2] is not None],
    )
    db.executemany(
        "DELETE FROM timers WHERE conversation = ? AND name = ?", [each[:2] for each in timers if each[2] is None]
    )
    put(db, [(id_, c.case) for _, id_, _, c in changed if c.case is not None], now)
