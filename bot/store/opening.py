"""Opening the store that a URL names: made on first use, brought up to date, refused with a reason."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.store import migrations
from bot.store.port import StoreError
from bot.store.sqlite import file

if TYPE_CHECKING:
    from bot.store.port import Store

_POSTGRES: Final = ("postgresql://", "postgres://")
_HELP: Final = "write sqlite:///FILE (sqlite:////... for an absolute path) or postgresql://USER:PASSWORD@HOST/DATABASE"


async def open_store(url: str) -> Store:
    """The store at `url`; raises StoreError."""
    refuse_unknown(url)
    return await (_open_file(url) if url.startswith(file.URL) else _open_server(url))


def refuse_unknown(url: str) -> None:
    """Raise StoreError if `url` names no kind of database that is known here."""
    if not url.startswith(_POSTGRES) and not (url.startswith(file.URL) and len(url) > len(file.URL)):
        raise StoreError(f"{url.partition('://')[0]!r} is no database known here: {_HELP}")


async def _open_file(url: str) -> Store:
    from bot.store.sqlite.store import SqliteStore  # noqa: PLC0415  (only the one that is used)

    path = Path(url.removeprefix(file.URL))
    if not await asyncio.to_thread(_is_current, path):
        await _migrate(url)
    return await asyncio.to_thread(SqliteStore, path)


async def _open_server(url: str) -> Store:
    from bot.store.postgres.server import open_server  # noqa: PLC0415  (only the one that is used)
    from bot.store.postgres.store import PostgresStore  # noqa: PLC0415

    server = await open_server(url)
    try:
        if await server.revision() != migrations.HEAD:
            await _migrate(url)
    except BaseException:
        await server.close()
        raise
    return PostgresStore(server, url)


async def _migrate(url: str) -> None:
    from bot.store.migrating import migrate  # noqa: PLC0415  (takes a moment to load, for once in a database's life)

    await migrate(url)


def _is_current(path: Path) -> bool:
    """Whether the file has the newest tables; one that has none is marked as ours."""
    with file.errors(path):
        new = not path.exists() or path.stat().st_size == 0
        with closing(sqlite3.connect(path, timeout=file.BUSY_MS / 1000, isolation_level=None)) as db:
            (application,) = db.execute("PRAGMA application_id").fetchone()
            if not new and application != file.APPLICATION_ID and _tables(db):
                raise StoreError(f"{path}: this is another program's database. Name another file.")
            if application == file.APPLICATION_ID and _revision(db) == migrations.HEAD:
                return True
            db.execute(f"PRAGMA application_id = {file.APPLICATION_ID}")
            return False


def _tables(db: sqlite3.Connection) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _revision(db: sqlite3.Connection) -> str:
    if "alembic_version" not in _tables(db):
        return ""
    row = db.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row is not None else ""
