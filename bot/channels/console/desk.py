"""A terminal as the place of staff: cases come to it, and what is typed in it is theirs.

It is a guest on a store like a merchant's terminal: it applies what is typed in it and delivers what is for the desk.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from bot.channels.console.channel import CARRIER
from bot.channels.console.guest import CROWDED, LAST_S
from bot.channels.console.outbound import Visible, relayed
from bot.channels.console.parts import beside, over
from bot.channels.console.rendering import Shown
from bot.chat.effects import Card, Entrust, Mark, Notice, OpenCase, Relay, Rewrite
from bot.chat.events import Command, Written
from bot.chat.people import CONSOLE, Person
from bot.desk import typed
from bot.service.delivery import Deliverer
from bot.service.desk import Desk
from bot.service.drops import Drops
from bot.service.intake import Busy, Intake
from bot.service.joining import Joiner
from bot.service.leases import Keeper, Lease
from bot.service.parking import write_down
from bot.service.port import Whole
from bot.service.ration import Rations
from bot.service.recall import Recall
from bot.service.reporting import report
from bot.service.timers import Timers
from bot.store.port import StoreError, Unavailable
from bot.store.rows import CaseFilter
from bot.text.nodes import Paragraph, Text, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    from bot.channels.console.rendering import Screen
    from bot.service.step import Stepper
    from bot.store.port import Store
    from bot.store.rows import Delivery
    from bot.text.nodes import Document

_T = TypeVar("_T")

SHOWN: Final = 30
"""Cases that are listed."""
HELP: Final = (
    "What you type goes to the case that was shown last: /claim it, write to the merchant, /note, /solve, /bot, /who. "
    "/cases lists the open ones, /case ID goes to one, /help shows this."
)
UNFINISHED: Final = (
    "What you wrote is kept. Which messages were shown could not be written down, so some may come again: {reason}"
)
_DECODER: Final = msgspec.json.Decoder(Visible | Entrust)


class _Channel(Whole):
    """The desk's terminal as a channel: it can be shown anything, and once more after a crash."""

    carrier = CARRIER.format(account="desk")

    def __init__(self, recall: Recall, show: Callable[[str, Shown], None]) -> None:
        self._recall = recall
        self._show = show

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        effect = _DECODER.decode(delivery.payload)
        case = getattr(effect, "case", "")
        if isinstance(effect, (OpenCase, Card)):
            card = await self._recall.card(delivery.address)
            commands = "  ".join(f"/{found[0]}" for each in card.buttons if (found := typed.pressed(each.token)))
            below = (paragraph(commands),) if commands else ()
            self._show(case, Shown((*card.document, *below), heading=case))
            return ()
        match effect:
            case Relay():
                document: Document = relayed(effect)
            case Mark(_, _, state):
                document = (paragraph(f"({state})"),)
            case Notice(_, text) | Rewrite(_, text):
                document = text
            case Entrust(_, drop, person):
                document = self._recall.entrance(delivery.address, drop, person)
            case _:
                document = ()
        if document:
            first, *rest = document
            children = first.children if isinstance(first, Paragraph) else ()
            named = Paragraph((Text(f"[{case}] ", bold=True), *children))
            self._show(case, Shown((named, *rest)))
        return ()


class DeskTerminal:
    """The desk on `store`, as `person`. `start` comes first, `close` last."""

    def __init__(
        self,
        store: Store,
        stepper: Stepper,
        person: Person,
        screen: Screen,
        clock: Callable[[], int],
        seeds: Callable[[], str],
        drop_key: str = "",
    ) -> None:
        """`stepper` sends what is for staff to this terminal, too.

        `drop_key` as `Drops` takes it, "" for no one-time forms.
        """
        self._store = store
        self._person = person
        self._screen = screen
        self._seeds = seeds
        self._case = ""
        owner = f"console.desk.{seeds()}"
        leases = [Lease(store, name, owner, clock) for name in (owner, "timers")]
        self._keeper = Keeper(leases)
        self._leases = leases
        self._intake = Intake(store, stepper, clock, write_down, after=self._wake)
        staff = stepper.grounds.routes.staff
        self._desk = Desk(store, self._intake, staff, CONSOLE.name)
        drops = Drops(store, self._intake, stepper, drop_key, clock) if drop_key else None
        channel = _Channel(Recall(store, stepper, drops), self._shown)
        rations = Rations({CONSOLE.name: channel})
        carriers = {each.carrier: each for each in (channel, Joiner(store, self._intake))}
        self._deliverer = Deliverer(store, carriers, rations, leases[0], clock, lambda: 0.5)
        self._deliverer.report = partial(report, self._intake, staff)
        self._timers = Timers(store, self._intake, leases[1], clock)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Show what waits for the desk, and take what is typed from now on. Raises StoreError."""
        for lease in self._leases:
            await lease.keep()
        runs = (self._keeper.run(), self._timers.run(), self._intake.run(), self._deliverer.run())
        self._tasks = [asyncio.create_task(run) for run in runs]
        await self._until(self._deliverer.emptied())

    async def type(self, line: str) -> None:
        """Do what a line says; what it brings about has been shown when this returns.

        Raises StoreError: then it was not kept.
        """
        words = line.strip()
        name, _, rest = words.partition(" ")
        match name.lower():
            case "":
                return
            case "/help":
                self.tell(HELP)
            case "/case" if rest.strip():
                self._case = rest.strip().upper()
                self.tell(f"You are at case {self._case} now.")
            case "/cases" | "/case":
                await self._list()
            case _:
                await self._bring(words)
        self._deliverer.wake()
        try:
            await self._until(self._deliverer.emptied())
        except StoreError as failure:
            self.tell(UNFINISHED.format(reason=failure))

    async def close(self) -> None:
        """Finish what is under way. Raises what a part failed with, which nobody may have waited for."""
        self._timers.close()
        self._deliverer.close()
        if self._tasks:
            _, timers, intake, delivery = self._tasks
            await asyncio.wait([timers, delivery], timeout=LAST_S)
            for task in (timers, delivery):
                task.cancel()  # what could not be written down is shown again by the next terminal
            self._intake.close()
            await asyncio.wait([intake])
        self._keeper.close()
        failure = await over(self._tasks)
        for lease in self._leases:
            await lease.release()
        if failure is not None:
            raise failure

    async def _until(self, work: Coroutine[None, None, _T]) -> _T:
        return await beside(self._tasks, work)

    def _wake(self, carriers: Collection[str]) -> None:
        self._deliverer.wake(carriers)

    async def _bring(self, words: str) -> None:
        if not self._case:
            self.tell("No case has come yet.")
            return
        key = f"console:{self._seeds()}"
        event: Command | Written
        if words.startswith("/"):
            event = Command(key, self._person, *typed.command(words))
        else:
            event = Written(key, self._person, key, words)
        try:
            found = await self._until(self._desk.bring_to(self._case, event))
        except Busy as busy:
            raise Unavailable(CROWDED) from busy
        if found is None:
            self.tell(f"There is no case {self._case}.")

    async def _list(self) -> None:
        found = await self._store.cases(CaseFilter(), SHOWN)
        if not found:
            self.tell("No case is open.")
        for each in found:
            case = each.case
            who = case.assignee or "nobody"
            self.tell(f"{case.id}  {case.status}  {case.priority}  {case.queue}  {case.title}  ({who})")

    def _shown(self, case: str, message: Shown) -> None:
        if message.heading or not self._case:
            self._case = case
        self._screen.show(message)

    def tell(self, words: str) -> None:
        """Show words of the terminal's own."""
        self._screen.show(Shown((paragraph(words),), quiet=True))
