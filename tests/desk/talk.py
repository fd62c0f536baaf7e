"""A conversation with a case, for tests of the desk: what staff and the merchant do, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.chat.effects import Notice, Relay, Say, Schedule, Unschedule
from bot.chat.events import Command, Due, Message, Tap, Written
from bot.chat.people import CONSOLE, Channel, Person, User
from bot.conversation import Opening, begin, decode, encode, reduce, replay
from bot.desk import typed
from bot.desk.office import Office
from bot.engine.ids import Ids
from bot.engine.session import Record
from bot.text.plain import plain
from tests.engine.talk import START, library

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.chat.events import AnyEvent
    from bot.conversation import Outcome
    from bot.desk.case import Case

FLOW = """
flow: test
version: 1
title: T
slots: {name: {type: text, label: Name}}
steps:
  - {id: name, collect: name, prompt: "Name?"}
  - {id: person, handoff: {queue: integrations, priority: high}}
  - {id: bye, say: "Goodbye."}
"""
NOOR = Person("slack:T1:noor", "Noor")
KIM = Person("telegram:1:kim", "Kim", ("specialist",))
LEA = Person("slack:T1:lea", "Lea", ("specialist", "lead"))


class Talk:
    """One case, from its hand-off on; the document is read back from JSON between every two events."""

    def __init__(self, office: Office | None = None, *, claimed: bool = True, channel: Channel = CONSOLE) -> None:
        """The flow has called a person, and Noor, if wanted, has claimed the case; the merchant writes by `channel`."""
        self.office = office or Office()
        self.now = START
        self.count = 0
        self.timers: dict[str, datetime] = {}
        begun = begin(Opening("test", User("u1", "Ana"), channel, "en"), START, Ids("begin"))
        self.conversation = begun.conversation
        self.log = list(begun.log)
        for words in ("/start", "Ana"):
            self.send(Message("", words))
        if claimed:
            self.command("claim")

    @property
    def case(self) -> Case:
        """The case as it stands."""
        assert self.conversation.case is not None
        return self.conversation.case

    def send(self, event: AnyEvent) -> Outcome:
        """Apply an event under a key of its own."""
        self.count += 1
        event = msgspec.structs.replace(event, key=f"k{self.count}")
        before = decode(encode(self.conversation))
        outcome = reduce(library(FLOW), before, event, self.now, Ids(f"s{self.count}"), self.office)
        self.conversation = outcome.conversation
        self.log += outcome.log
        for effect in outcome.effects:
            if isinstance(effect, Schedule):
                self.timers[effect.timer] = effect.due
            elif isinstance(effect, Unschedule):
                self.timers.pop(effect.timer, None)
        return outcome

    def command(self, words: str, person: Person = NOOR) -> Outcome:
        """Give a command, as one types it."""
        return self.send(Command("", person, *typed.command(words)))

    def write(self, text: str, person: Person = NOOR, origin: str = "1", **more: Any) -> Outcome:
        """Write at the place of the case."""
        return self.send(Written("", person, origin, text, **more))

    def says(self, text: str) -> Outcome:
        """The merchant writes."""
        return self.send(Message("", text))

    def press(self, outcome: Outcome, label: str) -> Outcome:
        """The merchant presses a button of something that was said."""
        buttons = [each for effect in outcome.effects if isinstance(effect, Say) for each in effect.buttons]
        return self.send(Tap("", next(each.token for each in buttons if each.label == label)))

    def wait(self, time: timedelta) -> list[Outcome]:
        """Time passes; what comes due meanwhile does, at its time."""
        until, found = self.now + time, []
        while due := min(((at, name) for name, at in self.timers.items() if at <= until), default=None):
            self.now = max(self.now, due[0])
            del self.timers[due[1]]
            found.append(self.send(Due("", due[1])))
        self.now = until
        return found

    def replayed(self) -> bool:
        """Whether the log alone makes the same document."""
        log = msgspec.json.decode(msgspec.json.encode(self.log), type=list[Record])
        return encode(replay(library(FLOW), log, self.office)) == encode(self.conversation)


def told(*outcomes: Outcome) -> str:
    """All that staff were told."""
    texts = [plain(each.document) for outcome in outcomes for each in outcome.effects if isinstance(each, Notice)]
    return "\n".join(texts)


def said(*outcomes: Outcome) -> str:
    """All that the merchant was told, by the bot and by people."""
    found = []
    for outcome in outcomes:
        for each in outcome.effects:
            if isinstance(each, Say):
                found.append(plain(each.document))
            elif isinstance(each, Relay) and each.to == "merchant":
                found.append(plain(each.words))
    return "\n".join(found)
