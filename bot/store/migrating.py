"""Bringing a database up to date: on start, under a lock, so that processes which start together take turns."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import migrations
from bot.store.faults import Point, reached
from bot.store.port import StoreError
from bot.store.postgres import server
from bot.store.sqlite import file
from bot.store.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK: Final = 0x5452494147454D47
"""Of PostgreSQL's advisory locks, ours for migrations."""


def engine(url: str, begin: str = "BEGIN IMMEDIATE") -> AsyncEngine:
    """An engine for what is not on the hot path. On SQLite a transaction is one from its beginning, and may write."""
    if not url.startswith(file.URL):
        return create_async_engine("postgresql+asyncpg://", async_creator=partial(asyncpg.connect, url))
    made = create_async_engine(URL.create("sqlite+aiosqlite", database=url.removeprefix(file.URL)))

    @event.listens_for(made.sync_engine, "connect")
    def _leave_transactions_alone(connection: Any, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(made.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return made


async def migrate(url: str, revision: str = migrations.HEAD) -> None:
    """Bring the database at `url` (as `open_store` takes it) to `revision`; raises StoreError."""
    made = engine(url)
    try:
        async with made.begin() as connection:
            if made.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_to, revision)
            reached(Point.MIGRATING)
    except DBAPIError as failure:
        raise _explained(failure, url) from failure
    finally:
        await made.dispose()


def _explained(failure: DBAPIError, url: str) -> StoreError:
    cause = failure.orig or failure
    if url.startswith(file.URL):
        return file.explained(cause, Path(url.removeprefix(file.URL)))
    return server.explained(cause.__cause__ or cause)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _to(connection: Connection, revision: str) -> None:
    config = configuration(connection)
    here = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(config)
    try:
        known = here is None or scripts.get_revision(here) is not None
    except CommandError:
        known = False
    if here is None and set(inspect(connection).get_table_names()) & METADATA.tables.keys():
        raise StoreError("the database holds tables of another program. Name an empty one.")
    if not known:
        raise StoreError(
            f"the database was made by a newer version (its tables are at {here}). Update this program, or name another"
            " database."
        )
    revisions = [each.revision for each in scripts.walk_revisions("base", "heads")]
    down = here in revisions and (revision == "base" or revisions.index(revision) > revisions.index(here))
    (command.downgrade if down else command.upgrade)(config, revision)
