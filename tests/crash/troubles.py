"""Troubles that are no kills, and what the service does about each.

| trouble | what the service does |
| --- | --- |
| another process holds the SQLite file | events wait for 5 s, and are then refused: their platform brings them again |
| the disk is full, or reports errors | no event is acknowledged; its platform brings it again until there is room |
| PostgreSQL is restarted, read-only at first | calls are tried again for 5 s; events are then refused, as above |
| a connection breaks in the middle of a commit | keys tell whether it was kept; if not, it is done again |
| the clock goes back an hour | timers come an hour later; messages that wait for a retry do too; all others go on |
| a second process serves the same file | it stands by, and takes over as soon as the first is gone |

In none of them is anything lost that was acknowledged, nothing is done twice, and nobody has to restart anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests import servers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.run import Scene
    from tests.store.postgres.proxy import Proxy

BEFORE: Final = 60
"""Acknowledged events after which it begins."""
HOUR_MS: Final = 3_600_000
PATIENCE_S: Final = 60
LOOKS_S: Final = 0.01


async def locked(scene: Scene, file: Path) -> None:
    """Hold the file for longer than the service waits for it."""
    await scene.after(BEFORE)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(6)
        other.execute("ROLLBACK")


async def full(scene: Scene, file: Path) -> None:
    """Leave no room for the file's log to grow until an event was refused for it, and then give it back."""
    log, platform = Path(f"{file}-wal"), scene.platform
    await scene.after(1)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as reader:
        # as long as somebody reads, a log does not begin anew, which would need no room
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        await scene.after(BEFORE)
        # once it is full no answer leaves, and whoever waits for one says nothing: somebody has to have said it before
        platform.gate.clear()
        await _until(lambda: any(not each.tries for each in platform.truth.posted))
        (process,) = scene.processes.alive
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (log.stat().st_size + 4096, before[1]))
        platform.gate.set()
        await _until(lambda: platform.truth.counts.get("answered_unavailable"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


async def _until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not what():  # noqa: ASYNC110  (nobody announces it)
            await asyncio.sleep(LOOKS_S)


async def clock_back(scene: Scene) -> None:
    """Set the clock back by an hour."""
    await scene.after(BEFORE)
    scene.clock.move(-HOUR_MS)


async def cut(scene: Scene, proxy: Proxy) -> None:
    """Break the connection at commits: some that the server never hears of, some whose end nobody hears of."""
    await scene.after(BEFORE)  # by then all processes have started
    scene.platform.truth.unheard |= {process.name for process in scene.processes.alive}
    for number in range(6):
        await scene.after(BEFORE + 10 * number)
        proxy.cut = "before" if number % 2 else "after"
    await scene.after(BEFORE + 80)


async def restarted(scene: Scene, folder: Path, server: str) -> None:
    """Stop the server as a crash would, and start it again; for a while it is read-only, as one that takes over is."""
    await scene.after(BEFORE)
    scene.platform.truth.unheard |= {process.name for process in scene.processes.alive}
    await asyncio.to_thread(servers.execute, server, "ALTER SYSTEM SET default_transaction_read_only = on")
    await asyncio.to_thread(servers.crash, folder)
    await asyncio.sleep(1)
    await asyncio.to_thread(servers.restart, folder)
    await asyncio.sleep(1)
    for each in ("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"):
        await asyncio.to_thread(servers.execute, server, each)
