"""Giving back the room of what was removed, and leaving no trace of it in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from bot.store.migrating import engine
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


async def flush(url: str) -> bool:
    """On a file, write what is in its log (`-wal`) back and empty that; whether it is done. PostgreSQL sees to it."""
    made = engine(url)
    try:
        return made.dialect.name != "sqlite" or await _truncate(made)
    finally:
        await made.dispose()


async def compact(url: str) -> None:
    """Write the tables anew without the gaps; raises Unavailable while others use them."""
    made = engine(url)
    try:
        await _execute(made, "VACUUM")
        if made.dialect.name == "sqlite":
            await _truncate(made)
    except DBAPIError as failure:
        raise Unavailable(f"the room could not be given back now: {failure.orig}") from failure
    finally:
        await made.dispose()


async def _truncate(made: AsyncEngine) -> bool:
    (busy, *_) = (await _execute(made, "PRAGMA wal_checkpoint(TRUNCATE)"))[0]
    return bool(busy == 0)


async def _execute(made: AsyncEngine, statement: str) -> list[Any]:
    """Execute what cannot be part of a transaction, past SQLAlchemy, which would begin one."""
    async with made.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if made.dialect.name == "sqlite":
            return list(await driver.execute_fetchall(statement))
        return list(await driver.fetch(statement))
