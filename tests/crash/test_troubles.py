"""What goes wrong without a kill: no promise is broken, and the service goes on by itself."""

from __future__ import annotations

import signal
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import servers
from tests.crash import troubles
from tests.crash.conftest import THINKS_S
from tests.crash.platform import Manners
from tests.crash.run import Plan, run
from tests.store.postgres.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crash.processes import Nursery
    from tests.crash.run import Scene
    from tests.databases import NewDatabase

FRIENDLY = Manners(twice=100, late=50)
"""A platform that answers every call."""
MERCHANTS = 6
"""Among them one who falls silent, and one who brings an event that cannot be applied."""


def _plan(url: str, processes: int = 1) -> Plan:
    return Plan(11, url, processes, 0, MERCHANTS, FRIENDLY, THINKS_S)


async def test_a_file_that_another_process_holds(nursery: Nursery, tmp_path: Path) -> None:
    """Events wait, or are refused and brought again; once the file is free everything goes on."""
    file = tmp_path / "triage.db"
    outcome = await run(_plan(f"sqlite:///{file}"), tmp_path, nursery, partial(troubles.locked, file=file))
    assert outcome.broken == []


async def test_a_disk_without_room(nursery: Nursery, tmp_path: Path) -> None:
    """Nothing is acknowledged that could not be written; with room again everything goes on."""
    file = tmp_path / "triage.db"
    outcome = await run(_plan(f"sqlite:///{file}"), tmp_path, nursery, partial(troubles.full, file=file))
    assert outcome.broken == []
    assert outcome.truth.counts["answered_unavailable"]


async def test_a_clock_that_goes_back(nursery: Nursery, tmp_path: Path) -> None:
    """Conversations go on as if nothing had happened."""
    outcome = await run(_plan(f"sqlite:///{tmp_path / 'triage.db'}"), tmp_path, nursery, troubles.clock_back)
    assert outcome.broken == []


async def test_a_second_process_on_the_same_file_stands_by(nursery: Nursery, tmp_path: Path) -> None:
    """One of two serves, however long both run; when it is killed the other takes over."""
    listened: list[int] = []

    async def kill_the_one(scene: Scene) -> None:
        await scene.after(60)
        listened.append(scene.platform.most_listeners)
        serving = scene.platform.truth.shown[-1].process
        next(each for each in scene.processes.alive if each.name == serving).signal(signal.SIGKILL)

    outcome = await run(_plan(f"sqlite:///{tmp_path / 'triage.db'}", 2), tmp_path, nursery, kill_the_one)
    assert outcome.broken == []
    assert listened == [1]
    assert len({each.process for each in outcome.truth.shown}) == 2


async def test_connections_that_break_in_the_middle_of_a_commit(
    nursery: Nursery, empty_postgres: str, tmp_path: Path
) -> None:
    """Whether the server had heard of the commit or not: everything is kept once."""
    proxy = Proxy(empty_postgres)
    async with proxy.open() as url:
        outcome = await run(_plan(url, 2), tmp_path, nursery, partial(troubles.cut, proxy=proxy))
    assert outcome.broken == []
    assert proxy.cut is None


@pytest.fixture
def empty_postgres(new_postgres: NewDatabase) -> str:
    """A database without tables."""
    return new_postgres()


@pytest.fixture
def own_server() -> Iterator[tuple[str, Path]]:
    """A server that no other test uses: the URL of a database, and the folder of its data."""
    # not below pytest's own folder, which every pytest that starts closes to the server's user
    folder = Path(tempfile.mkdtemp(prefix="triage-"))
    with servers.postgres(folder) as server:
        servers.execute(server, "CREATE DATABASE triage_crash")
        yield servers.database(server, "triage_crash"), folder


async def test_a_server_that_is_restarted(nursery: Nursery, own_server: tuple[str, Path], tmp_path: Path) -> None:
    """It stops as in a crash, comes back, and is read-only at first: both processes go on, and nothing is missing."""
    url, folder = own_server
    outcome = await run(_plan(url, 2), tmp_path, nursery, partial(troubles.restarted, folder=folder, server=url))
    assert outcome.broken == []
