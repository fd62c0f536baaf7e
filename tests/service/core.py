"""The whole way in: intake with the real step over a flow of the test, on a store and a clock one can move."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Self

from bot.chat.events import Message
from bot.chat.people import CONSOLE, User
from bot.service.delivery import Deliverer
from bot.service.intake import Intake
from bot.service.leases import Lease
from bot.service.outgoing import Routes
from bot.service.parking import write_down
from bot.service.step import Received, Stepper
from bot.service.timers import Timers
from bot.store.rows import Arrival
from tests.engine.talk import library
from tests.service.world import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.chat.events import AnyEvent
    from bot.service.intake import Result
    from bot.service.port import Channel
    from bot.service.ration import Rations
    from bot.store.port import Store
    from tests.service.world import Clock

ROUTES = Routes({"console": "console"}, {"console": lambda effect: (effect,)})


@contextlib.asynccontextmanager
async def delivering(
    core: Core, channel: Channel, rations: Rations, clock: Clock, owner: str = "me", ttl: int = 10**12
) -> AsyncIterator[asyncio.Task[None]]:
    """Deliver what is for a channel; what is yielded can be cancelled, as in a crash."""
    lease = Lease(core.store, owner, owner, clock, ttl)
    await lease.keep()
    deliverer = Deliverer(core.store, {channel.carrier: channel}, rations, lease, clock, lambda: 0.5)
    core.intake._after = deliverer.wake
    run = asyncio.create_task(deliverer.run())
    try:
        yield run
    finally:
        deliverer.close()
        with contextlib.suppress(asyncio.CancelledError):
            async with asyncio.timeout(PATIENCE_S):
                await run


class Core:
    """An intake over `flow` on `store`, running in `async with`, and the timers of a process called `owner`."""

    def __init__(
        self,
        store: Store,
        flow: str,
        clock: Clock,
        owner: str = "me",
        *,
        waiting: int = 4096,
        routes: Routes = ROUTES,
    ) -> None:
        """Do nothing yet."""
        self._seeds = 0
        self.store = store
        self.step = Stepper(library(flow), "test", routes, {"console": CONSOLE}, clock, self._seed)
        self.intake = Intake(store, self.step, clock, write_down, waiting=waiting)
        self.lease = Lease(store, "timers", owner, clock, ttl=10**12)
        self.timers = Timers(store, self.intake, self.lease, clock)
        self._sent = 0
        self._run: asyncio.Task[None] | None = None

    def _seed(self) -> str:
        self._seeds += 1
        return f"seed{self._seeds}"

    async def __aenter__(self) -> Self:
        """Begin."""
        self._run = asyncio.create_task(self.intake.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish."""
        assert self._run is not None
        self.intake.close()
        async with asyncio.timeout(PATIENCE_S):
            await self._run

    async def send(self, address: str, *events: AnyEvent | str) -> Result:
        """Bring events, texts as messages; what came of the last one."""
        result: Result = "applied"
        for event in events:
            self._sent += 1
            made = Message(f"k{self._sent}", event) if isinstance(event, str) else event
            arrival = Arrival(address, made.key, Received(made, User("u1", "Ana"), "en"), origin=f"o{self._sent}")
            result = await self.intake.submit(arrival)
        return result
