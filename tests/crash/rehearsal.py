"""Conversations without a crash: held with the pure core, so that it is known what every merchant must see.

A `Talk` is what one merchant does, act by act, and what each act brings about. The merchants are those of the
benchmark, in all languages: they walk the shipped flow to the end, stray, correct themselves, and press buttons. Some
fall silent until the bot closes for now, and come back. With some a colleague of the team takes over, writes to them
and for other staff, and gives back. Some bring an event that cannot be applied. What is shown stands as `Line`s, with
ids of the session and the case that are the same in every run.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.addresses import Address
from bot.chat.effects import Ask
from bot.chat.events import AnyEvent, Command, Due, File, Message, Tap, Written
from bot.chat.people import SLACK, TELEGRAM, Channel, Person, User
from bot.chat.places import Places
from bot.conversation import Opening, begin, reduce
from bot.engine.ids import Ids
from bot.flow.loader import load
from bot.service.outgoing import Routes, outgoing, whole
from bot.service.step import Received
from bot.store.rows import CARD
from tests.bench import talks
from tests.bench.merchants import NOW, merchant

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from bot.flow.library import Library
    from bot.flow.loader import Loaded

ROOT: Final = Path(__file__).resolve().parents[2]
FLOW: Final = "help_us_help_you"
TEAM: Final = "integrations"
STAFF: Final = str(Address("slack", "T1", TEAM))
"""Where cases go."""
SILENCE: Final = timedelta(days=7, hours=1)
"""After so long the bot has closed for now."""
HOLD: Final = timedelta(seconds=6)
"""After so long a reply cannot be taken back any more."""
ASIDE: Final = "Between ourselves"
"""What stands in every note, and nowhere else."""
POISON: Final = "poison"
"""How the key of an event begins that cannot be applied."""
CHANNELS: Final = {"slack": SLACK, "telegram": TELEGRAM}
PEOPLE: Final = 126
"""Different merchants; whoever has a higher number is like one of these."""
_RETURNS_AT: Final = 6


class Line(NamedTuple):
    """A message as it is compared. `text` is the effect's JSON, with ids that do not depend on the run."""

    place: str
    kind: str
    text: str


class Act(NamedTuple):
    """One event of a talk. `asks`: it ends in a question that is waited for.

    `after_silence`: the bot has closed for now before it, on its own. `poison`: it cannot be applied, and is parked.
    `after`: the messages of staff on which it is to be seen before what became of them.
    """

    event: AnyEvent
    asks: bool
    after_silence: bool = False
    poison: bool = False
    after: tuple[str, ...] = ()


class Talk(NamedTuple):
    """A whole conversation. `lines` is what its merchant and the staff see of it.

    Left out is what they see as time passes: the card as it stands at some moment, and what became of words, and when.
    """

    number: int
    address: str
    user: User
    locale: str
    acts: tuple[Act, ...]
    lines: tuple[Line, ...]


@cache
def loaded() -> Loaded:
    """The shipped flows."""
    return load([ROOT / "flows"], ROOT / "locales")


@cache
def library() -> Library:
    """The shipped flows, to be walked."""
    return loaded().library()


_COPY_OF: Final = re.compile(r',"ref":"relay:[^"]*"')
ROUTES: Final = Routes({name: name for name in CHANNELS}, dict.fromkeys(CHANNELS, whole), Places((STAFF,)))


def rehearse(number: int, now: datetime) -> Talk:
    """The talk of the merchant with this number, begun at `now`."""
    person = merchant(number % PEOPLE, library().languages)
    channel = SLACK if number % 2 else TELEGRAM
    address = str(Address(channel.name, "T1", f"c{number}"))
    stage = _Stage(number, channel, address, now)
    events = [event for event, _ in _script(number % PEOPLE)]
    silent = number % 14 == 1
    for index, event in enumerate(events):
        if silent and index == _RETURNS_AT:
            stage.fall_silent()
        if number % 17 == 5 and index == 3:
            stage.poison()
        stage.play(event, after_silence=silent and index == _RETURNS_AT)
    if number % 3 == 0:
        _take_over(stage, *(Person(f"agent{each % 5}", f"agent{each % 5}") for each in (number, number + 1)))
    return Talk(number, address, stage.user, person.locale, tuple(stage.acts), tuple(stage.lines))


