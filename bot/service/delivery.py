"""Delivery: takes messages out of the store, hands each to its channel, and writes down what became of it.

Every message is marked as being sent before it is, so that after a crash it is known which may have been. Those are
looked for on the platform; where that cannot tell, the channel's policy decides between once more and *uncertain*.
Nothing is dropped: a message ends as sent, refused, uncertain or suppressed.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import structlog

from bot.service.port import Later, Lost, Refused
from bot.store.faults import Point, reached
from bot.store.port import StoreError
from bot.store.rows import Settlement

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from bot.service.port import Channel
    from bot.store.port import Store
    from bot.store.rows import Delivery, Ration

AT_ONCE: Final = 64
"""Messages under way at the same time."""
IDLE_MS: Final = 1_000
"""How long to rest where nothing is announced; other processes announce nothing."""
ADOPT_EVERY_MS: Final = 5_000
ADOPTED: Final = 1_000
"""Messages taken over at a time."""
FIRST_PAUSE_MS: Final = 500
LONGEST_PAUSE_MS: Final = 60_000
GIVE_UP_AFTER: Final = 1_500
"""Attempts, a day of the longest pauses."""

_LOG: Final = structlog.get_logger(__name__)


class Deliverer:
    """Delivers what is for `channels` (by carrier) while `run` runs. `owner` must hold a lease of that name."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        ration: Ration,
        owner: str,
        clock: Callable[[], int],
        random: Callable[[], float],
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """`random` gives numbers from 0 to 1, for jitter."""
        self._store = store
        self._channels = channels
        self._ration = ration
        self._owner = owner
        self._clock = clock
        self._random = random
        self._at_once = at_once
        self._news = asyncio.Event()
        self._settled: list[Settlement] = []
        self._under_way: set[asyncio.Task[Settlement]] = set()
        self._adopt_at = 0
        self._closing = False

    def wake(self) -> None:
        """There may be something to deliver."""
        self._news.set()

    def close(self) -> None:
        """Take up nothing more."""
        self._closing = True
        self._news.set()

    async def run(self) -> None:
        """Deliver until `close`; then finish what is under way, and return."""
        while not (self._closing and not self._under_way and not self._settled):
            self._news.clear()
            try:
                await self._adopt()
                taken = await self._exchange()
            except StoreError as failure:
                # what was settled stays here until it can be written down
                _LOG.warning("delivery_waits_for_store", error=str(failure))
                await asyncio.sleep(FIRST_PAUSE_MS / 1000)
                continue
            for delivery in taken:
                self._start(self._carry(delivery))
            if not taken and not self._settled:
                await self._rest()

    async def _adopt(self) -> None:
        """Now and then, take over what a process left behind that is gone."""
        now = self._clock()
        if self._closing or now < self._adopt_at:
            return
        adopted = await self._store.adopt(self._owner, list(self._channels), ADOPTED, now)
        if adopted:
            reached(Point.ADOPTED)
        for delivery in adopted:
            self._start(self._recover(delivery))
        self._adopt_at = now + ADOPT_EVERY_MS

    async def _exchange(self) -> list[Delivery]:
        settled = self._settled[:]
        limit = 0 if self._closing else self._at_once - len(self._under_way)
        taken = await self._store.exchange(
            self._owner, list(self._channels), settled, limit, self._clock(), self._ration
        )
        del self._settled[: len(settled)]
        if settled:
            reached(Point.SETTLED)
        if taken:
            reached(Point.CLAIMED)
        return taken

    async def _rest(self) -> None:
        """Wait for news, for the next message that was put off, or a moment."""
        due = None if self._closing else await self._store.next_delivery(list(self._channels))
        pause = IDLE_MS if due is None else max(1, min(IDLE_MS, due - self._clock()))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), pause / 1000)

    def _start(self, work: Coroutine[None, None, Settlement]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Settlement]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            self._settled.append(task.result())
        self._news.set()

    # --- one message ----------------------------------------------------------------------------------------------

    async def _carry(self, delivery: Delivery) -> Settlement:
        """Send a message."""
        channel = self._channels[delivery.carrier]
        try:
            natives = await channel.send(delivery)
        except Refused as refusal:
            _LOG.warning("message_refused", outbox=delivery.id, reason=str(refusal))
            return Settlement(delivery.id, "refused", reason=str(refusal))
        except Later as later:
            return self._put_off(delivery, later)
        except Lost:
            return await self._recover(delivery)
        except Exception as failure:  # noqa: BLE001  (a channel's defect must not end delivery for everybody)
            # its name only: the text of an error may hold the message
            _LOG.error("sending_failed", outbox=delivery.id, error=type(failure).__name__)
            return self._put_off(delivery, Later(type(failure).__name__))
        reached(Point.SENT)
        return Settlement(delivery.id, "sent", natives)

    async def _recover(self, delivery: Delivery) -> Settlement:
        """Find out what became of a message that may have been sent."""
        channel = self._channels[delivery.carrier]
        pause = FIRST_PAUSE_MS
        while True:
            try:
                natives = await channel.find(delivery)
            except (Later, Refused, Lost) as failure:
                if isinstance(failure, Later):  # nothing is known yet
                    await asyncio.sleep(max(pause, failure.after) / 1000)
                    pause = min(pause * 2, LONGEST_PAUSE_MS)
                    continue
                if channel.repeats(delivery):
                    return Settlement(delivery.id, "queued", not_before=self._clock())
                _LOG.warning("message_uncertain", outbox=delivery.id)
                return Settlement(delivery.id, "uncertain", reason="the answer was lost")
            if natives is not None:
                return Settlement(delivery.id, "sent", natives)
            return Settlement(delivery.id, "queued", not_before=self._clock())

    def _put_off(self, delivery: Delivery, later: Later) -> Settlement:
        """Try again after what the platform asks for, or after ever longer pauses, a little apart from one another."""
        if delivery.attempts >= GIVE_UP_AFTER:
            return Settlement(delivery.id, "refused", reason=f"given up after {delivery.attempts} attempts: {later}")
        pause = min(FIRST_PAUSE_MS * 2 ** min(delivery.attempts - 1, 20), LONGEST_PAUSE_MS)
        wait = max(later.after, int(pause * (0.5 + self._random() / 2)))
        return Settlement(
            delivery.id, "queued", reason=str(later), not_before=self._clock() + wait, bucket=later.bucket
        )
