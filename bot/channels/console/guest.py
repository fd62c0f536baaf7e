"""A terminal as a guest on a store, beside the service and other terminals.

It applies what is typed in it, fires the timers of its own conversation and delivers its own lane, and nothing else.
One terminal at a time holds a person's conversation, by a lease that it renews while it runs; what a terminal that was
killed did not show, or may not have shown, is shown by the next one.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

import msgspec

from bot.channels.console.channel import CARRIER, ConsoleChannel, address, decode
from bot.channels.console.conversation import HOOKS_PER_EVENT
from bot.channels.console.parts import Ended, beside, over
from bot.chat.effects import Card, Forget, Overview, Rewrite, Say
from bot.chat.events import Message, Performed
from bot.chat.people import CONSOLE
from bot.conversation import decode as conversation_of
from bot.desk.office import PLAIN
from bot.service.delivery import Deliverer
from bot.service.forgetting import Eraser
from bot.service.intake import Busy, Intake
from bot.service.leases import Lease
from bot.service.outgoing import Routes
from bot.service.overview import Overviews
from bot.service.parking import write_down
from bot.service.port import Refused
from bot.service.ration import Rations
from bot.service.reporting import report
from bot.service.step import Received, Stepper
from bot.service.timers import Timers
from bot.store.port import StoreError, Unavailable
from bot.store.rows import Arrival
from bot.text.nodes import CodeBlock, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.channels.console.channel import Errand
    from bot.channels.console.outbound import Visible
    from bot.chat.events import Event
    from bot.chat.people import User
    from bot.desk.office import Office
    from bot.engine.session import Session
    from bot.flow.library import Library
    from bot.store.port import Store
    from bot.store.rows import Delivery
    from bot.text.nodes import Document

_T = TypeVar("_T")

LEASE_MS: Final = 6_000
"""For how long a terminal that was killed keeps the next one waiting."""
LOOK_S: Final = 0.5
SHOWN_S: Final = 0.05
PATIENCE_MS: Final = 1_000
"""For how long to wait for a message that was put off; one that cannot be shown holds up nobody."""
LAST_S: Final = 5
"""For how long a terminal that is left tries to write down what it showed."""
REMEMBERED: Final = 1_000
"""Messages that are looked through for the buttons they showed."""

CROWDED: Final = "too much waits to be written down. Please try again in a moment."


class Occupied(Exception):  # noqa: N818  (a state of the conversation, which passes)
    """Another terminal holds this conversation."""


class Display(Protocol):
    """Where a guest shows things: a `Console`."""

    def recall(self, before: Sequence[Visible]) -> None:
        """Know what was shown in earlier terminals, before anything is shown in this one."""

    def show(self, effect: Visible) -> None:
        """Show a message."""

    def say(self, wording: str, about: str = "") -> None:
        """Show a wording of the console's own."""


class Merchant(NamedTuple):
    """Whose conversation it is; `flow` and `locale` are for one that has not begun.

    `routes` say where its cases go; without them they are shown in the merchant's own terminal.
    """

    user: User
    flow: str
    locale: str
    routes: Routes | None = None


