"""What stands in a database after a run, read without the service's help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]


class Snapshot(NamedTuple):
    """All rows, by table; each in the order of its key."""

    conversations: list[Row]
    events: list[Row]
    outbox: list[Row]
    links: list[Row]
    cases: list[Row]
    timers: list[Row]
    parked: list[Row]
    audit: list[Row]


async def take(url: str) -> Snapshot:
    """The snapshot of the database at a URL of the service's."""
    engine = create_async_engine(driver(url))
    try:
        async with engine.connect() as db:
            return Snapshot(
                *[
                    await _rows(db, table)
                    for table in (
                        tables.CONVERSATIONS,
                        tables.EVENTS,
                        tables.OUTBOX,
                        tables.LINKS,
                        tables.CASES,
                        tables.TIMERS,
                        tables.PARKED,
                        tables.AUDIT,
                    )
                ]
            )
    finally:
        await engine.dispose()


async def pending(url: str) -> int:
    """How many messages did not end yet."""
    engine = create_async_engine(driver(url))
    try:
        async with engine.connect() as db:
            states = await db.execute(
                select(tables.OUTBOX.c.id).where(tables.OUTBOX.c.state.in_(("queued", "sending")))
            )
            return len(states.all())
    finally:
        await engine.dispose()


def driver(url: str) -> str:
    """The URL with the driver that SQLAlchemy is to use."""
    return url.replace("sqlite://", "sqlite+aiosqlite://", 1).replace("postgresql://", "postgresql+asyncpg://", 1)


async def _rows(db: AsyncConnection, table: Table) -> list[Row]:
    order: Sequence[Any] = list(table.primary_key.columns)
    return [dict(row._mapping) for row in await db.execute(select(table).order_by(*order))]
