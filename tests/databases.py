"""The databases that tests run on: a file of SQLite and a database of PostgreSQL, empty and up to date.

PostgreSQL comes as a wheel and is started once for a whole run, also where several processes run the tests;
TRIAGE_TEST_POSTGRES names another server instead, as a user who may create databases. What takes long to load is
loaded by the tests that use it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bot.store.opening import open_store

if TYPE_CHECKING:
    from bot.store.port import Store
    from tests.servers import Emptying

NewDatabase: TypeAlias = Callable[[], str]
"""Makes a database of PostgreSQL without tables, and returns its URL."""

__all__ = [
    "anyio_backend",
    "database",
    "new_postgres",
    "postgres",
    "postgres_emptying",
    "postgres_server",
    "postgres_with_tables",
    "sqlite",
    "store",
]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests and fixtures need no mark; they run in asyncio, as the product does."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a database with empty tables, of each kind in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """An empty store, on each kind of database in turn."""
    opened = await open_store(database)
    yield opened
    await opened.close()


# --- SQLite ---------------------------------------------------------------------------------------------------------


@cache
def _with_tables() -> bytes:
    """What a file with empty tables holds: to make them again for every test would take most of its time."""

    async def make(path: Path) -> None:
        await (await open_store(f"sqlite:///{path}")).close()

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside_any_loop:
        path = Path(folder) / "store.db"
        beside_any_loop.submit(lambda: asyncio.run(make(path))).result()
        return path.read_bytes()


def new_file(folder: Path) -> str:
    """The URL of a file in that folder which has empty tables unless it was there already."""
    path = folder / "triage.db"
    if not path.exists():
        path.write_bytes(_with_tables())
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The URL of a file with empty tables."""
    return new_file(tmp_path)


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server."""
    if url := os.environ.get("TRIAGE_TEST_POSTGRES"):
        yield url
        return
    from tests import servers  # noqa: PLC0415

    # not in pytest's own folder: each run shuts that to other users, and a server does not run as root
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or os.getpid()
    with servers.postgres(Path(tempfile.gettempdir()) / f"triage-tests-{run}") as url:
        yield url


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> Iterator[NewDatabase]:
    """Make databases, which are dropped at the end of the run."""
    from tests import servers  # noqa: PLC0415

    servers.remember_types()
    names: list[str] = []

    def make() -> str:
        name = f"triage_test_{os.urandom(8).hex()}"
        servers.execute(postgres_server, f"CREATE DATABASE {name}")
        names.append(name)
        return servers.database(postgres_server, name)

    yield make
    for name in names:
        servers.execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_with_tables(new_postgres: NewDatabase) -> str:
    """A database with tables, which tests use one after the other."""
    url = new_postgres()

    async def make() -> None:
        await (await open_store(url)).close()

    asyncio.run(make())
    return url


@pytest.fixture(scope="session")
def postgres_emptying(postgres_with_tables: str) -> Iterator[Emptying]:
    """What empties it between two tests."""
    from tests import servers  # noqa: PLC0415

    emptying = servers.Emptying(postgres_with_tables)
    yield emptying
    emptying.close()


@pytest.fixture
def postgres(postgres_with_tables: str, postgres_emptying: Emptying) -> str:
    """The URL of a database with empty tables."""
    postgres_emptying.empty()
    return postgres_with_tables
