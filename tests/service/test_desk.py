"""What staff do, all the way into the store: many at once, and nothing of what they keep to themselves leaves."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from bot.chat.events import Command, Due, Message, Written
from bot.chat.people import CONSOLE, Person, User
from bot.chat.places import Places
from bot.conversation import decode
from bot.desk import typed
from bot.desk.commands import COMMANDS
from bot.service.desk import Desk
from bot.service.outgoing import Routes
from bot.service.step import Received, Stepper
from bot.store.port import Unavailable
from bot.store.rows import Arrival, Settlement, Stored
from tests.desk.talk import FLOW, KIM, LEA, NOOR
from tests.engine.talk import library
from tests.service.core import Core
from tests.service.world import Clock
from tests.store.made import exchange, rows

if TYPE_CHECKING:
    from bot.chat.events import AnyEvent
    from bot.desk.case import Case
    from bot.store.port import Store

A: Final = "console:1:a:"
STAFF: Final = "console:desk:cases:"
ROUTES: Final = Routes({"console": "console"}, {"console": lambda effect: (effect,)}, staff=Places((STAFF,)))
TWINS: Final = Routes(
    {name: name for name in ("console", "slack")},
    dict.fromkeys(("console", "slack"), lambda effect: (effect,)),
    staff=Places((STAFF, "slack:T1:C1:")),
)


async def case(store: Store) -> Case:
    """The case of the conversation."""
    stored = await store.conversation(A)
    assert stored is not None
    found = decode(stored.document).case
    assert found is not None
    return found


@pytest.mark.anyio
async def test_of_fifty_who_claim_at_once_one_has_the_case(store: Store, database: str) -> None:
    """The others are told who was first, once each; the merchant hears of one person."""
    async with Core(store, FLOW, Clock(), routes=ROUTES) as core:
        await core.send(A, "/start", "Ana")
        desk, id_ = Desk(store, core.intake, ROUTES.staff, "console"), (await case(store)).id
        claims = [Command(f"c{n}", Person(f"slack:T1:p{n}", f"P{n}."), "claim") for n in range(50)]
        assert await asyncio.gather(*(desk.bring_to(id_, each) for each in claims)) == ["applied"] * 50
    winner = (await case(store)).assignee
    assert winner is not None
    said = [text for (text,) in await rows(database, f"SELECT payload FROM outbox WHERE destination = '{STAFF}'")]
    assert sum("was first" in each for each in said) == 49
    assert sum("has taken the case" in each for each in said) == 1
    assert all(winner.name in each for each in said if "was first" in each or "has taken the case" in each)
    told = [text for (text,) in await rows(database, f"SELECT payload FROM outbox WHERE destination = '{A}'")]
    assert [winner.name in each for each in told if "is looking at your case" in each] == [True]


@pytest.mark.anyio
async def test_what_is_done_before_it_is_known_where(store: Store) -> None:
    """A case that was opened by a process that died can be seen before it is known: what staff do there comes again."""
    async with Core(store, FLOW, Clock(), routes=ROUTES) as core:
        await core.send(A, "/start", "Ana")
        desk, claim = Desk(store, core.intake, ROUTES.staff, "console"), Command("c1", NOOR, "claim")
        opening = next(each for each in await exchange(store) if each.kind == "open_case")
        with pytest.raises(Unavailable, match="being opened"):
            await desk.bring(("s1",), claim)
        await exchange(store, Settlement(opening.id, "sent", ("s1",)))
        assert await desk.bring(("s1",), claim) == "applied"
        assert await desk.bring(("chatter",), Written("w1", NOOR, "5", "Lunch?")) is None
    assert (await case(store)).assignee is not None


class Office:
    """A conversation between a merchant and three people, who do whatever comes to their minds; no database."""

    def __init__(self, seed: int) -> None:
        """Begin it, and call a person; half of them sit at two places."""
        self.random = Random(seed)  # noqa: S311
        self.routes = TWINS if seed % 2 else ROUTES
        self.step = Stepper(library(FLOW), "test", self.routes, {"console": CONSOLE}, Clock(), self._seed)
        self.stored: Stored | None = None
        self.count = 0
        self.timers: set[str] = set()
        self.meant: set[str] = set()
        """Messages, by origin, that somebody wanted the merchant to have."""
        self.words: dict[str, str] = {}
        """What was written at the staff's place, each a word of its own, to the message it stands in."""
        self.seen: set[str] = set()
        """Of these, what has gone to the merchant."""
        for said in ("/start", "Ana"):
            self.bring(Message("", said))

    def _seed(self) -> str:
        return f"seed{self.random.random()}"

    @property
    def case(self) -> Case:
        """The last case."""
        assert self.stored is not None
        found = decode(self.stored.document).case
        assert found is not None
        return found

    def bring(self, event: AnyEvent) -> None:
        """Apply an event, and look at what goes to the merchant."""
        self.count += 1
        keyed = msgspec.structs.replace(event, key=f"k{self.count}")
        change = self.step(Arrival(A, f"k{self.count}", Received(keyed, User("u1", "Ana"), "en")), self.stored)
        if change is None:
            return
        self.stored = Stored(1, self.count, change.document)
        self.timers |= {name for name, due in change.timers.items() if due is not None}
        for row in change.outgoing:
            if row.destination == A:
                self.seen |= {word for word in self.words if word.encode() in row.payload}

    def act(self) -> None:
        """Whatever comes next."""
        who = self.random.choice((NOOR, KIM, LEA))
        what = self.random.choice(("write", "write", "aside", "edit", "delete", "merchant", "due", "due", *COMMANDS))
        assignee = self.case.assignee
        mine = assignee is not None and assignee.id == who.id
        may = mine or "lead" in who.roles
        origin = self.routes.staff.origin("slack", f"o{self.count}")
        if what in {"write", "aside"}:
            lead = self.random.choice(("// ", "note: ", "Note:")) if what == "aside" else ""
            if mine and what == "write":
                self.meant.add(origin)
            self.bring(Written("", who, origin, lead + self._word(origin)))
        elif what in {"edit", "delete"} and self.words:
            origin, lead = self.random.choice(list(self.words.values())), self.random.choice(("", "", "// ", "/note "))
            text = lead + self._word(origin if not lead else f"aside {self.count}") if what == "edit" else ""
            given = text.startswith("/note")
            self.bring(Written("", who, origin, text, edited=bool(text), deleted=not text, typed=given))
        elif what == "merchant":
            self.bring(Message("", self.random.choice(("Hello?", "4.2", "/status", "yes", "/start"))))
        elif what == "due" and self.timers:
            self.bring(Due("", self.random.choice(sorted(self.timers))))
        elif what in COMMANDS:
            self._command(what, who, may=may)

    def _command(self, what: str, who: Person, *, may: bool) -> None:
        origin = f"typed{self.count}"
        words = self.random.choice(("", "solved", "requested staging", "provided", "removed", "urgent", "4h", "name"))
        if what in {"reply", "note"}:
            words = self._word(origin)
            if what == "reply" and may:
                self.meant.add(origin)
        elif what == "send":
            words = next(reversed(self.case.held), "") if self.random.random() < 0.5 else ""
            if may:
                waiting = repr([each.document for each in self.case.held.values()])
                self.meant |= set(self.case.held) | {self.words[each] for each in self.words if each in waiting}
        self.bring(Command("", who, *typed.command(f"{what} {words}"), origin=self.random.choice(("", origin))))

    def _word(self, origin: str) -> str:
        word = f"w{len(self.words)}w"
        self.words[word] = origin
        return word


@pytest.mark.parametrize("seed", range(10))
def test_no_note_reaches_a_merchant(seed: int) -> None:
    """Of a thousand random doings of three people: what nobody wanted the merchant to have is in no message to them."""
    office = Office(seed)
    for _ in range(1000):
        office.act()
    leaked = {word for word in office.seen if office.words[word] not in office.meant}
    assert not leaked
    assert office.seen, "something was said to the merchant"
    assert set(office.words) - office.seen, "something was kept"
