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

from bot.service.port import Done, Later, Lost, Refused, Replaced, Shut
from bot.store.faults import Point, reached
from bot.store.port import StoreError
from bot.store.rows import LOST, Settlement

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping

    from bot.service.leases import Lease
    from bot.service.port import Channel
    from bot.service.ration import Rations
    from bot.store.port import Store
    from bot.store.rows import Delivery

AT_ONCE: Final = 64
"""Messages under way at the same time."""
BUNCH: Final = 2
"""As many parts make up all messages that can be under way: while one is on its way, what became of another is written
down, and as many are taken up."""
YIELD: Final = 3
"""As many times as long as an exchange with the store has taken the next one waits for more to come along."""
LONGEST_YIELD_MS: Final = 100
IDLE_MS: Final = 1_000
"""How long to rest where nothing is announced; other processes announce nothing."""
OTHERS_MS: Final = 50
"""How long to rest where others are taking up what there is."""
ADOPT_EVERY_MS: Final = 5_000
ADOPTED: Final = 1_000
"""Messages taken over at a time."""
FIND_AT_ONCE: Final = 16
"""Messages looked for at the same time."""
FIRST_PAUSE_MS: Final = 500
LONGEST_PAUSE_MS: Final = 60_000
GIVE_UP_AFTER: Final = 1_500
"""Attempts, a day of the longest pauses."""

_LOG: Final = structlog.get_logger(__name__)