class Guest:
    """The conversation of one person on `store`. `start` comes first, `close` last, and both are to be awaited."""

    def __init__(
        self,
        store: Store,
        library: Library,
        merchant: Merchant,
        display: Display,
        clock: Callable[[], int],
        seeds: Callable[[], str],
        *,
        lease_ms: int = LEASE_MS,
        office: Office = PLAIN,
    ) -> None:
        """Touch nothing yet."""
        user = merchant.user
        self.library = library
        self.address = str(address(user.id))
        self.session: Session | None = None
        """As it was when the last message was shown; None before there is a conversation."""
        self._store = store
        self._merchant = merchant
        self._clock = clock
        self._display = display
        self._seeds = seeds
        self._channel = ConsoleChannel(user.id, self._show, self._perform)
        self._lost = False
        self._performed = 0
        routes = merchant.routes or Routes({CONSOLE.name: CARRIER}, {CONSOLE.name: self._channel.parts})
        routes = msgspec.structs.replace(routes, hooks=self._channel.carrier, eraser=self._channel.carrier)
        step = Stepper(library, merchant.flow, routes, {CONSOLE.name: CONSOLE}, clock, seeds)
        step.grounds = step.grounds._replace(office=office)
        channels = {self._channel.carrier: self._channel}
        owner = f"{self._channel.carrier}.{seeds()}"
        held = Lease(store, self._channel.carrier, owner, clock, lease_ms)
        # it runs out earlier, so that whoever has the conversation can take over what this terminal was showing
        alive = Lease(store, owner, owner, clock, lease_ms // 2)
        self._leases = [held, alive]
        self._wait_s = lease_ms / 1000 * 1.25
        self._deliverer = Deliverer(store, channels, Rations({CONSOLE.name: self._channel}), alive, clock, lambda: 0.5)
        self._overviews = Overviews(store, step)
        self._intake = Intake(store, step, clock, write_down, after=self._deliverer.wake)
        self._deliverer.report = partial(report, self._intake, routes.staff)
        self._eraser = Eraser(store, self._intake, clock)
        self._timers = Timers(store, self._intake, held, clock, self.address)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def locale(self) -> str:
        """The language of the conversation, or that in which it would begin."""
        return self._merchant.locale if self.session is None else self.session.locale

    async def start(self) -> None:
        """Take the conversation over. Raises Occupied and StoreError.

        What was not shown yet has been shown when this returns.
        """
        await self._take_over()
        stored = await self._store.conversation(self.address)
        if stored is not None:
            self.session = conversation_of(stored.document).session
        self._display.recall(
            [each for payload in await self._store.sent(self.address, REMEMBERED) if (each := decode(payload))]
        )
        runs = (self._renew(), self._intake.run(), self._timers.run(), self._deliverer.run())
        self._tasks = [asyncio.create_task(run) for run in runs]
        await self._all_shown()

    async def receive(self, event: Event) -> None:
        """Apply an event; all that it brings about has been shown when this returns.

        Raises Occupied and StoreError: then it was not kept.
        """
        self._check()
        self._performed = 0
        received = Received(event, self._merchant.user, self._merchant.locale)
        # a terminal has no ids of messages: what is said of one goes by the key of its event
        origin = event.key if isinstance(event, Message) else ""
        arrival = Arrival(self.address, event.key, received, origin)
        try:
            result = await self._until(self._intake.submit(arrival))
        except Busy as busy:
            raise Unavailable(CROWDED) from busy
        if result == "parked":
            self._display.say("console_parked")
        try:
            await self._all_shown()
        except StoreError:
            self._display.say("console_unfinished")  # the next line tells why, if it is still so

    async def overdue(self) -> None:
        """Fire the timers whose time has come; what they bring about has been shown when this returns."""
        self._check()
        await self._timers.fire()
        await self._all_shown()

    async def close(self) -> None:
        """Finish what is under way and let the next terminal have the conversation. Raises what a part failed with."""
        for each in (self._timers, self._deliverer):
            each.close()
        if self._tasks:
            renewing, intake, *others = self._tasks
            renewing.cancel()
            # intake comes last, because they report through it; if it has failed, they would wait for it in vain, and
            # what cannot be written down now is shown again by the next terminal
            rest = asyncio.ensure_future(asyncio.wait(others))
            await asyncio.wait({intake, rest}, timeout=LAST_S, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            self._intake.close()
            await rest
        failure = await over(self._tasks)
        for lease in self._leases:
            await lease.release()
        if failure is not None:
            raise failure

    async def _take_over(self) -> None:
        waited = 0.0
        while not await self._hold():
            if waited == 0:
                self._display.say("console_waiting")
            if waited > self._wait_s:
                raise Occupied
            await asyncio.sleep(LOOK_S)
            waited += LOOK_S

    async def _hold(self) -> bool:
        """Take or renew both leases: of the conversation, and of the messages this terminal is showing."""
        return all([await lease.keep() for lease in self._leases])

    async def _renew(self) -> None:
        refused = 0
        while refused < 2:  # noqa: PLR2004  (once may be an answer that took too long to count)
            await asyncio.sleep(LOOK_S)
            try:
                refused = 0 if await self._hold() else refused + 1
            except StoreError:
                continue  # whoever types something is told
        self._lost = True
        self._deliverer.close()
        self._timers.close()
        self._display.say("console_taken")

    def _check(self) -> None:
        if self._lost:
            raise Occupied

    async def _all_shown(self) -> None:
        """Wait until nothing is left to show; what may have been shown rests a moment before it is shown again."""
        while True:
            await self._hold()  # a terminal that was held up shows nothing until its leases are renewed
            await self._until(self._deliverer.emptied())
            due = await self._store.next_delivery([self._channel.carrier])
            if due is None or due > self._clock() + PATIENCE_MS:
                return
            self._check()
            self._deliverer.wake()
            await asyncio.sleep(SHOWN_S)

    async def _until(self, work: Coroutine[None, None, _T]) -> _T:
        """Do `work`, unless what it waits for ends."""
        try:
            return await beside(self._tasks, work)
        except Ended:
            raise Occupied from None

    async def _show(self, effect: Visible) -> None:
        if isinstance(effect, Card) and effect.to == "merchant":
            effect = Rewrite("", await self._overviews.banner(self.address, effect.case))
        stored = await self._store.conversation(self.address)
        if stored is not None:
            self.session = conversation_of(stored.document).session
        self._display.show(effect)

    async def _perform(self, effect: Errand, delivery: Delivery) -> None:
        """Show what is kept, or remove it; no hook is registered here, and each action is told so at once."""
        if isinstance(effect, Overview):
            await self._show(Say(await self._overview(effect)))
            return
        if isinstance(effect, Forget):
            await self._eraser.send(delivery)
            return
        self._performed += 1
        if self._performed > HOOKS_PER_EVENT:
            raise Refused("too many actions in a row")
        event = Performed(self._seeds(), effect.action, error="no such hook")
        await self._intake.submit(Arrival(self.address, event.key, Received(event, self._merchant.user)))

    async def _overview(self, overview: Overview) -> Document:
        """What is kept; a terminal takes no file, so that all of it stands there."""
        if overview.of == "file":
            return (CodeBlock((Text((await self._overviews.file(self.address)).decode()),)),)
        return await self._overviews.document(self.address, overview, _elsewhere)


async def _elsewhere(address: str) -> str:  # noqa: ARG001  (as `Overviews` has it)
    """Where a conversation can be read on: a terminal has no links."""
    return ""
