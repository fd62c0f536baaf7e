"""Whether intake slows down as conversations pile up, and what they take: memory of the process, bytes of the file.

A store is filled with copies of conversations that were really held, each with its document, the last of its events,
a timer and a message that was sent. Then merchants who are spread over all of them write again.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import statistics
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.chat.addresses import Address
from bot.store.opening import open_store
from tests.bench.results import Result
from tests.bench.service.intake import taken_in
from tests.bench.service.merchants import arrivals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.flow.library import Library
    from bot.store.rows import Arrival
    from tests.bench.service.intake import Fresh
    from tests.bench.talks import Script

_AT_ONCE: Final = 64
_EVENTS: Final = 2
"""Of a stored conversation that are still kept; the rest has been vacuumed."""
_ROUNDS: Final = 5
_STRIDE: Final = 7919
"""A prime, so that merchants in turn lie far from one another."""


async def _templates(library: Library, scripts: Sequence[Script], path: Path) -> None:
    """One conversation of each script."""
    store = await open_store(f"sqlite:///{path}")
    whole = iter([arrivals(script, number) for number, script in enumerate(scripts)])
    await taken_in(library, whole, store, len(scripts), 1)
    await store.close()


def fill(path: Path, stored: int) -> None:
    """Copy the conversations of the file until there are `stored`; the copies are called `s1`, `s2`, …."""
    db = sqlite3.connect(path, isolation_level=None)
    (have,) = db.execute("SELECT max(id) FROM conversations").fetchone()
    db.execute("CREATE TEMP TABLE copies AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n LIMIT ?)"
               " SELECT ? + id AS id, 1 + id % ? AS old FROM n", (max(0, stored - have), have, have))  # fmt: skip
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO conversations (id, address, document, rev, status, control, epoch, created, updated)"
        " SELECT c.id, 'telegram:bench:s' || c.id || ':', o.document, o.rev, o.status, o.control, o.epoch, o.created,"
        " o.updated FROM copies c JOIN conversations o ON o.id = c.old"
    )
    db.execute(
        "INSERT INTO events (conversation, key, rev, at, records, origin) SELECT c.id, 'old' || e.key, e.rev, e.at,"
        " e.records, e.origin FROM copies c JOIN events e ON e.conversation = c.old"
        " JOIN conversations o ON o.id = c.old AND e.rev > o.rev - ?",
        (_EVENTS,),
    )
    db.execute("INSERT INTO timers (conversation, name, due) SELECT c.id, 'kept', 4102444800000 + c.id FROM copies c")
    db.execute(
        "INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, state, created, done)"
        " SELECT c.id, 'telegram', 'telegram:bench:s' || c.id || ':', 'say', (SELECT payload FROM outbox o"
        " WHERE o.conversation = c.old LIMIT 1), 1, 0, 'sent', 0, 0 FROM copies c"
    )
    db.execute("UPDATE outbox SET state = 'sent', done = 0 WHERE state = 'queued'")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _returning(scripts: Sequence[Script], stored: int) -> Iterator[list[Arrival]]:
    """Merchants of stored conversations, far from one another, each of whom writes once more."""
    for number in count():
        place = len(scripts) + 1 + number * _STRIDE % (stored - len(scripts))
        address = str(Address("telegram", "bench", f"s{place}"))
        opening = arrivals(scripts[number % len(scripts)], number)[0]
        yield [opening._replace(address=address, key=f"again{number}")]


def _mib() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


def sqlite(
    library: Library, scripts: Sequence[Script], fresh: Fresh, sizes: Sequence[int], events: int
) -> Iterator[Result]:
    """Intake on SQLite files with ever more stored conversations."""
    paths = {stored: fresh.path() for stored in sizes}
    for stored, path in paths.items():
        asyncio.run(_templates(library, scripts, path))
        fill(path, stored)
    bytes_each = {stored: path.stat().st_size / stored for stored, path in paths.items()}
    taken = asyncio.run(_taken(library, scripts, paths, events))
    for stored, (rates, mib) in taken.items():
        yield Result(f"growth.sqlite.{stored}.events_per_s", statistics.median(rates), "events/s")
        yield Result(f"growth.sqlite.{stored}.memory_mib", mib, "MiB")
        yield Result(f"growth.sqlite.{stored}.bytes_per_conversation", bytes_each[stored], "bytes")
        paths[stored].unlink()
    medians = [statistics.median(rates) for rates, _ in taken.values()]
    yield Result("growth.sqlite.spread", (max(medians) - min(medians)) / max(medians) * 100, "%", "<= 15")


async def _taken(
    library: Library, scripts: Sequence[Script], paths: Mapping[int, Path], events: int
) -> dict[int, tuple[list[float], float]]:
    """By size the rates of its rounds, and the memory that the first one took.

    The sizes take turns, so that a busy moment is borne by all of them.
    """
    stores = {stored: await open_store(f"sqlite:///{path}") for stored, path in paths.items()}
    merchants = {stored: _returning(scripts, stored) for stored in paths}
    rates: dict[int, list[float]] = {stored: [] for stored in paths}
    mib: dict[int, float] = {}
    for _ in range(_ROUNDS):
        for stored, store in stores.items():
            gc.collect()
            before = _mib()
            rates[stored].append((await taken_in(library, merchants[stored], store, _AT_ONCE, events)).rate)
            mib.setdefault(stored, _mib() - before)
    for store in stores.values():
        await store.close()
    return {stored: (rates[stored], mib[stored]) for stored in paths}