class Deliverer:
    """Delivers what is for `channels` (by carrier) while `run` runs, and `lease` is held, which is its owner's own."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        ration: Rations,
        lease: Lease,
        clock: Callable[[], int],
        random: Callable[[], float],
        *,
        at_once: int = AT_ONCE,
        after: Callable[[Settlement], None] = lambda _: None,
    ) -> None:
        """`random` gives numbers from 0 to 1, for jitter; `after` is told what was written down."""
        self._store = store
        self._channels = channels
        self._carriers = list(channels)
        self._ration = ration
        self._lease = lease
        self._clock = clock
        self._random = random
        self._at_once = at_once
        self._after = after
        self.report: Callable[[Delivery, Settlement], Awaitable[None]] | None = None
        """Awaited before it is written down what became of a message: after a crash it is called again, not never."""
        self._news = asyncio.Event()
        self._emptied = asyncio.Event()
        self._trouble: StoreError | None = None
        """What the store failed with the last time."""
        self._look = True
        """Whether there may be something to take up, without asking."""
        self._more = False
        """Whether there was more to take up than there was room for."""
        self._settled: list[Settlement] = []
        self._sending: set[asyncio.Task[Settlement | None]] = set()
        self._recovering: set[asyncio.Task[Settlement | None]] = set()
        """They take no room from those that are being sent: their platform may be away for hours."""
        self._finding = asyncio.Semaphore(FIND_AT_ONCE)
        self._adopt_at = 0
        self._exchange_at = 0.0
        """By the event loop's clock."""
        self._closing = False

    def wake(self, carriers: Collection[str] | None = None) -> None:
        """There may be something to deliver, by any carrier or by one of these."""
        if carriers is not None and not any(each in carriers for each in self._carriers):
            return
        self._look = True
        self._emptied.clear()
        self._news.set()

    async def emptied(self) -> None:
        """Wait until nothing can be delivered now, and nothing is under way.

        Raises StoreError if that cannot be known now, because the store fails.
        """
        await self._emptied.wait()
        if self._trouble is not None:
            raise self._trouble

    def close(self) -> None:
        """Take up nothing more. What is being looked for is left to whoever comes next."""
        self._closing = True
        for task in self._recovering:
            task.cancel()
        self._news.set()

    async def run(self) -> None:
        """Deliver until `close`; then finish what is under way, and return."""
        try:
            while not (self._closing and not self._sending and not self._settled):
                self._news.clear()
                try:
                    await self._round()
                except StoreError as failure:
                    # what was settled stays here until it can be written down
                    _LOG.warning("delivery_waits_for_store", error=str(failure))
                    self._trouble = failure
                    self._emptied.set()  # whoever waits must know
                    await asyncio.sleep(FIRST_PAUSE_MS / 1000)
                else:
                    if self._trouble is not None:
                        self._trouble = None
                        self.wake()
        finally:
            for task in self._sending | self._recovering:
                task.cancel()

    async def _round(self) -> None:
        """Write down what became of messages, and take up as many as there is room for; or rest."""
        active = self._lease.held and not self._closing
        if active:
            await self._adopt()
        room = self._room()
        if not self._settled and not (room and self._look):
            # an idle process only reads
            shut = self._ration.shut(self._carriers, self._clock())
            due = await self._store.next_delivery(self._carriers) if room else shut
            if not room or due is None or due > self._clock():
                if active and not (self._sending or self._recovering or self._news.is_set()):
                    self._emptied.set()
                await self._rest(due)
                return
        await self._gather()
        room = self._room()
        self._look = self._look and not room
        settled = self._settled[:]
        taken = await self._exchange(settled, room)
        del self._settled[: len(settled)]
        self._more = room > 0 and len(taken) == room
        if settled:
            reached(Point.SETTLED)
            for each in settled:
                self._after(each)
        if taken:
            reached(Point.CLAIMED)
            self._look = True
        for delivery in taken:
            self._start(self._sending, delivery, self._carry(delivery))
        if not taken and not settled:
            await asyncio.sleep(OTHERS_MS / 1000)

    def _room(self) -> int:
        """How many messages to take up now."""
        now = self._clock()
        if self._closing or not self._lease.held or self._ration.shut(self._carriers, now) is not None:
            return 0
        room = min(self._at_once - len(self._sending), -(-self._at_once // BUNCH))
        most = self._ration.most(self._carriers, now)
        return room if most is None else min(room, max(most, 1))

    async def _gather(self) -> None:
        """Leave the store to others for a moment, above all to intake: one commit serves all that comes meanwhile."""
        loop = asyncio.get_running_loop()
        while not self._closing and max(len(self._settled), self._more and self._room()) * BUNCH < self._at_once:
            pause = self._exchange_at - loop.time()
            if pause <= 0:
                break
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()

    async def _exchange(self, settled: list[Settlement], room: int) -> list[Delivery]:
        """See `Store.exchange`."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        taken = await self._store.exchange(
            self._lease.owner, self._carriers, settled, room, self._clock(), self._ration
        )
        ended = loop.time()
        self._exchange_at = ended + min(YIELD * (ended - begun), LONGEST_YIELD_MS / 1000)
        return taken

    async def _adopt(self) -> None:
        """Now and then, take over what a process left behind that is gone."""
        now = self._clock()
        if self._adopt_at - ADOPT_EVERY_MS <= now < self._adopt_at:
            return
        adopted = await self._store.adopt(self._lease.owner, self._carriers, ADOPTED, now)
        if adopted:
            reached(Point.ADOPTED)
        for delivery in adopted:
            self._start(self._recovering, delivery, self._recover(delivery))
        self._adopt_at = now + ADOPT_EVERY_MS

    async def _rest(self, until: int | None) -> None:
        """Wait for news, or until then, or a moment."""
        pause = IDLE_MS if until is None else max(1, min(IDLE_MS, until - self._clock()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause / 1000):
                await self._news.wait()

    def _start(
        self,
        group: set[asyncio.Task[Settlement | None]],
        delivery: Delivery,
        work: Coroutine[None, None, Settlement | None],
    ) -> None:
        task = asyncio.create_task(self._reported(delivery, work))
        group.add(task)
        self._emptied.clear()
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Settlement | None]) -> None:
        self._sending.discard(task)
        self._recovering.discard(task)
        if not task.cancelled() and (settlement := task.result()) is not None:
            self._settled.append(settlement)
        self._news.set()

    # --- one message ----------------------------------------------------------------------------------------------

    async def _reported(self, delivery: Delivery, work: Coroutine[None, None, Settlement | None]) -> Settlement | None:
        """What became of a message, after whoever wants to know has been told."""
        settlement = await work
        if self.report is not None and settlement is not None:
            try:
                await self.report(delivery, settlement)
            except Exception as failure:  # noqa: BLE001  (what became of it is written down all the same: its lane goes on)
                _LOG.error("report_failed", outbox=delivery.id, error=type(failure).__name__)
        return settlement

    async def _carry(self, delivery: Delivery) -> Settlement | None:
        """Send a message; None if what became of it is being found out, or it is no more."""
        channel = self._channels[delivery.carrier]
        if not self._lease.held:  # whoever thinks that we are gone may have taken it over
            return Settlement(delivery.id, "queued", not_before=self._clock())
        try:
            natives = await channel.send(delivery)
        except Refused as refusal:
            _LOG.warning("message_refused", outbox=delivery.id, reason=str(refusal))
            return Settlement(delivery.id, "refused", reason=str(refusal))
        except Later as later:
            if isinstance(later, Shut):
                _LOG.warning("staff_place_shut", outbox=delivery.id, reason=str(later))
            return self._put_off(delivery, later)
        except Replaced as replaced:
            _LOG.info("place_changed", outbox=delivery.id)
            return Settlement(delivery.id, "queued", replaced.natives, not_before=self._clock())
        except Done:
            return None
        except Lost:
            self._start(self._recovering, delivery, self._recover(delivery))
            return None
        except Exception as failure:  # noqa: BLE001  (a channel's defect must not end delivery for everybody)
            # its name only: the text of an error may hold the message
            _LOG.error("sending_failed", outbox=delivery.id, error=type(failure).__name__)
            return self._put_off(delivery, Later(type(failure).__name__))
        reached(Point.SENT)
        return Settlement(delivery.id, "sent", natives, refs=delivery.files)

    async def _recover(self, delivery: Delivery) -> Settlement:
        """Find out what became of a message that may have been sent, for as long as it takes."""
        channel = self._channels[delivery.carrier]
        pause = FIRST_PAUSE_MS
        while True:
            try:
                async with self._finding:
                    natives = await channel.find(delivery)
            except (Lost, Refused):
                if channel.repeats(delivery):
                    return self._put_off(delivery, Later(LOST))
                _LOG.warning("message_uncertain", outbox=delivery.id)
                return Settlement(delivery.id, "uncertain", reason=LOST)
            except Exception as failure:  # noqa: BLE001  (as above)
                # nothing is known yet
                after = failure.after if isinstance(failure, Later) else 0
                if not isinstance(failure, Later):
                    _LOG.error("finding_failed", outbox=delivery.id, error=type(failure).__name__)
                await asyncio.sleep(max(int(pause * (0.5 + self._random() / 2)), after) / 1000)
                pause = min(pause * 2, LONGEST_PAUSE_MS)
            else:
                if natives is not None:
                    return Settlement(delivery.id, "sent", natives, refs=delivery.files)
                return self._put_off(delivery, Later("it was not sent"))

    def _put_off(self, delivery: Delivery, later: Later) -> Settlement:
        """Try again after what the platform asks for, or after ever longer pauses, a little apart from one another."""
        if delivery.attempts >= GIVE_UP_AFTER:
            return Settlement(delivery.id, "refused", reason=f"given up after {delivery.attempts} attempts: {later}")
        pause = min(FIRST_PAUSE_MS * 2 ** min(delivery.attempts - 1, 20), LONGEST_PAUSE_MS)
        wait = max(later.after, int(pause * (0.5 + self._random() / 2)))
        return Settlement(
            delivery.id, "queued", reason=str(later), not_before=self._clock() + wait, bucket=later.bucket
        )
