"""The naive way: one transaction an event through SQLAlchemy's asyncio and aiosqlite, as a user would write it.

The same turns, and the same rows in the same tables, by the same number of merchants at a time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.rows import Stored
from bot.store.tables import CONVERSATIONS, EVENTS, OUTBOX, TIMERS
from tests.bench.service.merchants import clock

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.intake import Result
    from bot.store.rows import Arrival, Change, Step


class Naive:
    """Has the `submit` of `Intake`."""

    def __init__(self, path: Path, step: Step) -> None:
        """Work on the migrated file at `path`."""
        self._engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        self._step = step
        self._writing = asyncio.Lock()

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()

    async def submit(self, arrival: Arrival) -> Result:
        """Apply an event."""
        async with self._writing:  # without it SQLite answers most of them that it is busy
            while True:
                try:
                    async with self._engine.begin() as connection:
                        return await self._apply(connection, arrival)
                except OperationalError:
                    await asyncio.sleep(0.01)

    async def _apply(self, connection: AsyncConnection, arrival: Arrival) -> Result:
        columns = (CONVERSATIONS.c.id, CONVERSATIONS.c.rev, CONVERSATIONS.c.document)
        query = select(*columns).where(CONVERSATIONS.c.address == arrival.address)
        row = (await connection.execute(query)).first()
        stored = Stored(row.id, row.rev, row.document.encode()) if row is not None else None
        if stored is not None:
            seen = select(EVENTS.c.rev).where(EVENTS.c.conversation == stored.id, EVENTS.c.key == arrival.key)
            if (await connection.execute(seen)).first() is not None:
                return "duplicate"
        change = self._step(arrival, stored)
        if change is not None:
            await _write(connection, arrival, stored, change)
        return "applied"


async def _write(connection: AsyncConnection, arrival: Arrival, stored: Stored | None, change: Change) -> None:
    now = clock()
    values: dict[str, Any] = {
        "document": change.document.decode(),
        "rev": stored.rev + 1 if stored is not None else 1,
        "status": change.status,
        "control": change.control,
        "epoch": change.epoch,
        "updated": now,
    }
    if stored is None:
        made = (
            insert(CONVERSATIONS).values(address=arrival.address, created=now, **values).returning(CONVERSATIONS.c.id)
        )
        id_ = (await connection.execute(made)).scalar_one()
    else:
        id_ = stored.id
        await connection.execute(update(CONVERSATIONS).where(CONVERSATIONS.c.id == id_).values(**values))
    await connection.execute(
        insert(EVENTS).values(
            conversation=id_,
            key=arrival.key,
            rev=values["rev"],
            at=now,
            records=change.log.decode(),
            origin=arrival.origin,
        )
    )
    for each in change.outgoing:
        row = each._asdict() | {"payload": each.payload.decode(), "ref": each.ref or None, "edits": each.edits or None}
        await connection.execute(insert(OUTBOX).values(conversation=id_, state="queued", created=now, **row))
    for name, due in change.timers.items():
        if due is None:
            await connection.execute(TIMERS.delete().where(TIMERS.c.conversation == id_, TIMERS.c.name == name))
        else:
            set_ = upsert(TIMERS).values(conversation=id_, name=name, due=due)
            await connection.execute(
                set_.on_conflict_do_update(index_elements=["conversation", "name"], set_={"due": due})
            )
