"""A merchant at the engine's door: sends events, looks at what comes back, re-reads the session from JSON each turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chat.effects import Ask, Say, Schedule, Unschedule
from bot.chat.events import Due, Message, Tap
from bot.chat.people import CONSOLE, Channel, User
from bot.engine.ids import Ids
from bot.engine.session import Session, decode, encode, start
from bot.engine.turn import Turn, advance
from bot.flow.library import Library
from bot.flow.model import Flow
from bot.flow.reader import read
from bot.flow.understanding import understood
from bot.text.catalogs import Catalogs
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.effects import Button, Effect
    from bot.chat.events import Event

ROOT = Path(__file__).parent.parent.parent
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CALLING = """
flow: test
version: 1
title: T
slots: {name: {type: text, label: Name}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: "Name?", timeout: {after: 1h, then: nudge}}
  - {id: end, collect: end, prompt: "Is that all, {{ slots.name }}?"}
  - {id: person, handoff: {queue: integrations}}
  - {id: bye, say: "Goodbye."}
"""
"""A flow that asks two questions and then calls a person, for what lies above the engine."""


def flows(text: str) -> list[Flow]:
    """The flows of a YAML text."""
    reading = read(text.encode(), "test.yaml")
    assert reading.problems == ()
    return [understood(Flow, tree.data) for tree in reading.documents]


@cache
def patterns() -> tuple[Flow, ...]:
    """The shipped repair patterns."""
    return tuple(flows((ROOT / "flows" / "patterns.yaml").read_text("utf-8")))


@cache
def catalogs() -> Catalogs:
    """The shipped catalogs."""
    return Catalogs.read(ROOT / "locales")


@cache
def library(text: str) -> Library:
    """A library of the flows in `text` and the shipped patterns."""
    return Library([*patterns(), *flows(text)], catalogs())


@cache
def shipped() -> Library:
    """The shipped flows."""
    files = [path for path in sorted((ROOT / "flows").glob("*.yaml")) if path.stem != "patterns"]
    return Library([*patterns(), *(flow for path in files for flow in flows(path.read_text("utf-8")))], catalogs())


class Talk:
    """One conversation. `turn` is the last one; `at` the step that waits; `now` can be set."""

    def __init__(
        self, where: Library | str, flow: str = "test", locale: str = "en", channel: Channel = CONSOLE
    ) -> None:
        """Begin with a fresh session in `where`, a library or the YAML of one; nothing has been said yet."""
        self.library = library(where) if isinstance(where, str) else where
        self.now = START
        self.sent = 0
        self.session: Session = start(
            id="sessionabc", flow=flow, user=User("u1", "Ana"), channel=channel, locale=locale, now=START
        )
        self.turn = Turn(self.session)
        self.turns: list[Turn] = []
        self.timers: dict[str, datetime] = {}

    def send(self, *events: Event | str) -> Talk:
        """Send events, texts as messages; returns itself."""
        for event in events:
            self.sent += 1
            sent = Message(f"k{self.sent}", event) if isinstance(event, str) else event
            self.turn = advance(self.library, self.session, sent, self.now, Ids(f"seed{self.sent}"))
            self.turns.append(self.turn)
            self.session = decode(encode(self.turn.session))
            assert encode(self.session) == encode(self.turn.session)
            for effect in self.turn.effects:
                if isinstance(effect, Schedule):
                    self.timers[effect.timer] = effect.due
                elif isinstance(effect, Unschedule):
                    self.timers.pop(effect.timer, None)
        return self

    def tap(self, label: str) -> Talk:
        """Press the button with this label, in the last turn."""
        return self.press(next(button for button in self.buttons if button.label == label))

    def press(self, button: Button) -> Talk:
        """Press a button of any turn."""
        self.sent += 1
        return self.send(Tap(f"t{self.sent}", button.token))

    def wait(self, **time: float) -> Talk:
        """Let time pass; timers that come due fire in their order."""
        until = self.now + timedelta(**time)
        while due := sorted((at, timer) for timer, at in self.timers.items() if at <= until):
            self.now, timer = due[0]
            del self.timers[timer]
            self.sent += 1
            self.send(Due(f"d{self.sent}", timer))
        self.now = until
        return self

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What went out in the last turn."""
        return self.turn.effects

    @property
    def said(self) -> str:
        """All texts of the last turn, as plain characters."""
        return "\n\n".join(plain(each.document) for each in self.effects if isinstance(each, (Say, Ask)))

    @property
    def question(self) -> Ask:
        """The last question of the last turn."""
        return next(each for each in reversed(self.effects) if isinstance(each, Ask))

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the last turn."""
        return [button for each in self.effects if isinstance(each, (Say, Ask)) for button in each.buttons]

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [button.label for button in self.buttons]

    @property
    def at(self) -> str:
        """`flow.step` on top of the stack; "" when it is empty."""
        return f"{self.session.stack[-1].flow}.{self.session.stack[-1].step}" if self.session.stack else ""

    @property
    def slots(self) -> dict[str, object]:
        """The answers of the lowest frame."""
        return self.session.stack[0].slots if self.session.stack else {}

    @property
    def log(self) -> list[str]:
        """The kinds of the last turn's log lines."""
        return [record.kind for record in self.turn.log]
