"""Bringing a database up to date: on start, under a lock, so that processes which start together take turns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store import migrations
from bot.store.faults import Point, reached
from bot.store.port import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

_LOCK: Final = 0x5452494147454D47
"""Of PostgreSQL's advisory locks, ours for migrations."""


def engine(url: str) -> AsyncEngine:
    """An engine for what is not on the hot path. On SQLite a transaction is one from its beginning."""
    made = create_async_engine(url)
    if made.dialect.name == "sqlite":

        @event.listens_for(made.sync_engine, "connect")
        def _leave_transactions_alone(connection: Any, _: object) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys = ON")

        @event.listens_for(made.sync_engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return made


async def migrate(url: str, revision: str = migrations.HEAD) -> None:
    """Bring the database at `url` (SQLAlchemy's form, asynchronous driver) to `revision`; raises StoreError."""
    made = engine(url)
    try:
        async with made.begin() as connection:
            if made.dialect.name == "postgresql":
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(_to, revision)
            reached(Point.MIGRATING)
    finally:
        await made.dispose()


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
    if not known:
        raise StoreError(f"the database was made by a newer version (its tables are at {here}). Update this program.")
    revisions = [each.revision for each in scripts.walk_revisions("base", "heads")]
    down = here in revisions and (revision == "base" or revisions.index(revision) > revisions.index(here))
    (command.downgrade if down else command.upgrade)(config, revision)
