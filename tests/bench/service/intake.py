"""How fast events are kept: real turns of the shipped flow, each committed to the disk before it counts.

Three contenders take turns, each on a fresh database: intake as it is; the floor, which only writes the same rows in
the same batches; and the naive way. A ratio is the median of the rounds' ratios: a busy moment is borne by all of them.
"""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.service.intake import BATCH, Intake
from bot.service.workers import Workers, fitting
from bot.store.opening import open_store
from bot.store.rows import Stored, Task
from bot.store.sqlite.file import URL
from tests.bench.results import Result
from tests.bench.service.floor import Recording, postgres_floor, sqlite_floor
from tests.bench.service.merchants import clock, crowd, stepper, walk
from tests.bench.service.naive import Naive
from tests.databases import new_file
from tests.service.world import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.flow.library import Library
    from bot.store.port import Store
    from bot.store.rows import Arrival
    from tests.bench.service.floor import Batch
    from tests.bench.service.merchants import Walk
    from tests.bench.talks import Script


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int = 5
    at_once: tuple[int, ...] = (64, 256)
    """Merchants who talk at the same time."""
    events: int = 6000
    """Of each round."""
    warm: int = 84
    """Talks by which workers get to know the flow."""
    openings: int = 4000
    """Merchants whose first messages are delivered."""
    stored: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    """Conversations that are there already."""
    cases: int = 10_000
    """Open ones, at the desk."""
    words: int = 1_000
    """Of merchants whose cases are open."""
    looks: int = 50
    """At the home tab."""


class Helpers(NamedTuple):
    """So many workers, who get to know the flow by these talks."""

    number: int
    talks: Sequence[list[Arrival]]


ALONE: Final = Helpers(0, ())


class Fresh:
    """Files in a folder, each with empty tables."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`."""
        self._folder = folder
        self._numbers = count(1)

    def url(self) -> str:
        """A new one, as a database."""
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return new_file(folder)

    def path(self) -> Path:
        """A new one."""
        return Path(self.url().removeprefix(URL))


async def warm(workers: Workers, talks: Sequence[list[Arrival]]) -> None:
    """Have each worker come across most of the flow, as the library here has, so that it has compiled what it needs."""
    for some in zip(*[iter(talks)] * workers.count, strict=False):
        documents: list[bytes | None] = [None] * workers.count
        for arrivals in zip(*some, strict=False):
            tasks = [
                Task(0, arrival, None if document is None else Stored(1, 1, document))
                for arrival, document in zip(arrivals, documents, strict=True)
            ]
            # asked at the same time, each gets one
            changes = [each for (each,) in await asyncio.gather(*(workers([task]) for task in tasks))]
            documents = [c.document if c else before for c, before in zip(changes, documents, strict=True)]


async def taken_in(
    library: Library,
    merchants: Iterator[list[Arrival]],
    store: Store,
    at_once: int,
    events: int,
    helpers: Helpers = ALONE,
) -> Walk:
    """Have merchants talk through intake into `store`, with these workers."""
    step = stepper(library)
    intake = Intake(store, step, clock, lambda _: "", batch=BATCH)
    intake.apart = workers = Workers(step, helpers.number)
    async with asyncio.TaskGroup() as running:
        running.create_task(intake.run(store.committers, workers.count))
        running.create_task(workers.run())
        if workers.count:
            await until(workers.at_hand)
            await warm(workers, helpers.talks)
        done = await walk(intake, merchants, at_once, events)
        intake.close()
        workers.close()
    return done


async def _walked(library: Library, scripts: Sequence[Script], url: str, at_once: int, events: int, warm: int) -> Walk:
    store = await open_store(url)
    helpers = Helpers(fitting(), tuple(islice(crowd(scripts), warm)))
    try:
        return await taken_in(library, crowd(scripts), store, at_once, events, helpers)
    finally:
        await store.close()


async def _recorded(library: Library, scripts: Sequence[Script], url: str, at_once: int, events: int) -> list[Batch]:
    store = Recording(await open_store(url))
    # the same rows, and in the batches that the process itself would write
    await taken_in(library, crowd(scripts), store, at_once, events)
    await store.close()
    return store.batches


async def _naive(library: Library, scripts: Sequence[Script], path: Path, at_once: int, events: int) -> Walk:
    naive = Naive(path, stepper(library))
    done = await walk(naive, crowd(scripts), at_once, events)
    await naive.close()
    return done


def sqlite(library: Library, scripts: Sequence[Script], fresh: Fresh, size: Size) -> Iterator[Result]:
    """Intake on SQLite."""
    for at_once in size.at_once:
        batches = asyncio.run(_recorded(library, scripts, fresh.url(), at_once, size.events))
        walks: list[Walk] = []
        floors: list[float] = []
        naive: list[float] = []
        for _ in range(size.rounds):
            walks.append(asyncio.run(_walked(library, scripts, fresh.url(), at_once, size.events, size.warm)))
            floors.append(sqlite_floor(fresh.path(), batches))
            naive.append(asyncio.run(_naive(library, scripts, fresh.path(), at_once, max(size.events // 10, 10))).rate)
        yield from _figures(f"intake.sqlite.{at_once}", walks, floors, goal=5000)
        ratios = [each.rate / other for each, other in zip(walks, naive, strict=True)]
        yield Result(f"intake.sqlite.{at_once}.ratio_to_naive", statistics.median(ratios), "times")
    alone = asyncio.run(_walked(library, scripts, fresh.url(), 1, max(size.events // 10, 10), size.warm))
    yield Result("intake.sqlite.1.p99_ms", _percentile(alone.waits, 99), "ms", "<= 5")


def postgres(library: Library, scripts: Sequence[Script], new: Callable[[], str], size: Size) -> Iterator[Result]:
    """Intake on PostgreSQL, whose server runs on the same machine; `new` makes an empty database."""
    for at_once in size.at_once:
        batches = asyncio.run(_recorded(library, scripts, new(), at_once, size.events))
        walks: list[Walk] = []
        floors: list[float] = []
        for _ in range(size.rounds):
            walks.append(asyncio.run(_walked(library, scripts, new(), at_once, size.events, size.warm)))
            url = new()
            asyncio.run(_migrated(url))
            floors.append(asyncio.run(postgres_floor(url, batches)))
        yield from _figures(f"intake.postgres.{at_once}", walks, floors, goal=4000)


async def _migrated(url: str) -> None:
    await (await open_store(url)).close()


def _figures(name: str, walks: Sequence[Walk], floors: Sequence[float], goal: int) -> Iterator[Result]:
    waits = [wait for each in walks for wait in each.waits]
    ratios = [each.rate / floor for each, floor in zip(walks, floors, strict=True)]
    yield Result(f"{name}.events_per_s", statistics.median(each.rate for each in walks), "events/s", f">= {goal}")
    yield Result(f"{name}.cpu_us", statistics.median(each.cpu / len(each.waits) * 1e6 for each in walks), "µs")
    yield Result(f"{name}.floor_per_s", statistics.median(floors), "events/s")
    yield Result(f"{name}.ratio_to_floor", statistics.median(ratios), "times", ">= 0.6")
    yield Result(f"{name}.p50_ms", _percentile(waits, 50), "ms")
    yield Result(f"{name}.p99_ms", _percentile(waits, 99), "ms")


def _percentile(waits: Sequence[float], percent: int) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[percent - 1] * 1e3
