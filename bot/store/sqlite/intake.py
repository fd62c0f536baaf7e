"""Applying a batch of arrivals, within a transaction of the writer thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.store.cases import check
from bot.store.rows import Poisoned, Stored
from bot.store.sqlite.cases import put

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bot.store.rows import Arrival, Change, Step, Verdict

_FIND: Final = """
SELECT c.id, c.rev, c.document, EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = ?)
FROM conversations c WHERE c.address = ?"""


class _Written(NamedTuple):
    """An arrival that counts: its conversation, what that became, and the change, if there was one."""

    arrival: Arrival
    id: int
    rev: int
    change: Change | None


def commit(db: sqlite3.Connection, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
    """See `Store.commit`."""
    verdicts: list[Verdict] = []
    written: list[_Written] = []
    (any_parked,) = db.execute("SELECT EXISTS (SELECT 1 FROM parked)").fetchone()
    for index, arrival in enumerate(batch):
        if any_parked and _is_parked(db, arrival):
            verdicts.append("duplicate")
            continue
        verdict, stored = _admit(db, arrival)
        verdicts.append(verdict)
        if verdict != "applied":
            continue
        try:
            change = step(arrival, stored)
            if change is not None and change.case is not None:
                check(change.case)
        except Exception as failure:
            raise Poisoned(index) from failure
        if change is not None:
            id_ = stored.id if stored is not None else _insert(db, arrival, change, now)
            written.append(_Written(arrival, id_, stored.rev + 1 if stored is not None else 1, change))
        elif stored is not None:
            written.append(_Written(arrival, stored.id, stored.rev, None))
    _write(db, written, now)
    return verdicts


def _is_parked(db: sqlite3.Connection, arrival: Arrival) -> bool:
    found = db.execute("SELECT 1 FROM parked WHERE address = ? AND key = ?", (arrival.address, arrival.key))
    return found.fetchone() is not None


def _admit(db: sqlite3.Connection, arrival: Arrival) -> tuple[Verdict, Stored | None]:
    row = db.execute(_FIND, (arrival.key, arrival.address)).fetchone()
    if row is not None and row[3]:
        return "duplicate", None
    stored = Stored(*row[:3]) if row is not None else None
    if arrival.alarm is not None:
        id_, alarm = stored.id if stored is not None else 0, arrival.alarm
        gone = db.execute(
            "DELETE FROM timers WHERE conversation = ? AND name = ? AND due = ?", (id_, alarm.name, alarm.due)
        )
        if not gone.rowcount:
            return "stale", None
    return "applied", stored


def _insert(db: sqlite3.Connection, arrival: Arrival, change: Change, now: int) -> int:
    made = db.execute(
        "INSERT INTO conversations (address, document, rev, status, control, epoch, created, updated, merchant)"
        " VALUES (?, '', 0, '', ?, ?, ?, ?, nullif(?, ''))",
        (arrival.address, change.control, change.epoch, now, now, change.merchant),
    )
    return int(made.lastrowid or 0)


def _write(db: sqlite3.Connection, written: Sequence[_Written], now: int) -> None:
    changed = [(each.arrival, each.id, each.rev, each.change) for each in written if each.change is not None]
    # rows of the log are numbered here, so that the events can lead to them without reading the numbers back
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM log").fetchone()
    numbers = {id_: last + count for count, (_, id_, _, _) in enumerate(changed, 1)}
    db.executemany(
        "INSERT INTO log (id, conversation, records) VALUES (?, ?, ?)",
        [(numbers[id_], id_, c.log) for _, id_, _, c in changed],
    )
    db.executemany(
        "INSERT INTO events (conversation, key, rev, at, log, origin) VALUES (?, ?, ?, ?, ?, nullif(?, ''))",
        [(each.id, each.arrival.key, each.rev, now, numbers.get(each.id), each.arrival.origin) for each in written],
    )
    db.executemany(
        "UPDATE conversations SET document = ?, rev = ?, status = ?, control = ?, epoch = ?, updated = ? WHERE id = ?",
        [(c.document, rev, c.status, c.control, c.epoch, now, id_) for _, id_, rev, c in changed],
    )
    db.executemany(
        "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state,"
        " created) VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, ''), nullif(?, ''), 'queued', ?)",
        [
            (id_, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref, o.edits, now)
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