def _take_over(stage: _Stage, ours: Person, other: Person) -> None:
    """Whoever has the case writes to the merchant and for other staff, gives back, and steps in at once."""
    stage.play(Command("", ours, "claim"))
    first = stage.write(ours, "Which version of the plugin is it?")
    stage.write(other, f"{ASIDE}: we have seen this before.")
    # of an album, more may come: it waits for a moment, or for the words after it, whichever is first
    stage.play(Message("", "", (File("photo/1", "friday.png"),), album="friday"))
    stage.play(Message("", "One more thing: it began on a Friday."))
    aside = stage.write(ours, f"note: {ASIDE}, it is the third shop today.")
    stage.play(Command("", ours, "keep", {"id": aside}))
    second = stage.write(ours, "We are looking at it.")
    stage.leave(first, second)
    stage.write(ours, "Which version of the plugin is it, please?", instead_of=first)
    stage.play(Message("", "And we use Varnish."))
    stage.play(Command("", ours, "bot"), waits=False)
    stage.play(Command("", ours, "reply", {"text": "One question more: since when?"}))
    stage.play(Command("", ours, "bot"))
    stage.play(Message("", "Thank you!"))


@cache
def _script(number: int) -> tuple[tuple[AnyEvent, str], ...]:
    return talks.hold(library(), merchant(number, library().languages)).turns


def line(place: str, kind: str, payload: str, session: str, case: str) -> Line:
    """A message with its session and case replaced, and without the platform's id of what it is a copy of."""
    text = _COPY_OF.sub("", payload.replace(session, "SESSION"))
    return Line(place, kind, text.replace(case, "T-CASE") if case else text)


class _Stage:
    """A conversation under rehearsal."""

    def __init__(self, number: int, channel: Channel, address: str, now: datetime) -> None:
        person = merchant(number % PEOPLE, library().languages)
        self.user = User(f"u{number}", "" if number % 6 == 0 else "Zoë")
        self.acts: list[Act] = []
        self.lines: list[Line] = []
        self._number = number
        self._address = address
        self._now = now
        self._after: tuple[str, ...] = ()
        opening = Opening(FLOW, self.user, channel, person.locale)
        self._conversation: Conversation = begin(opening, now, Ids(f"{number}")).conversation

    def play(self, event: AnyEvent, *, after_silence: bool = False, waits: bool = True) -> None:
        """Let somebody do something. `waits`: nothing else is done before the question that it ends in is there."""
        event = msgspec.structs.replace(event, key=self._next)
        if isinstance(event, Tap):
            event = msgspec.structs.replace(event, token=self._pressed(event.token))
        asks = self._turn(event)
        self.acts.append(Act(event, asks and waits, after_silence, after=self._after))
        self._after = ()

    def write(self, person: Person, text: str, instead_of: str = "") -> str:
        """Let staff write something in the case's thread, or change what they wrote; the id of the message."""
        origin = instead_of or self._next
        self.play(Written("", person, origin, text, edited=bool(instead_of)))
        return origin

    def leave(self, *origins: str) -> None:
        """Let the time pass in which replies can be taken back: the next act comes after they are delivered."""
        self._now += HOLD
        for origin in origins:
            self._turn(Due(f"{self._next}.{origin}", f"desk:hold:{origin}"), staff_see=False)
        self._after = origins

    def poison(self) -> None:
        """Let an event come that cannot be applied."""
        event = Message(f"{POISON}.{self._next}", "")
        self.acts.append(Act(event, asks=False, poison=True))

    def fall_silent(self) -> None:
        """Let time pass until the bot closes for now."""
        self._now += SILENCE
        self._turn(Due("", f"{self._conversation.session.id}.expiry", late=True))

    @property
    def _next(self) -> str:
        """The key of the next act."""
        return f"{self._number}.{len(self.acts)}"

    def _pressed(self, token: str) -> str:
        return f"{self._conversation.session.id}.{token.partition('.')[2]}"

    def _turn(self, event: AnyEvent, *, staff_see: bool = True) -> bool:
        """Whether it ends in a question. `staff_see`: when it comes is known, so that they see it in order."""
        seed = f"{self._number}/{len(self.acts)}"
        outcome = reduce(library(), self._conversation, event, self._now, Ids(seed))
        self._conversation = outcome.conversation
        session = self._conversation.session
        rows = outgoing(outcome.effects, self._address, 0, ROUTES)
        self.lines += [
            line(each.destination, each.kind, each.payload.decode(), session.id, session.case)
            for each in rows
            if each.kind != CARD and (staff_see or each.destination != STAFF)
        ]
        return any(isinstance(effect, Ask) for effect in outcome.effects)


def received(talk: Talk, event: AnyEvent) -> Received:
    """What a channel makes of it."""
    return Received(event, talk.user, talk.locale)


def is_of_staff(event: AnyEvent) -> bool:
    """Whether it is done in the thread of a case."""
    return isinstance(event, (Command, Written))


def starts_at(generation: int) -> datetime:
    """When the merchants of a generation write: each comes after a silence of the one before it."""
    return NOW + generation * SILENCE
