"""Processes that take steps for this one, so that more than one processor works on what comes in.

What they cannot do is done here: while none is there, after one has died or has not answered, and where a step fails,
so that the failure is learned here. Nothing is kept of a step before it is answered, so a worker may die at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from bot.service.worker import FAILED, GROUNDS, LENGTH, ROOM, STEPS, Done, Job, Jobs, pack
from bot.store.faults import Point, reached
from bot.store.steps import take

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.service.step import Grounds, Stepper
    from bot.store.rows import Change, Step, Task

LIMIT_S: Final = 5.0
"""How long a worker may take for a batch, which takes it some hundredths; a database waits for 10 s at most."""
MOST: Final = 2
"""More than so many wait for the one process that reads and writes for them."""
PAUSE_S: Final = 1.0
"""After which a worker that died has a successor."""
PREFIX: Final = "TRIAGE_"
"""Of the variables that settings come from."""

_LOG: Final = structlog.get_logger(__name__)


def fitting() -> int:
    """As many as this machine has processors for, beside the process that has them, and as that can use."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors - 1, MOST)


class Gone(Exception):  # noqa: N818  (a state of a worker)
    """It has not answered."""


class Workers:
    """`count` workers while `run` runs. Called with the steps of a batch, as `Store.commit_apart` does."""

    def __init__(
        self, stepper: Stepper, count: int, step: Step | None = None, timed: Callable[[float], None] = lambda _: None
    ) -> None:
        """`step` is `stepper` as it is called here; `timed` is told how many seconds each step took elsewhere."""
        self.count = count
        self._stepper = stepper
        self._step = step or stepper
        self._timed = timed
        self._alive: list[_Worker] = []
        self._wanted = asyncio.Event()
        self._closing = asyncio.Event()
        self._packed: tuple[Grounds, bytes] | None = None

    def at_hand(self) -> bool:
        """Whether there is one to ask. They are started when that is first wanted: many a service never needs one."""
        self._wanted.set()
        return any(each.is_ready for each in self._alive)

    async def __call__(self, tasks: Sequence[Task]) -> Sequence[Change | None]:
        """What the steps come to. Raises Poisoned."""
        ready = [each for each in self._alive if each.is_ready]
        if ready:
            worker = min(ready, key=lambda each: each.waiting)
            with contextlib.suppress(Gone, UnicodeEncodeError):
                answer = await worker.ask(self._grounds(), self._asked(tasks))
                if answer != FAILED:
                    return self._done(_DECODE(answer))
        return take(tasks, self._step)

    async def run(self) -> None:
        """Keep workers alive until `close`."""
        await self._wanted.wait()
        async with asyncio.TaskGroup() as group:
            for _ in range(self.count):
                group.create_task(self._keep())

    def close(self) -> None:
        """Let them go: they hold nothing that anybody needs."""
        self._closing.set()
        self._wanted.set()
        for each in self._alive:
            each.leave()

    def _grounds(self) -> tuple[Grounds, bytes]:
        """What steps go by now, and how that is told."""
        grounds = self._stepper.grounds
        if self._packed is None or self._packed[0] is not grounds:
            self._packed = grounds, pack(grounds)
        return self._packed

    def _asked(self, tasks: Sequence[Task]) -> bytes:
        seeds = self._stepper.seeds
        jobs = [
            Job(
                arrival.address,
                arrival.key,
                arrival.origin,
                arrival.payload,  # type: ignore[arg-type]  # anything else fails there, and then here
                None if stored is None else stored.document,
                (seeds(), seeds()) if stored is None else (seeds(),),
            )
            for _, arrival, stored in tasks
        ]
        return _ENCODE(Jobs(self._stepper.now(), jobs))

    def _done(self, done: Done) -> Sequence[Change | None]:
        for seconds in done.seconds:
            self._timed(seconds)
            reached(Point.STEPPED)
        return done.changes

    async def _keep(self) -> None:
        while not self._closing.is_set():
            worker = _Worker()
            self._alive.append(worker)
            try:
                await worker.live(self._grounds())
            except OSError as failure:
                _LOG.warning("worker_not_started", error=type(failure).__name__)
            finally:
                self._alive.remove(worker)
            if not self._closing.is_set():
                _LOG.warning("worker_gone", next_in_s=PAUSE_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PAUSE_S):
                        await self._closing.wait()


class _Worker:
    """One of them, from its start to its end."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self.is_ready = False
        self._process: asyncio.subprocess.Process | None = None
        self._questions: deque[asyncio.Future[bytes | None]] = deque()
        """Those without an answer, in their order."""
        self._known: Grounds | None = None

    @property
    def waiting(self) -> int:
        """Questions that it has not answered."""
        return len(self._questions)

    async def live(self, grounds: tuple[Grounds, bytes]) -> None:
        """Start it, and hear its answers until it is gone. Raises OSError if it cannot be started."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "bot.service.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=_environment(), limit=ROOM,
        )  # fmt: skip
        try:
            self._tell(grounds)
            await self._hear()
        finally:
            self.is_ready = False
            for question in self._questions:
                if not question.done():
                    question.set_result(None)
            self.leave()
            try:
                async with asyncio.timeout(PAUSE_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def ask(self, grounds: tuple[Grounds, bytes], steps: bytes) -> bytes:
        """What steps that go by `grounds` come to. Raises Gone."""
        if self._known is not grounds[0]:
            self._tell(grounds)
        try:
            async with asyncio.timeout(LIMIT_S):
                answered = self._put(STEPS, steps)
                reached(Point.HANDED)
                answer = await answered
        except TimeoutError:
            assert self._process is not None  # noqa: S101
            self._process.kill()
            raise Gone from None
        if answer is None:
            raise Gone
        return answer

    def leave(self) -> None:
        """Let it go: it ends when nobody can ask it any more."""
        self.is_ready = False
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _tell(self, grounds: tuple[Grounds, bytes]) -> None:
        self._known, packed = grounds
        self._put(GROUNDS, packed)

    def _put(self, kind: bytes, message: bytes) -> asyncio.Future[bytes | None]:
        assert self._process is not None  # noqa: S101
        assert self._process.stdin is not None  # noqa: S101
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._questions.append(answer)
        self._process.stdin.write(kind + LENGTH.pack(len(message)) + message)
        return answer

    async def _hear(self) -> None:
        assert self._process is not None  # noqa: S101
        answers = self._process.stdout
        assert answers is not None  # noqa: S101
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                (length,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
                answer = await answers.readexactly(length)
                question = self._questions.popleft()
                if not question.done():  # whoever asked may have gone
                    question.set_result(answer)
                self.is_ready = True


def _environment() -> dict[str, str]:
    """Where modules are found, and nothing of our settings: a worker needs no secret."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return others | {"PYTHONPATH": os.pathsep.join(each or os.getcwd() for each in sys.path)}  # noqa: PTH109


_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(Done).decode
