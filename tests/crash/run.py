"""One run: a database, a platform, merchants, processes, and whoever kills them; and then the judge."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bot.service.intake import FEW
from tests.crash.clock import Clock
from tests.crash.judge import Broken, judge
from tests.crash.people import Merchant
from tests.crash.platform import Platform
from tests.crash.processes import Nursery, Processes
from tests.crash.rehearsal import PEOPLE, SILENCE, rehearse, starts_at
from tests.crash.serve import Config
from tests.crash.snapshot import pending, take

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from tests.crash.platform import Manners
    from tests.crash.rehearsal import Talk
    from tests.crash.snapshot import Snapshot
    from tests.crash.truth import Truth

DIFFERENT: Final = PEOPLE * 20
"""More than there are merchants at the same time; those of the next generation are as different again."""
SETTLES_S: Final = 180.0


class Plan(NamedTuple):
    """What a run is made of. It ends when there were `kills`, and everybody has had their say."""

    seed: int
    url: str
    processes: int
    kills: int
    merchants: int
    """At the same time."""
    manners: Manners
    thinks_s: float = 0.05
    workers: int = 0
    """Of each process; they are asked from `few` waiting events on."""
    few: int = FEW
    speed: float = 4.0
    """How much faster than the wall's the clock of a run is: pauses and leases pass sooner."""


class Outcome(NamedTuple):
    """What a run was. `kills` by point, `results` of events by verdict, `states` of messages.

    `with_workers`: kills that met a batch at a worker, see `Processes.with_workers`.
    """

    plan: Plan
    seconds: float
    kills: Counter[str]
    with_workers: Counter[str]
    results: Counter[str]
    states: Counter[str]
    truth: Truth
    stored: Snapshot
    talks: list[Talk]
    broken: list[Broken]


class Scene(NamedTuple):
    """What whoever makes trouble during a run gets hold of."""

    platform: Platform
    clock: Clock
    processes: Processes

    async def after(self, events: int) -> None:
        """Wait until so many events have been acknowledged."""
        await self.platform.acknowledged(events)


Trouble: TypeAlias = "Callable[[Scene], Coroutine[None, None, None]]"


async def run(plan: Plan, folder: Path, nursery: Nursery, trouble: Trouble | None = None) -> Outcome:
    """Do it. The folder is for the clock and the processes' log; `trouble` is what else happens meanwhile."""
    began = time.monotonic()
    clock = Clock.make(folder / "clock", plan.speed)
    platform = Platform(plan.manners, Random(plan.seed))
    config = Config(
        name="",
        url=plan.url,
        port=await platform.open(),
        clock=str(folder / "clock"),
        log=str(folder / "log"),
        workers=plan.workers,
        few=plan.few,
    )
    processes = Processes(nursery, config, plan.processes, Random(plan.seed + 1), platform.working)
    talks: list[Talk] = []
    generation = 0
    async with asyncio.TaskGroup() as group:
        processes.open(plan.kills, group)
        troubled = group.create_task(trouble(Scene(platform, clock, processes))) if trouble is not None else None
        coming = group.create_task(_rehearse(plan, generation))
        while not talks or not processes.enough.is_set():
            now = await coming
            talks += now
            generation += 1
            coming = group.create_task(_rehearse(plan, generation))
            await _talk(plan, platform, clock, now)
        coming.cancel()
        if troubled is not None:
            await troubled
        platform.truth.stuck += await _settle(plan, platform)
        await processes.close()
    await platform.close()
    truth = platform.truth
    truth.killed = processes.killed
    stored = await take(plan.url)
    broken = [*(Broken("process", each) for each in processes.failures), *judge(truth, stored, talks)]
    return Outcome(
        plan=plan,
        seconds=time.monotonic() - began,
        kills=processes.kills,
        with_workers=processes.with_workers,
        results=Counter(result for each in truth.posted for result in each.results),
        states=Counter(row["state"] for row in stored.outbox),
        truth=truth,
        stored=stored,
        talks=talks,
        broken=broken,
    )


async def _rehearse(plan: Plan, generation: int) -> list[Talk]:
    """The talks of a generation, one by one: whoever talks meanwhile must not wait for all of them."""
    talks = []
    for number in range(plan.merchants):
        await asyncio.sleep(plan.thinks_s / 2)
        talks.append(rehearse(generation * DIFFERENT + number, starts_at(generation)))
    return talks


async def _talk(plan: Plan, platform: Platform, clock: Clock, talks: list[Talk]) -> None:
    """Let a generation of merchants talk. When only silent ones are left, their time passes."""
    only_silent_ones = asyncio.Event()
    silence_ends = asyncio.Event()
    busy = plan.merchants

    def one_less() -> None:
        nonlocal busy
        busy -= 1
        if not busy:
            only_silent_ones.set()

    async def live(talk: Talk) -> None:
        random = Random(plan.seed * 1_000_003 + talk.number)
        await asyncio.sleep(random.random() * 2 * plan.thinks_s * 10)
        silent = False

        def falls_silent() -> None:
            nonlocal silent
            silent = True
            one_less()

        await Merchant(platform, talk, random, plan.thinks_s).converse(falls_silent, silence_ends)
        if not silent:
            one_less()

    lives = [asyncio.create_task(live(talk)) for talk in talks]
    await only_silent_ones.wait()
    await _settle(
        plan, platform
    )  # a leap of the clock is no stop of the processes: their leases must not lapse in flight
    clock.move(int(SILENCE.total_seconds() * 1000))
    silence_ends.set()
    await asyncio.gather(*lives)


async def _settle(plan: Plan, platform: Platform) -> list[str]:
    """Wait until everything has been delivered; what was not in time."""
    deadline = time.monotonic() + SETTLES_S
    while time.monotonic() < deadline:
        if not platform.unacknowledged and not await pending(plan.url):
            return []
        await asyncio.sleep(0.3)
    return [f"{platform.unacknowledged} events and {await pending(plan.url)} messages remain after {SETTLES_S:g} s"]
