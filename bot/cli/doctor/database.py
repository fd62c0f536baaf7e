"""Whether the database keeps what is committed to it, also through a power cut."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot.cli.doctor.findings import Finding, odd, wrong
from bot.cli.operating import now
from bot.store.opening import open_store
from bot.store.port import StoreError
from bot.store.postgres.server import open_server
from bot.store.sqlite import file

if TYPE_CHECKING:
    from bot.store.postgres.server import Connection

ROOM: Final = 1 << 30
"""Bytes that should be free beside a file."""
WRITES: Final = 8
SLOW_MS: Final = 50.0
_VOLATILE: Final = frozenset({"tmpfs", "ramfs", "overlay", "aufs"})
"""File systems that are gone with the machine's memory or with the container."""
_SHARED: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs"})
"""File systems on which SQLite's locks cannot be relied upon."""


async def examine(url: str) -> list[Finding]:
    """All about the database at `url`."""
    opened = await opening(url)
    if opened.state == "wrong":
        return [opened]
    if not url.startswith(file.URL):
        return [opened, *await server(url)]
    return [opened, *await asyncio.to_thread(beside, Path(url.removeprefix(file.URL)))]


def beside(path: Path) -> list[Finding]:
    """All about the file, and where it lies."""
    folder = path.absolute().parent
    return [journal(path), disk(folder), system(folder), room(folder)]


async def opening(url: str) -> Finding:
    """It can be opened and written to, and its tables are up to date then."""
    try:
        store = await open_store(url)
        try:
            name = f"doctor.{secrets.token_hex(4)}"
            await store.acquire(name, name, now(), 1_000)
            await store.release(name, name)
        finally:
            await store.close()
    except StoreError as error:
        return wrong("the database cannot be used", str(error))
    return Finding("it can be written to, and its tables are up to date")


def journal(path: Path) -> Finding:
    """What is committed is written through before it is acknowledged."""
    with closing(file.connect(path)) as db:
        (mode,) = db.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = db.execute("PRAGMA synchronous").fetchone()
    if (mode, synchronous) == ("wal", 2):
        return Finding("what is committed is written through (WAL, synchronous=FULL)")
    return wrong(
        f"what is committed may be lost (journal_mode={mode}, synchronous={synchronous})",
        "The file system cannot keep SQLite's log: put the file on a local disk.",
    )


def disk(folder: Path) -> Finding:
    """The disk takes its time to write through; one that takes none may only pretend to."""
    with tempfile.TemporaryFile(dir=folder) as scratch:
        took = []
        for _ in range(WRITES):
            os.write(scratch.fileno(), bytes(4096))
            start = time.perf_counter()
            os.fsync(scratch.fileno())
            took.append((time.perf_counter() - start) * 1000)
    typical = sorted(took)[WRITES // 2]
    if typical > SLOW_MS:
        return odd(
            f"the disk takes {typical:.0f} ms to write through", "Every answer waits for that. Use a faster disk."
        )
    return Finding(f"the disk writes through in {typical:.2f} ms")


def system(folder: Path, mounts: Path = Path("/proc/mounts")) -> Finding:
    """The file is on a file system that lasts, and that knows locks; where nobody says which one it is, it is well."""
    kind = kind_of(folder.resolve(), mounts)
    if kind in _VOLATILE:
        advice = "Put it on a volume: it is gone with the container, or with the machine's memory."
        return odd(f"the file is on {kind}", advice)
    if kind in _SHARED:
        advice = "Locks are not reliable there: put it on a local disk, or use PostgreSQL."
        return wrong(f"the file is on {kind}, which several machines share", advice)
    return Finding(f"the file is on {kind or 'a disk'}")


def kind_of(folder: Path, mounts: Path) -> str:
    """The file system of a folder, as the system's list of mounts names it; "" if there is none."""
    try:
        rows = [line.split() for line in mounts.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    over = [(len(row[1]), row[2]) for row in rows if len(row) > 2 and folder.is_relative_to(row[1])]  # noqa: PLR2004
    return max(over, default=(0, ""), key=lambda each: each[0])[1]


def room(folder: Path) -> Finding:
    """There is room to grow."""
    free = shutil.disk_usage(folder).free
    words = f"{free / ROOM:.1f} GiB are free"
    return Finding(words) if free >= ROOM else odd(words, "Free some space: a full disk takes no more events.")


async def server(url: str) -> list[Finding]:
    """What a PostgreSQL server says of itself."""

    async def ask(connection: Connection) -> dict[str, Any]:
        names = ("server_version", "fsync", "full_page_writes", "synchronous_commit")
        return {name: await connection.fetchval(f"SHOW {name}") for name in names} | {
            "now": await connection.fetchval("SELECT extract(epoch FROM clock_timestamp())::float8")
        }

    try:
        opened = await open_server(url)
        try:
            said = await opened.transact(ask)
        finally:
            await opened.close()
    except StoreError as error:
        return [wrong("the server does not answer", str(error))]
    return [Finding(f"PostgreSQL {said['server_version']}"), kept(said)]


def kept(said: dict[str, Any]) -> Finding:
    """What is committed is written through before it is acknowledged."""
    lax = [f"{name} = off" for name in ("fsync", "full_page_writes", "synchronous_commit") if said[name] == "off"]
    if not lax:
        return Finding("what is committed is written through (fsync, full_page_writes, synchronous_commit)")
    advice = "Set it to on in postgresql.conf and reload: otherwise a power cut loses what was acknowledged."
    return wrong(f"what is committed may be lost ({', '.join(lax)})", advice)
