"""The `Store` on an SQLite file.

Steps that are taken in this process run in the writer thread too, between the reads and the writes of their batch: the
engine and SQLite then take turns at the interpreter's lock instead of fighting for it row by row, which on two cores is
ten times faster.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from bot.store.cases import COPIES, FIND, OPENING, SOURCE, TEXTS, WHOSE
from bot.store.handover import Handover
from bot.store.port import Unavailable
from bot.store.rows import Alarm, Backlog, Drop, Kept, Parked, Poisoned
from bot.store.sqlite import cases, documents, drops, file, intake, outbox
from bot.store.sqlite.checkpoints import Checkpoints
from bot.store.sqlite.recent import Recent
from bot.store.sqlite.thread import Thread
from bot.store.steps import Again
from bot.store.texts import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.store.rows import (
        Arrival,
        CaseFilter,
        Delivery,
        Listed,
        Place,
        Ration,
        Settlement,
        Step,
        Steps,
        Stored,
        Verdict,
    )

_P = ParamSpec("_P")
_T = TypeVar("_T")

TRIES: Final = 10
"""How often a batch is looked up anew, because its conversations changed before it was written."""


class SqliteStore:
    """A store on the file at `path`, which is migrated already; raises StoreError."""

    committers = 1

    def __init__(self, path: Path) -> None:
        """Open the file."""
        self._path = path
        self.url = f"{file.URL}{path}"
        self._writer = Thread(path, "sqlite-writer")
        self._reader = Thread(path, "sqlite-reader")
        self._db = self._writer.db
        self._recent = Recent(self._db)
        self._checkpoints = Checkpoints(path)
        self._sending = Handover()
        self._adopting = Handover()

    async def close(self) -> None:
        """See `Store.close`. The last connection to close writes the log back, whole, and removes it."""
        await self._reader.close()
        await self._writer.close(self._checkpoints.close)

    async def _run(
        self, what: Callable[Concatenate[sqlite3.Connection, _P], _T], /, *args: _P.args, **options: _P.kwargs
    ) -> _T:
        """Do `what` in a transaction of the writer thread."""
        return await self._writer.do(partial(self._transact, what, *args, **options))

    def _transact(
        self, what: Callable[Concatenate[sqlite3.Connection, _P], _T], /, *args: _P.args, **options: _P.kwargs
    ) -> _T:
        before = self._db.total_changes
        with file.transaction(self._db, self._path):
            done = what(self._db, *args, **options)
        if rows := self._db.total_changes - before:
            self._checkpoints.written(self._db, rows)
        return done

    # --- in -------------------------------------------------------------------------------------------------------

    async def commit(self, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        """See `Store.commit`."""
        return await self._writer.do(partial(self._commit, batch, step, now))

    async def commit_apart(self, batch: Sequence[Arrival], steps: Steps, now: int) -> list[Verdict]:
        """See `Store.commit_apart`: what is written is compared with what was read, because nothing is locked."""
        for _ in range(TRIES):
            # what is being written of other conversations is not waited for
            admitted = await self._reader.do(partial(self._admit, batch))
            try:
                changes = await steps(admitted.tasks) if admitted.tasks else []
            except Poisoned:
                if admitted.version is None:
                    raise
                # it may be an event that was seen long ago
                await self._writer.do(partial(self._recent.drop, [each.address for each in batch]))
                continue
            with contextlib.suppress(Again):
                return await self._writer.do(partial(self._keep, batch, intake.write, admitted, changes, now))
        raise Unavailable(f"{self._path}: other processes change the same conversations, and were faster each time")

    def _admit(self, batch: Sequence[Arrival]) -> intake.Admitted:
        with file.reading(self._reader.db, self._path) as db:
            return intake.admit(db, self._recent, self._recent.last_version, batch)

    def _commit(self, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        with contextlib.suppress(Again):
            return self._keep(batch, intake.commit, batch, step, now)
        # nothing of it is remembered now, and what is read in a transaction stays as it is until its end
        return self._keep(batch, intake.commit, batch, step, now)

    def _keep(
        self,
        batch: Sequence[Arrival],
        what: Callable[Concatenate[sqlite3.Connection, Recent, _P], intake.Kept],
        *args: _P.args,
        **options: _P.kwargs,
    ) -> list[Verdict]:
        """Do `what` in a transaction. How it left the batch's conversations is remembered once that is committed."""
        try:
            kept = self._transact(what, self._recent, *args, **options)
        except BaseException:
            self._recent.drop(each.address for each in batch)
            raise
        for arrival, stored in kept.left:
            self._recent.leave(arrival.address, stored, arrival.key)
        return kept.verdicts

    async def park(self, arrival: Arrival, payload: str, reason: str, now: int) -> None:
        """See `Store.park`."""
        await self._run(_park, arrival, payload, reason, now)

    async def parked(self, limit: int = 100) -> list[Parked]:
        """See `Store.parked`."""
        return await self._run(_parked, limit)

    async def unpark(self, id: int) -> None:  # noqa: A002
        """See `Store.unpark`."""
        await self._run(_execute, "DELETE FROM parked WHERE id = ?", (id,))

    # --- out ------------------------------------------------------------------------------------------------------

    async def exchange(
        self,
        owner: str,
        carriers: Sequence[str],
        settlements: Sequence[Settlement],
        limit: int,
        now: int,
        ration: Ration,
    ) -> list[Delivery]:
        """See `Store.exchange`."""
        return await self._sending.take(
            owner,
            carriers,
            lambda unheard: self._run(outbox.exchange, owner, carriers, settlements, limit, now, ration, unheard),
        )

    async def spend(self, destination: str, ration: Ration, now: int) -> bool:
        """See `Store.spend`."""
        return await self._run(outbox.spend, destination, ration, now)

    async def adopt(self, owner: str, carriers: Sequence[str], limit: int, now: int) -> list[Delivery]:
        """See `Store.adopt`."""
        return await self._adopting.take(
            owner, carriers, lambda unheard: self._run(outbox.adopt, owner, carriers, limit, now, unheard)
        )

    async def next_delivery(self, carriers: Sequence[str]) -> int | None:
        """See `Store.next_delivery`."""
        return await self._run(outbox.next_delivery, carriers)

    async def backlog(self) -> Backlog:
        """See `Store.backlog`: by a connection of its own, so that the writer need not wait for the count."""
        return await asyncio.to_thread(self._look, outbox.backlog)

    def _look(
        self, what: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **options: _P.kwargs
    ) -> _T:
        with closing(file.connect(self._path)) as db, file.errors(self._path):
            return what(db, *args, **options)

    # --- time -----------------------------------------------------------------------------------------------------

    async def due(self, now: int, limit: int, address: str = "") -> list[Alarm]:
        """See `Store.due`."""
        return await self._run(_due, now, limit, address)

    async def acquire(self, lease: str, owner: str, now: int, ttl: int) -> bool:
        """See `Store.acquire`."""
        return await self._run(_acquire, lease, owner, now, ttl)

    async def release(self, lease: str, owner: str) -> None:
        """See `Store.release`."""
        await self._run(_execute, "DELETE FROM leases WHERE name = ? AND owner = ?", (lease, owner))

    # --- documents ------------------------------------------------------------------------------------------------

    async def conversation(self, address: str) -> Stored | None:
        """See `Store.conversation`."""
        return await self._run(documents.conversation, address)

    async def sent(self, address: str, limit: int) -> list[str]:
        """See `Store.sent`."""
        return await self._run(documents.sent, address, limit)

    async def held(self, merchant: str, limit: int) -> list[tuple[str, str]]:
        """See `Store.held`."""
        return await self._run(documents.held, merchant, limit)

    async def asked(self, address: str, ref: str) -> str | None:
        """See `Store.asked`."""
        return await self._run(documents.asked, address, ref)

    # --- cases ----------------------------------------------------------------------------------------------------

    async def case(self, id: str) -> str | None:  # noqa: A002
        """See `Store.case`."""
        return _first(await self._run(cases.find, FIND, id))

    async def cases(self, wanted: CaseFilter, limit: int, after: Place | None = None) -> list[Listed]:
        """See `Store.cases`: by a connection of its own, as the backlog."""
        return await asyncio.to_thread(self._look, cases.cases, wanted, limit, after)

    async def whose(self, destination: str, native: str) -> str | None:
        """See `Store.whose`."""
        return _first(await self._run(cases.find, WHOSE, destination, native))

    async def opening(self, destination: str) -> bool:
        """See `Store.opening`."""
        return _first(await self._run(cases.find, OPENING, destination)) is not None

    async def copies(self, address: str, ref: str) -> list[tuple[str, str]]:
        """See `Store.copies`."""
        return await self._run(cases.find, COPIES, address, ref)

    async def texts(self, address: str, destination: str, ref: str) -> list[tuple[str, str]]:
        """See `Store.texts`."""
        return await self._run(cases.find, TEXTS, address, destination, ref)

    async def source(self, address: str, destination: str, native: str) -> str | None:
        """See `Store.source`."""
        return _first(await self._run(cases.find, SOURCE, address, destination, native))

    # --- flows ----------------------------------------------------------------------------------------------------

    async def keep(self, flows: Sequence[Kept], now: int) -> None:
        """See `Store.keep`."""
        await self._run(_keep, flows, now)

    async def kept(self) -> list[Kept]:
        """See `Store.kept`."""
        return await self._run(_kept)

    # --- installations --------------------------------------------------------------------------------------------

    async def install(self, account: str, sealed: str, now: int) -> None:
        """See `Store.install`."""
        statement = "INSERT OR REPLACE INTO installations (account, sealed, at) VALUES (?, ?, ?)"
        await self._run(_execute, statement, (account, sealed, now))

    async def installed(self, account: str) -> str | None:
        """See `Store.installed`."""
        return await self._run(_installed, account)

    async def uninstall(self, account: str, until: int) -> None:
        """See `Store.uninstall`."""
        await self._run(_execute, "DELETE FROM installations WHERE account = ? AND at <= ?", (account, until))

    # --- drops ----------------------------------------------------------------------------------------------------

    async def drop(self, id: str, address: str, sealed: str, until: int) -> None:  # noqa: A002
        """See `Store.drop`."""
        statement = "INSERT OR IGNORE INTO drops (id, address, sealed, until) VALUES (?, ?, ?, ?)"
        await self._run(_execute, statement, (id, address, sealed, until))

    async def take_drop(self, id: str, person: str) -> str | None:  # noqa: A002
        """See `Store.take_drop`."""
        return await self._run(drops.take, id, person)

    async def drops(self) -> list[Drop]:
        """See `Store.drops`."""
        return await self._run(drops.listed)

    async def wipe_drop(self, id: str) -> None:  # noqa: A002
        """See `Store.wipe_drop`."""
        await self._run(drops.wipe, id)

    # --- landmarks ------------------------------------------------------------------------------------------------

    async def landmark(self, name: str) -> str | None:
        """See `Store.landmark`."""
        return _first(await self._run(cases.find, "SELECT place FROM landmarks WHERE name = $1", name))

    async def set_landmark(self, name: str, place: str) -> None:
        """See `Store.set_landmark`."""
        await self._run(_execute, "INSERT OR REPLACE INTO landmarks (name, place) VALUES (?, ?)", (name, place))

    async def claim_landmark(self, name: str, place: str) -> str:
        """See `Store.claim_landmark`."""
        await self._run(_execute, "INSERT OR IGNORE INTO landmarks (name, place) VALUES (?, ?)", (name, place))
        return await self.landmark(name) or place


