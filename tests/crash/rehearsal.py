"""Conversations without a crash: held with the pure core, so that it is known what every merchant must see.

A `Talk` is what one merchant does, act by act, and what each act brings about. The merchants are those of the
benchmark, in all languages: they walk the shipped flow to the end, stray, correct themselves, and press buttons. Some
fall silent until the bot closes for now, and come back. With some a colleague of the team takes over, talks, and gives
back. Some bring an event that cannot be applied. What is shown stands as `Line`s, with ids of the session and the case
that are the same in every run.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from bot.chat.addresses import Address
from bot.chat.effects import Ask, Effect
from bot.chat.events import AnyEvent, Command, Due, Message, Tap
from bot.chat.people import SLACK, TELEGRAM, Channel, Person, User
from bot.chat.places import Places
from bot.conversation import Opening, begin, reduce
from bot.engine.ids import Ids
from bot.flow.loader import load
from bot.service.outgoing import Routes, outgoing
from bot.service.step import Received
from tests.bench import talks
from tests.bench.merchants import NOW, merchant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.conversation import Conversation
    from bot.flow.library import Library
    from bot.flow.loader import Loaded

ROOT: Final = Path(__file__).resolve().parents[2]
FLOW: Final = "help_us_help_you"
STAFF: Final = str(Address("slack", "T1", "integrations"))
"""Where cases go."""
SILENCE: Final = timedelta(days=7, hours=1)
"""After so long the bot has closed for now."""
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
    """One event of a talk. `asks`: it ends in a question. `brings` goes out, in this order.

    `after_silence`: the bot has closed for now before it, on its own. `poison`: it cannot be applied, and is parked.
    """

    event: AnyEvent
    asks: bool
    after_silence: bool = False
    poison: bool = False


class Talk(NamedTuple):
    """A whole conversation. `lines` is all that its merchant and the staff see of it."""

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


def whole(effect: Effect) -> Sequence[Effect]:
    """How the stand-in cuts an effect into calls: not at all."""
    return (effect,)


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
        staff = f"agent{number % 5}"
        stage.play(Command("", Person(staff, staff), "claim"))
        stage.play(Message("", "One more thing: it began on a Friday."))
        stage.play(Message("", "And we use Varnish."))
        stage.play(Command("", Person(staff, staff), "bot"))
        stage.play(Message("", "Thank you!"))
    return Talk(number, address, stage.user, person.locale, tuple(stage.acts), tuple(stage.lines))


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
        opening = Opening(FLOW, self.user, channel, person.locale)
        self._conversation: Conversation = begin(opening, now, Ids(f"{number}")).conversation

    def play(self, event: AnyEvent, *, after_silence: bool = False) -> None:
        """Let somebody do something."""
        event = msgspec.structs.replace(event, key=f"{self._number}.{len(self.acts)}")
        if isinstance(event, Tap):
            event = msgspec.structs.replace(event, token=self._pressed(event.token))
        asks = self._turn(event)
        self.acts.append(Act(event, asks, after_silence))

    def poison(self) -> None:
        """Let an event come that cannot be applied."""
        event = Message(f"{POISON}.{self._number}.{len(self.acts)}", "")
        self.acts.append(Act(event, asks=False, poison=True))

    def fall_silent(self) -> None:
        """Let time pass until the bot closes for now."""
        self._now += SILENCE
        self._turn(Due("", f"{self._conversation.session.id}.expiry", late=True))

    def _pressed(self, token: str) -> str:
        return f"{self._conversation.session.id}.{token.partition('.')[2]}"

    def _turn(self, event: AnyEvent) -> bool:
        """Whether it ends in a question."""
        seed = f"{self._number}/{len(self.acts)}"
        outcome = reduce(library(), self._conversation, event, self._now, Ids(seed))
        self._conversation = outcome.conversation
        session = self._conversation.session
        rows = outgoing(outcome.effects, self._address, 0, ROUTES)
        self.lines += [line(each.destination, each.kind, each.payload, session.id, session.case) for each in rows]
        return any(isinstance(effect, Ask) for effect in outcome.effects)


def received(talk: Talk, event: AnyEvent) -> Received:
    """What a channel makes of it: staff speak for themselves, the others for the merchant."""
    user = User(event.person.id) if isinstance(event, Command) else talk.user
    return Received(event, user, talk.locale)


def starts_at(generation: int) -> datetime:
    """When the merchants of a generation write: each comes after a silence of the one before it."""
    return NOW + generation * SILENCE
