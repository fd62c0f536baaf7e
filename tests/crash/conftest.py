"""The short runs that tests look at: a handful of kills on each database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from tests.crash.platform import ROUGH
from tests.crash.run import Plan, run
from tests.crash.workers import Nursery

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.run import Outcome
    from tests.databases import NewDatabase

MERCHANTS: Final = 15
"""So many that one falls silent, one brings an event that cannot be applied, and a colleague answers some."""
KILLS: Final = 7


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A short run on a file with one worker."""
    folder = tmp_path_factory.mktemp("crash")
    return asyncio.run(short(Plan(7, f"sqlite:///{folder / 'triage.db'}", 1, KILLS, MERCHANTS, ROUGH, 0.02), folder))


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, new_postgres: NewDatabase) -> Outcome:
    """A short run on PostgreSQL with two workers."""
    folder = tmp_path_factory.mktemp("crash")
    return asyncio.run(short(Plan(8, new_postgres(), 2, KILLS, MERCHANTS, ROUGH, 0.02), folder))


async def short(plan: Plan, folder: Path) -> Outcome:
    """A run with a nursery of its own."""
    nursery = Nursery()
    await nursery.open()
    try:
        return await run(plan, folder, nursery)
    finally:
        await nursery.close()
