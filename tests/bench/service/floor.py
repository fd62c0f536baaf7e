"""The floor: the rows of a real walk, written by bare prepared statements in the same batches, without our code."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

import asyncpg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.store.port import Store
    from bot.store.rows import Arrival, Change, Step, Stored, Verdict

Batch = list[tuple["Arrival", "Change"]]


_NEW: Final = (
    "INSERT INTO conversations (id, address, document, rev, status, control, epoch, created, updated)"
    " VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)"
)
_CHANGE: Final = (
    "UPDATE conversations SET document = ?, rev = ?, status = ?, control = ?, epoch = ?, updated = ? WHERE id = ?"
)
_EVENT: Final = "INSERT INTO events (conversation, key, rev, at, records, origin) VALUES (?, ?, ?, ?, ?, ?)"
_SEND: Final = (
    "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state,"
    " created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)"
)
_SET: Final = (
    "INSERT INTO timers (conversation, name, due) VALUES (?, ?, ?)"
    " ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due"
)
_FORGET: Final = "DELETE FROM timers WHERE conversation = ? AND name = ?"


class Recording:
    """A store that remembers what each batch changed."""

    def __init__(self, store: Store) -> None:
        """Pass everything on to `store`."""
        self._store = store
        self.batches: list[Batch] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        """See `Store.commit`."""
        changes: Batch = []

        def watched(arrival: Arrival, stored: Stored | None) -> Change | None:
            change = step(arrival, stored)
            if change is not None:
                changes.append((arrival, change))
            return change

        verdicts = await self._store.commit(batch, watched, now)
        self.batches.append(changes)
        return verdicts


def sqlite_floor(path: Path, batches: Sequence[Batch]) -> float:
    """Write the rows of `batches` to the migrated file at `path`; events per second."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "wal_autocheckpoint = 0"):
        db.execute(f"PRAGMA {pragma}")
    ids: dict[str, int] = {}
    revs: dict[int, int] = {}
    prepared = [_rows(batch, ids, revs, number) for number, batch in enumerate(batches)]
    began = time.perf_counter()
    for rows in prepared:
        db.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            db.executemany(statement, values)
        db.execute("COMMIT")
    seconds = time.perf_counter() - began
    db.close()
    return sum(map(len, batches)) / seconds


async def postgres_floor(url: str, batches: Sequence[Batch]) -> float:
    """The same on the migrated database at `url`: two connections, as far as two batches share no conversation."""
    ids: dict[str, int] = {}
    revs: dict[int, int] = {}
    prepared = [_rows(batch, ids, revs, number) for number, batch in enumerate(batches)]
    addresses = [{arrival.address for arrival, _ in batch} for batch in batches]
    pool = await asyncpg.create_pool(url, min_size=2, max_size=2)
    began = time.perf_counter()
    place = 0
    while place < len(prepared):
        apart = place + 1 < len(prepared) and not addresses[place] & addresses[place + 1]
        pair = prepared[place : place + 1 + apart]
        await asyncio.gather(*(_write(pool, rows) for rows in pair))
        place += len(pair)
    seconds = time.perf_counter() - began
    await pool.close()
    return sum(map(len, batches)) / seconds


async def _write(pool: Any, rows: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    async with pool.acquire() as connection, connection.transaction():
        for statement, values in rows:
            if values:
                await connection.executemany(_numbered(statement), values)


def _numbered(statement: str) -> str:
    """The statement with its places numbered, as PostgreSQL has them."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def _rows(
    batch: Batch, ids: dict[str, int], revs: dict[int, int], number: int
) -> list[tuple[str, list[tuple[Any, ...]]]]:
    now = 1_790_000_000_000 + number
    new = [(arrival, change) for arrival, change in batch if arrival.address not in ids]
    for arrival, _ in new:
        ids[arrival.address] = len(ids) + 1
    known: list[tuple[int, int, Arrival, Change]] = []
    for arrival, change in batch:
        id_ = ids[arrival.address]
        revs[id_] = revs.get(id_, 0) + 1
        known.append((id_, revs[id_], arrival, change))
    timers = [(id_, *timer) for id_, _, _, change in known for timer in change.timers.items()]
    return [
        (
            _NEW,
            [(ids[a.address], a.address, c.document.decode(), c.status, c.control, c.epoch, now, now) for a, c in new],
        ),
        (
            _CHANGE,
            [(c.document.decode(), rev, c.status, c.control, c.epoch, now, id_) for id_, rev, _, c in known if rev > 1],
        ),
        (
            _EVENT,
            [(id_, a.key, rev, now, c.log.decode(), a.origin or None) for id_, rev, a, c in known],
        ),
        (
            _SEND,
            [
                (
                    id_,
                    o.carrier,
                    o.destination,
                    o.kind,
                    o.payload.decode(),
                    o.priority,
                    o.epoch,
                    o.ref or None,
                    o.edits or None,
                    now,
                )
                for id_, _, _, c in known
                for o in c.outgoing
            ],
        ),
        (
            _SET,
            [each for each in timers if each[2] is not None],
        ),
        (
            _FORGET,
            [each[:2] for each in timers if each[2] is None],
        ),
    ]
