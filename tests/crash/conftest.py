"""The short runs that tests look at: a handful of kills on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.crash.platform import ROUGH
from tests.crash.processes import Nursery
from tests.crash.run import Plan, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.crash.run import Outcome
    from tests.databases import NewDatabase

MERCHANTS: Final = 10
"""So many that one falls silent, one brings an event that cannot be applied, and a colleague answers some."""
MANNERS: Final = ROUGH._replace(twice=200, silent=30)
"""Few merchants ask for few calls: what a run must have seen is likelier in each of them."""
KILLS: Final = 7
THINKS_S: Final = 0.02


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """Where all processes come from."""
    opened = Nursery()
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def on_sqlite(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A short run on a file with one process and a worker."""
    folder = tmp_path_factory.mktemp("crash")
    url = f"sqlite:///{folder / 'triage.db'}"
    return await run(Plan(7, url, 1, KILLS, MERCHANTS, MANNERS, THINKS_S, workers=1, few=1), folder, nursery)


@pytest.fixture(scope="session")
def postgres_of_a_run(new_postgres: NewDatabase) -> str:
    """A database without tables."""
    return new_postgres()


@pytest.fixture(scope="session")
async def on_postgres(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory, postgres_of_a_run: str) -> Outcome:
    """A short run on PostgreSQL with two processes."""
    folder = tmp_path_factory.mktemp("crash")
    return await run(Plan(8, postgres_of_a_run, 2, KILLS, MERCHANTS, MANNERS, THINKS_S), folder, nursery)