def _first(rows: list[Any]) -> str | None:
    return str(rows[0][0]) if rows else None


def _execute(db: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> None:
    db.execute(statement, values)


def _park(db: sqlite3.Connection, arrival: Arrival, payload: str, reason: str, now: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO parked (address, key, reason, payload, at) VALUES (?, ?, ?, ?, ?)",
        (arrival.address, arrival.key, storable(reason), storable(payload), now),
    )
    if arrival.alarm is not None:
        db.execute(
            "DELETE FROM timers WHERE name = ? AND due = ?"
            " AND conversation = (SELECT id FROM conversations WHERE address = ?)",
            (arrival.alarm.name, arrival.alarm.due, arrival.address),
        )


def _parked(db: sqlite3.Connection, limit: int) -> list[Parked]:
    rows = db.execute("SELECT id, at, address, key, reason, payload FROM parked ORDER BY id LIMIT ?", (limit,))
    return [Parked(*row) for row in rows]


def _due(db: sqlite3.Connection, now: int, limit: int, address: str) -> list[Alarm]:
    rows = db.execute(
        "SELECT c.address, t.name, t.due FROM timers t JOIN conversations c ON c.id = t.conversation"
        " WHERE t.due <= ? AND (c.address = ? OR ? = '') ORDER BY t.due LIMIT ?",
        (now, address, address, limit),
    )
    return [Alarm(*row) for row in rows]


def _acquire(db: sqlite3.Connection, lease: str, owner: str, now: int, ttl: int) -> bool:
    done = db.execute(
        "INSERT INTO leases (name, owner, until) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
        " SET owner = excluded.owner, until = excluded.until WHERE owner = excluded.owner OR until <= ?",
        (lease, owner, now + ttl, now),
    )
    return done.rowcount > 0


def _keep(db: sqlite3.Connection, flows: Sequence[Kept], now: int) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO flows (flow, hash, document, at) VALUES (?, ?, ?, ?)",
        [(each.flow, each.hash, each.document, now) for each in flows],
    )


def _kept(db: sqlite3.Connection) -> list[Kept]:
    return [Kept(*row) for row in db.execute("SELECT flow, hash, document FROM flows ORDER BY at, flow, hash")]


def _installed(db: sqlite3.Connection, account: str) -> str | None:
    row = db.execute("SELECT sealed FROM installations WHERE account = ?", (account,)).fetchone()
    return str(row[0]) if row is not None else None
