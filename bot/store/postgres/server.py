"""The server: connections that are made anew when they break, transactions that are tried again, failures in words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from urllib.parse import urlsplit

import asyncpg

from bot.store.faults import Point, reached
from bot.store.port import StoreError, Unavailable
from bot.store.steps import Again

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from asyncpg import Pool
    from asyncpg.pool import PoolConnectionProxy

_T = TypeVar("_T")
Connection: TypeAlias = "PoolConnectionProxy[Any]"

OLDEST: Final = 140_000
"""PostgreSQL 14, as the server says it."""
CONNECTIONS: Final = 4
"""Two that write, and what looks for timers and leases beside them."""
PATIENCE_S: Final = 5.0
"""For how long a transaction is tried again, before it is given up with Unavailable."""
FIRST_PAUSE_S: Final = 0.02
LONGEST_PAUSE_S: Final = 0.5
CONNECT_S: Final = 5.0
COMMAND_S: Final = 15.0
"""After so long without an answer a connection counts as broken."""

SETTINGS: Final = {
    "application_name": "triage",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",  # what a lost process holds is freed
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",  # whatever the server's default is: what is acknowledged must survive its crash
    # every statement is a look-up by index: a plan made while a table was empty must not read all of it later
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}

DRIVER: Final = (
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError),
    *(OSError, TimeoutError, UnicodeEncodeError),
)
"""Whatever the driver raises: OSError and TimeoutError while it connects or waits; and what texts are refused with."""

_AGAIN: Final = ("40001", "40P01")
"""Serialization failure and deadlock: the same transaction goes through later."""
_PASSING: Final = ("08", "53", "57", "58", "25006", "25P03", "55P03")
"""Beginnings of the codes of states that pass: connection, resources, shutdown and timeouts, disk, a standby, locks."""
_ADVICE: Final = {
    "3D000": "Create it (createdb), or name another one.",
    "28": "Check user and password in the database URL.",
    "42501": "Give the user of the database URL the right to it.",
    "42P01": "Restart this program: it makes its tables on start.",
    "53100": "The server's disk is full; free some space and it goes on by itself.",
    "53300": "The server allows no more connections; raise max_connections or stop other programs.",
    "25006": "The server is read-only, perhaps a standby; name the primary.",
}


class Server:
    """Transactions on the server at a URL. Must be made within the event loop that uses it; raises StoreError."""

    def __init__(self, pool: Pool[Any]) -> None:
        """See `open_server`."""
        self._pool = pool

    async def transact(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        """Do `work` in a transaction; what it raises undoes it.

        It is done again after a deadlock or on a new connection after a broken one. If that broke during the commit,
        nobody knows whether it was kept: `work` must cope with being repeated after it was. Raises StoreError.
        """

        async def whole(connection: Connection) -> _T:
            async with connection.transaction():
                done = await work(connection)
                reached(Point.WRITTEN)
            return done

        return await self.insist(whole)

    async def fetch(self, statement: str, *values: object) -> list[Any]:
        """The rows of one statement, a transaction by itself: to say so would take two ways to the server more.

        It is repeated as `transact` repeats. Raises StoreError.
        """
        return await self.insist(lambda connection: connection.fetch(statement, *values))

    async def insist(self, attempt: Callable[[Connection], Awaitable[_T]]) -> _T:
        """Do `attempt`, whose statements are transactions by themselves; again as `transact` does."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        pause = FIRST_PAUSE_S
        while True:
            try:
                async with self._pool.acquire(timeout=CONNECT_S) as connection:
                    done = await attempt(connection)
            except Again as failure:
                if loop.time() >= until:
                    raise Unavailable("the database is busy: others were faster each time") from failure
            except DRIVER as failure:
                error = explained(failure)
                if loop.time() >= until or not isinstance(error, Unavailable):
                    raise error from failure
            else:
                return done
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def revision(self) -> str:
        """What the tables are at, "" if there are none; raises StoreError, also if the server is too old."""

        async def work(connection: Connection) -> str:
            version = int(await connection.fetchval("SHOW server_version_num"))
            if version < OLDEST:
                raise StoreError(f"PostgreSQL {version // 10_000} is too old: this needs {OLDEST // 10_000} or newer.")
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return ""
            return str(await connection.fetchval("SELECT version_num FROM alembic_version"))

        return await self.transact(work)

    async def close(self) -> None:
        """Finish what is under way, or break it off after a while."""
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._pool.close()
        except DRIVER:
            self._pool.terminate()


async def open_server(url: str) -> Server:
    """A server to work with; raises StoreError if the URL is wrong. Nobody is connected to yet."""
    try:
        urlsplit(url).port  # noqa: B018  (the driver reads it only when it connects)
        pool = asyncpg.create_pool(
            url,
            min_size=0,
            max_size=CONNECTIONS,
            max_inactive_connection_lifetime=0,
            timeout=CONNECT_S,
            command_timeout=COMMAND_S,
            server_settings=SETTINGS,
            reset=_as_it_is,
        )
        return Server(await pool)
    except (*DRIVER, ValueError) as failure:
        raise explained(failure) from failure


async def _as_it_is(connection: Any) -> None:
    """Leave a session as it is between transactions: none of ours changes it, and asking costs a way to the server."""


def explained(failure: BaseException) -> StoreError:
    """A failure of the driver in an operator's words."""
    code = str(getattr(failure, "sqlstate", None) or "")
    advice = next((text for start, text in _ADVICE.items() if code.startswith(start)), "")
    if isinstance(failure, asyncpg.ClientConfigurationError) or type(failure) is ValueError:
        return StoreError(f"the database URL cannot be used: {failure}")
    if code.startswith("22") or isinstance(failure, ValueError):
        # the driver's own text holds the value
        return StoreError("PostgreSQL: a value is not of the kind that its column keeps")
    if isinstance(failure, asyncpg.PostgresError):
        passing = code.startswith((*_AGAIN, *_PASSING)) or isinstance(failure, asyncpg.PostgresConnectionError)
        kind = Unavailable if passing else StoreError
        return kind(f"PostgreSQL: {failure.args[0] if failure.args else code}. {advice}".strip())
    reason = str(failure) or "no answer in time"
    return Unavailable(f"PostgreSQL cannot be reached: {reason}. Is it running, and is the database URL right?")


def columns(rows: Sequence[Sequence[object]], width: int) -> list[list[Any]]:
    """Rows as the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
