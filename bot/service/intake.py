"""Intake: events in, batches of distinct conversations to the store, an answer to the bringer after an event is kept.

One fsync serves a whole batch. Events of one conversation are applied in the order in which they came: the next one
waits until the one before it is kept. What waits is bounded: beyond that the answer is `Busy`, so that the platform
brings the event again later.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

import structlog

from bot.store.faults import Point, reached
from bot.store.port import StoreError, Unavailable
from bot.store.rows import Poisoned

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence

    from bot.store.port import Store
    from bot.store.rows import Arrival, Change, Step, Task, Verdict

Result = Literal["applied", "duplicate", "stale", "parked"]
Answer = Literal[Result, "busy", "failed"]
"""What a bringer is told: that there is no room, and that it was not kept, are told as errors."""

BATCH: Final = 128
"""Conversations in a batch."""
FEW: Final = 24
"""Events that are not worth the way to a worker and back: at a few hundred a second it would only add to the wait."""
WAITING: Final = 4096
"""Events that wait for their batch at most."""

_LOG: Final = structlog.get_logger(__name__)


class Busy(Exception):  # noqa: N818  (an answer to whoever asks, not a defect)
    """More events wait than can: bring this one again later."""


class Apart(Protocol):
    """Takes the steps of a batch elsewhere."""

    def at_hand(self) -> bool:
        """Whether it can."""
        ...

    async def __call__(self, tasks: Sequence[Task]) -> Sequence[Change | None]:
        """See `Steps`."""
        ...


class _Pending(NamedTuple):
    arrival: Arrival
    kept: asyncio.Future[Result]


class Intake:
    """Takes events in while `run` runs."""

    def __init__(
        self,
        store: Store,
        step: Step,
        clock: Callable[[], int],
        write_down: Callable[[Arrival], str],
        *,
        batch: int = BATCH,
        waiting: int = WAITING,
        after: Callable[[Collection[str]], None] = lambda _: None,
        mend: Callable[[BaseException | None], Awaitable[bool]] | None = None,
    ) -> None:
        """`write_down` makes the text that an arrival is parked as.

        `after` is called when a batch was kept, with the carriers of the messages that it brings about.

        `mend` is given what a step failed on; if it could mend that, the step is tried again before anything is parked.
        """
        self._store = store
        self._step = step
        self._clock = clock
        self._write_down = write_down
        self._batch = batch
        self._most = self._room = waiting
        self._after = after
        self.told: Callable[[Arrival, Answer], None] = lambda _, __: None
        """Called when a bringer is told what became of an event."""
        self._mend = mend
        self.apart: Apart | None = None
        """Takes the steps of all but small batches, while it can."""
        self._idle = 0
        """Committers that have no batch."""
        self._spare = 0
        """Those of them that are for steps taken elsewhere."""
        self._lines: dict[str, deque[_Pending]] = {}
        """By conversation what waits, first come first."""
        self._ready: deque[str] = deque()
        """Conversations of whose events none is being applied, in the order in which they came to wait."""
        self._arrived = asyncio.Event()
        self._closing = False

    @property
    def waiting(self) -> int:
        """Events that wait to be kept, or are being kept."""
        return self._most - self._room

    async def submit(self, arrival: Arrival) -> Result:
        """Apply an event; it is kept when this returns. Raises Busy and Unavailable: then it is not."""
        answer: Answer = "failed"
        try:
            answer = result = await self._submit(arrival)
        except Busy:
            answer = "busy"
            raise
        finally:
            self.told(arrival, answer)
        return result

    async def _submit(self, arrival: Arrival) -> Result:
        if self._closing or self._room <= 0:
            raise Busy
        pending = _Pending(arrival, asyncio.get_running_loop().create_future())
        self._room -= 1
        line = self._lines.get(arrival.address)
        if line is None:
            self._lines[arrival.address] = deque([pending])
            self._ready.append(arrival.address)
            self._arrived.set()
        else:
            line.append(pending)
        return await pending.kept

    async def run(self, committers: int = 1, apart: int = 0) -> None:
        """Keep what comes until `close`; then keep what waits, and return.

        `committers`: as many batches as the store can write at the same time; `apart`: of as many the steps can be
        taken elsewhere, while one more is read or written: with still more under way each would be smaller, and its
        events cost more. Whoever still waits when this ends otherwise is told that their event was not kept.
        """
        self._spare = apart
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(max(committers, apart + 1)):
                    group.create_task(self._commit())
        finally:
            self._closing = True
            for line in self._lines.values():
                for pending in line:
                    _fail(pending, Busy())

    async def _commit(self) -> None:
        self._idle += 1
        while True:
            if not self._may_begin():
                if self._closing and not self._lines:
                    return
                self._arrived.clear()
                await self._arrived.wait()
                continue
            batch = self._next_batch()
            self._idle -= 1
            try:
                await self._keep(batch)
            finally:
                self._idle += 1
                for pending in batch:
                    _fail(pending, Busy())  # unless it has its answer
            self._put_back(batch)

    def _may_begin(self) -> bool:
        """Whether to begin a batch now: few events wait for the store to be free, and share the next commit."""
        if not self._ready or self._idle > self._spare:
            return bool(self._ready)
        return len(self._ready) >= FEW and self.apart is not None and self.apart.at_hand()

    def close(self) -> None:
        """Take nothing more in."""
        self._closing = True
        self._arrived.set()

    def _next_batch(self) -> list[_Pending]:
        count = min(self._batch, len(self._ready))
        if count > FEW and self.apart is not None and self.apart.at_hand():
            # shared out, so that one batch is written while the steps of another are taken
            count = min(count, max(FEW, -(-len(self._ready) // self._idle)))
        return [self._lines[self._ready.popleft()].popleft() for _ in range(count)]

    def _put_back(self, batch: Sequence[_Pending]) -> None:
        self._room += len(batch)
        for pending in batch:
            address = pending.arrival.address
            if self._lines[address]:
                self._ready.append(address)
            else:
                del self._lines[address]
        if self._ready or self._closing:
            self._arrived.set()

    async def _keep(self, batch: Sequence[_Pending]) -> None:
        """Apply a batch. One that cannot be applied is parked, and the others are applied without it."""
        reached(Point.BATCHED)
        rest = list(batch)
        while rest:
            carriers: set[str] = set()
            try:
                verdicts = await self._apply([each.arrival for each in rest], carriers)
            except Poisoned as poison:
                try:
                    mended = self._mend is not None and await self._mend(poison.__cause__)
                except StoreError as failure:
                    return self._fail(rest, failure)
                if not mended:
                    await self._park(rest.pop(poison.index), poison.__cause__)
            except Unavailable as failure:
                return self._fail(rest, failure)
            except Exception as failure:  # noqa: BLE001  (whoever waits must be told, whatever it is)
                # what a store says is meant to be read; any other text may hold what somebody wrote
                said = str(failure) if isinstance(failure, StoreError) else type(failure).__name__
                _LOG.error("batch_failed", events=len(rest), error=said)
                return self._fail(rest, failure)
            else:
                reached(Point.COMMITTED)
                self._after(carriers)
                return _answer(rest, verdicts)
        return None

    async def _apply(self, batch: Sequence[Arrival], carriers: set[str]) -> list[Verdict]:
        """Have the store keep a batch; the carriers of its messages come to be among `carriers`."""
        apart = self.apart

        def noted(change: Change | None) -> Change | None:
            if change is not None:
                for each in change.outgoing:
                    carriers.add(each.carrier)
            return change

        async def elsewhere(tasks: Sequence[Task]) -> Sequence[Change | None]:
            assert apart is not None  # noqa: S101
            return [noted(each) for each in await apart(tasks)]

        if len(batch) >= FEW and apart is not None and apart.at_hand():
            return await self._store.commit_apart(batch, elsewhere, self._clock())
        return await self._store.commit(batch, lambda *of: noted(self._step(*of)), self._clock())

    async def _park(self, pending: _Pending, cause: BaseException | None) -> None:
        arrival = pending.arrival
        reason = f"{type(cause).__name__}: {cause}" if cause is not None else "unknown"
        _LOG.error("event_parked", address=arrival.address, key=arrival.key, error=type(cause).__name__)
        try:
            await self._store.park(arrival, self._write_down(arrival), reason, self._clock())
        except Exception as failure:  # noqa: BLE001  (whatever it is, the event was not kept, and its bringer must know)
            self._fail([pending], failure)
        else:
            reached(Point.PARKED)
            _answer([pending], ["parked"])

    def _fail(self, batch: Sequence[_Pending], failure: Exception) -> None:
        """Nothing of these was kept; what came behind one of them must not overtake it, so it fails with it."""
        for pending in batch:
            line = self._lines[pending.arrival.address]
            self._room += len(line)
            for each in (pending, *line):
                _fail(each, failure)
            line.clear()


def _fail(pending: _Pending, failure: Exception) -> None:
    if not pending.kept.done():
        pending.kept.set_exception(failure)


def _answer(batch: Sequence[_Pending], results: Sequence[Result | Verdict]) -> None:
    for pending, result in zip(batch, results, strict=True):
        if not pending.kept.done():  # whoever waited may have gone
            pending.kept.set_result(result)
