"""The processes of a run as whoever kills them sees them: kept alive, armed, killed, counted."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from bot.store.faults import Point
from tests.crash.nursery import Ended, Started
from tests.crash.rehearsal import ROOT
from tests.crash.serve import AGAIN, Config, died_at, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from random import Random

    from tests.crash.tally import Tally

RANDOM: Final = "at random"
EARLY: Final = "soon after its start"
START_S: Final = 10.0
ASKED_S: Final = 6.0
"""After so long whoever was to die with its workers dies without."""
HANDED_S: Final = 60.0
"""The same for whoever was to die over a batch that a worker has: on a busy machine one begins late."""
LOOKS_S: Final = 0.002
STOP_S: Final = 60.0
SELDOM: Final = frozenset({Point.MIGRATING, Point.PARKED, Point.DUE})
NOT_IN_THE_FLOW: Final = frozenset({Point.PERFORMED})
"""The shipped flow runs no hooks."""
WORKER: Final = "a worker with a batch"
IDLE: Final = "a worker without"
WORKER_LIVES_S: Final = 3.0
"""How long a worker lives about, if its process does."""
STOPPING: Final = "while stopping"
"""Told to stop, and killed before it could."""


class Nursery:
    """Starts processes and tells how they end."""

    def __init__(self) -> None:
        """Not open yet."""
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._started: dict[str, asyncio.Future[Process]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def open(self) -> None:
        """Load everything once."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash.nursery",
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        """End it, and every process that is left."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reading is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading

    async def start(self, config: Config) -> Process:
        """A process."""
        assert self._process is not None
        assert self._process.stdin is not None
        started = self._started[config.name] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(msgspec.json.encode(config) + b"\n")
        process: Process = await started
        return process

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            news = msgspec.json.decode(line, type=Started | Ended)
            if isinstance(news, Started):
                ended = self._ended[news.pid] = asyncio.get_running_loop().create_future()
                self._started.pop(news.name).set_result(Process(news.name, news.pid, ended))
            else:
                self._ended.pop(news.pid).set_result(news.code)


class Process(NamedTuple):
    """A process that was started; `ended` gives its exit code."""

    name: str
    pid: int
    ended: asyncio.Future[int]

    def signal(self, number: int) -> None:
        """Send it a signal, unless it is gone."""
        with contextlib.suppress(ProcessLookupError):
            if not self.ended.done():
                os.kill(self.pid, number)


class Plan(NamedTuple):
    """How a process is to die: at the so manieth pass of one of these points, or after `after_s` seconds of work.

    `stops`: it is told to stop by then, and is killed `grace_s` later. `early`: its work begins with its start. `late`:
    all that counts only from when it first asked a worker for anything.
    """

    points: dict[str, int]
    after_s: float
    stops: bool = False
    grace_s: float = 0.0
    early: bool = False
    late: bool = False


def plans(random: Random, *, workers: bool) -> Iterator[Plan]:
    """Every point in turn, and deaths at any moment. Points that are seldom reached are deadly for every second.

    With `workers` every second death waits until they are at work.
    """
    yield from [Plan({Point.MIGRATING.value: 1}, 2.0)] * 2
    never = SELDOM | NOT_IN_THE_FLOW if workers else SELDOM | NOT_IN_THE_FLOW | {Point.HANDED}
    ways = [*(point for point in Point if point not in never), STOPPING, RANDOM, EARLY]
    while True:
        for way in ways:
            points = {point.value: 1 for point in sorted(SELDOM) if random.random() < 1 / 2}
            soon, late = random.expovariate(2), workers and random.random() < 1 / 2
            if way == Point.STOPPING:
                yield Plan({**points, way: 1}, soon, stops=True, grace_s=2.0, late=late)
            elif way == STOPPING:
                yield Plan(points, soon, stops=True, grace_s=random.random() / 20, late=late)
            elif way == RANDOM:
                yield Plan(points, soon, late=late)
            elif way == EARLY:
                yield Plan(points, random.random() / 3, early=True)
            elif way == Point.ADOPTED:
                yield Plan({**points, way: 1}, 2.0)
            elif way == Point.HANDED:
                # nothing else may come first: a run in which no batch met a worker would tell nothing of workers
                yield Plan({way: random.randint(1, 3)}, HANDED_S, late=True)
            else:
                yield Plan({**points, way: random.randint(1, 20)}, 3.0, late=late)
        random.shuffle(ways)


class Processes:
    """Keeps `count` processes alive, and kills them by plan while `killing`."""

    def __init__(
        self,
        nursery: Nursery,
        config: Config,
        count: int,
        random: Random,
        working: Callable[[str], Coroutine[None, None, None]],
    ) -> None:
        """`config` is what all of them are told but for their names; `working` waits until one does its work."""
        self._nursery = nursery
        self._config = config
        self._wanted = count
        self._random = random
        self._working = working
        self._plans = plans(random, workers=bool(config.workers))
        self._slots: list[asyncio.Task[None]] = []
        self._alive: dict[int, Process] = {}
        self._closing = asyncio.Event()
        self._tallies: dict[int, Tally] = {}
        self.kills_wanted = 0
        self.kills: Counter[str] = Counter()
        self.with_workers: Counter[str] = Counter()
        """Kills while a batch was with a worker, by point; `WORKER`: of workers themselves, `IDLE`: that had none."""
        self.killed: set[str] = set()
        self.failures: list[str] = []
        """Processes that ended otherwise than by a kill or when told to."""
        self.enough = asyncio.Event()

    def open(self, kills: int, group: asyncio.TaskGroup) -> None:
        """Start them; `kills` of them will die."""
        self.kills_wanted = kills
        if not kills:
            self.enough.set()
        self._slots = [group.create_task(self._keep(slot)) for slot in range(self._wanted)]
        if kills and self._config.workers:
            group.create_task(self._kill_workers())

    async def close(self) -> None:
        """Let them finish what they are at."""
        self._closing.set()
        for process in self._alive.values():
            process.signal(signal.SIGTERM)
        await asyncio.wait(self._slots, timeout=STOP_S)
        for process in self._alive.values():
            if not process.ended.done():
                self.failures.append(f"{process.name} does not stop when told to")
                process.signal(signal.SIGKILL)

    @property
    def alive(self) -> list[Process]:
        """Those that run."""
        return [process for process in self._alive.values() if not process.ended.done()]

    async def _keep(self, slot: int) -> None:
        number = 0
        while not self._closing.is_set():
            number += 1
            name = f"w{slot}.{number}"
            plan = next(self._plans) if self.kills.total() < self.kills_wanted else None
            config = msgspec.structs.replace(self._config, name=name)
            if plan is not None:
                config = msgspec.structs.replace(config, points=plan.points, late=plan.late)
            self._tallies[slot] = tally(config)
            process = self._alive[slot] = await self._nursery.start(config)
            if self._closing.is_set():
                process.signal(signal.SIGTERM)
            code = await self._until_end(process, plan, died_at(config), self._tallies[slot])
            if code == -signal.SIGKILL:
                self.killed.add(name)
            elif code == AGAIN:
                await asyncio.sleep(0.5)
            elif code or not (self._closing.is_set() or plan is not None):
                self.failures.append(f"{name} ended by itself with {code}, see {config.log}")
                await asyncio.sleep(0.5)

    async def _until_end(self, process: Process, plan: Plan | None, note: Path, with_workers: Tally) -> int:
        """Wait for its end; kill it where its plan was not."""
        if plan is None:
            return await process.ended
        where = EARLY if plan.early else RANDOM
        if not plan.early:
            working = asyncio.create_task(self._working(process.name))
            either: list[asyncio.Future[Any]] = [process.ended, working]
            await asyncio.wait(either, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
            working.cancel()
        if plan.late:
            await _until(lambda: process.ended.done() or with_workers.handed > 0, ASKED_S)
        if not await _ends(process, plan.after_s) and plan.stops:
            where = STOPPING
            process.signal(signal.SIGTERM)
            await _ends(process, plan.grace_s)
        if not process.ended.done() and not self._closing.is_set():
            process.signal(signal.SIGKILL)
        code = await process.ended
        if code == -signal.SIGKILL:
            where = await asyncio.to_thread(_said, note) or where
            self._count(where)
            if with_workers.under_way:
                self.with_workers[where] += 1
        return code

    async def _kill_workers(self) -> None:
        """Kill workers alone now and then, once their process has asked them; often while one has a batch."""
        while not self.enough.is_set():
            await asyncio.sleep(self._random.expovariate(1 / WORKER_LIVES_S))
            at_work = [
                slot for slot, process in self._alive.items() if self._tallies[slot].handed and not process.ended.done()
            ]
            if not at_work:
                continue
            slot = self._random.choice(at_work)
            with_workers = self._tallies[slot]
            if self._random.random() < 1 / 2:
                await _until(partial(_has_batch, with_workers), 1.0)
            victims = _workers_of(self._alive[slot].pid)
            if victims:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._random.choice(victims), signal.SIGKILL)
                    self.with_workers[WORKER if with_workers.under_way else IDLE] += 1

    def _count(self, where: str) -> None:
        self.kills[where] += 1
        if self.kills.total() >= self.kills_wanted:
            self.enough.set()


def _said(note: Path) -> str:
    return note.read_text() if note.exists() else ""


def _has_batch(with_workers: Tally) -> bool:
    return with_workers.under_way > 0


def _workers_of(pid: int) -> list[int]:
    """The workers of a process."""
    with contextlib.suppress(OSError):  # it is gone
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [each for each in map(int, children.split()) if _is_worker(each)]
    return []


def _is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"bot.service.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


async def _until(what: Callable[[], bool], seconds: float) -> None:
    """Wait for it, or for so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not what():  # noqa: ASYNC110  (another process says so, in memory)
                await asyncio.sleep(LOOKS_S)


async def _ends(process: Process, seconds: float) -> bool:
    """Whether it ends by then."""
    done, _ = await asyncio.wait([process.ended], timeout=seconds)
    return bool(done)
