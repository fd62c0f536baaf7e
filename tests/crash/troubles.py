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
    from tests.crash.run import Scene
    from tests.store.postgres.proxy import Proxy

BEFORE: Final = 60
"""Acknowledged events after which it begins."""
HOUR_MS: Final = 3_600_000
FULL_S: Final = 2
"""For how long a disk stays full."""
FILLED: Final = 8
"""How often it is filled at most: while nobody brings anything, nothing is refused."""


async def locked(scene: Scene, file: Path) -> None:
    """Hold the file for longer than the service waits for it."""
    await scene.after(BEFORE)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(6)
        other.execute("ROLLBACK")


async def full(scene: Scene, file: Path) -> None:
    """Leave no room for the file's log to grow, and then give it back; until an event was refused for it."""
    log = Path(f"{file}-wal")
    for number in range(FILLED):
        await scene.after(BEFORE + 10 * number)
        for process in scene.processes.alive:
            before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            size = await asyncio.to_thread(lambda: log.stat().st_size)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 4096, before[1]))
            await asyncio.sleep(FULL_S)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        if scene.platform.truth.counts.get("answered_unavailable"):
            break  # otherwise all waited for an answer that could not leave


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
