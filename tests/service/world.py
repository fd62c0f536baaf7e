"""The world outside the service: a clock one can move, and a platform that takes messages, or does not."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self

from bot.service.delivery import Deliverer
from bot.service.leases import Lease
from bot.service.port import Lost
from bot.service.ration import Rations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.service.port import Rate
    from bot.store.port import Store
    from bot.store.rows import Delivery

PATIENCE_S = 60.0
ANY = "*"
START = 1_767_603_600_000


class Clock:
    """Milliseconds since 1970, which pass when told to."""

    def __init__(self) -> None:
        """Start at the same moment always."""
        self.now = START

    def __call__(self) -> int:
        """The time."""
        return self.now

    def move(self, milliseconds: int) -> None:
        """Let time pass, or go back."""
        self.now += milliseconds


class Hanging(Exception):  # noqa: N818  (what is to happen, not an error)
    """As an outcome: no answer until `StandIn.go_on`."""


class Taken(Exception):  # noqa: N818  (the same)
    """As an outcome: the message is taken, and the answer lost."""


class StandIn:
    """The platform behind the carrier `console`. It takes what it gets.

    Except as `outcomes` say, by payload or for ANY.
    `finds`: it can be asked what became of a message; otherwise nobody can tell. `repeatable`: twice is harmless.
    """

    def __init__(self, *rates: Rate, finds: bool = True, repeatable: bool = False, carrier: str = "console") -> None:
        """An empty place."""
        self.carrier = carrier
        self.taken: list[str] = []
        self.lanes: defaultdict[str, list[str]] = defaultdict(list)
        """The same, by place."""
        self.asked: list[str] = []
        """What was looked for."""
        self.attempts: list[str] = []
        self.outcomes: defaultdict[str, list[Exception]] = defaultdict(list)
        self.findings: defaultdict[str, list[Exception]] = defaultdict(list)
        self._rates = rates
        self._finds = finds
        self._repeatable = repeatable
        self._go_on = asyncio.Event()

    def go_on(self) -> None:
        """Answer whatever hangs."""
        self._go_on.set()

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `Channel.parts`."""
        return (effect,)

    def rates(self, destination: Address) -> Sequence[Rate]:  # noqa: ARG002  (as the port has it)
        """See `Channel.rates`."""
        return self._rates

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        self.attempts.append(delivery.payload)
        waiting = self.outcomes[delivery.payload] or self.outcomes[ANY]
        outcome = waiting.pop(0) if waiting else None
        if isinstance(outcome, Hanging):
            await self._go_on.wait()
        elif isinstance(outcome, Taken):
            self._take(delivery)
            raise Lost
        elif outcome is not None:
            raise outcome
        self._take(delivery)
        return (f"m{len(self.taken)}",)

    def _take(self, delivery: Delivery) -> None:
        self.taken.append(delivery.payload)
        self.lanes[delivery.destination].append(delivery.payload)

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`."""
        self.asked.append(delivery.payload)
        if self.findings[delivery.payload]:
            raise self.findings[delivery.payload].pop(0)
        if not self._finds:
            raise Lost
        return (f"m{self.taken.index(delivery.payload) + 1}",) if delivery.payload in self.taken else None

    def repeats(self, delivery: Delivery) -> bool:  # noqa: ARG002  (as the port has it)
        """See `Channel.repeats`."""
        return self._repeatable


async def until(true: Callable[[], Any]) -> None:
    """Wait until something holds; fails when it never does."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110  (what it waits for announces nothing)
            await asyncio.sleep(0.002)


class Delivering:
    """A deliverer at work on `store`, with a lease of its own; to be used in `async with`."""

    def __init__(self, store: Store, channel: StandIn, clock: Clock, owner: str = "me", at_once: int = 64) -> None:
        """Do nothing yet."""
        self.lease = Lease(store, owner, owner, clock, ttl=10**12)
        self.deliverer = Deliverer(
            store, {channel.carrier: channel}, Rations({"console": channel}), self.lease, clock, lambda: 0.5,
            at_once=at_once,
        )  # fmt: skip
        self._clock = clock
        self._run: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        await self.lease.keep()
        self._run = asyncio.create_task(self.deliverer.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish."""
        assert self._run is not None
        self.deliverer.close()
        async with asyncio.timeout(PATIENCE_S):
            await self._run

    async def pass_(self, milliseconds: int) -> None:
        """Let time pass, and deliver what can be delivered then."""
        self._clock.move(milliseconds)
        await self.empty()

    async def empty(self) -> None:
        """Deliver what can be delivered now."""
        self.deliverer.wake()
        async with asyncio.timeout(PATIENCE_S):
            await self.deliverer.emptied()

    def kill(self) -> None:
        """End it as a crash does: it writes nothing down any more."""
        assert self._run is not None
        self._run.cancel()
