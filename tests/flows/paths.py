"""Every path through a flow, walked by the engine itself.

Two conversations that wait at one step go on alike if they agree in the slots that later conditions read; so one of
each kind is enough, and every answer is tried from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.chat.events import Message, Tap
from bot.chat.people import CONSOLE, User
from bot.engine import tokens
from bot.engine.ids import Ids
from bot.engine.session import start
from bot.engine.turn import advance
from bot.flow.graph import reachable, successors, ways
from bot.flow.menu import ACCEPT, DECLINE, SKIP, UNSURE
from bot.flow.model import Collect, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.chat.events import Event
    from bot.engine.session import Session
    from bot.engine.turn import Turn
    from bot.flow.library import Library
    from bot.flow.program import Program

TYPED: Final = {
    "version": ("1.14.2", "4.1.0"),
    "date": ("yesterday", "since the launch"),
    "text": ("12345678",),
    "choice": ("one, I believe, and then another",),
    "files": ("order 2000029590",),
}
"""What is written where words are an answer; together with the choices, one of each kind that a condition can tell."""


class Most(NamedTuple):
    """The most questions and acknowledgements that still come."""

    questions: int = 0
    acknowledgements: int = 0


class Paths:
    """All paths of a flow. `waiting` is one conversation of each kind at each step, `ends` how the paths end."""

    def __init__(self, library: Library, flow: str, now: datetime) -> None:
        """Walk them all."""
        self.library = library
        self.program: Program = library.programs[flow]
        self.now = now
        self.waiting: dict[tuple[object, ...], Session] = {}
        self.ends: set[tuple[str, str]] = set()
        self._most: dict[tuple[object, ...], Most] = {}
        self._read = _slots_read_later(self.program)
        first = start(id="paths", flow=flow, user=User("u"), channel=CONSOLE, locale="en", now=now)
        self.most = self._from(self.send(first, Message("start", "/start")).session)

    def send(self, session: Session, event: Event) -> Turn:
        """One turn."""
        return advance(self.library, session, event, self.now, Ids(event.key))

    def _from(self, session: Session) -> Most:
        if session.status != "active":
            self.ends.add((session.status, session.outcome))
            return Most()
        frame = session.stack[-1]
        assert frame.flow == self.program.id, f"{frame.flow} waits"
        read = [(slot, str(frame.slots.get(slot))) for slot in self._read[frame.step]]
        key = (frame.step, *read)
        if key not in self._most:
            self.waiting[key] = session
            following = [self._from(self.send(session, event).session) for event in self._answers(session)]
            rule = isinstance(self.program.steps[frame.step], Rule)
            self._most[key] = Most(
                max(each.questions for each in following) + (not rule),
                max(each.acknowledgements for each in following) + rule,
            )
        return self._most[key]

    def _answers(self, session: Session) -> Iterator[Event]:
        """Every choice of the question that waits, but for corrections of earlier ones, and every kind of words."""
        frame = session.stack[-1]
        assert frame.wait is not None
        step: Any = self.program.steps[frame.step]
        words: tuple[str, ...] = ()
        if isinstance(step, Collect):
            slot = self.program.slots[step.collect]
            chosen = [choice.id for choice in step.choices]
            chosen += [each for each, offered in ((UNSURE, step.unsure), (SKIP, step.optional)) if offered]
            words = TYPED[slot.type] if slot.type != "choice" or slot.also else ()
        else:
            chosen = [ACCEPT, DECLINE] if step.decline is not None else [ACCEPT]
        for number, each in enumerate(chosen):
            yield Tap(
                f"{session.turns}-{number}", tokens.make(tokens.reference(session.id, frame.wait.asked), step.id, each)
            )
        for number, each in enumerate(words):
            yield Message(f"{session.turns}-w{number}", each)


def _slots_read_later(program: Program) -> dict[str, list[str]]:
    """For each step the slots that conditions read there or anywhere behind it."""
    graph = successors(ways(program))
    read: dict[str, set[str]] = {}
    for step in program.steps.values():
        arms = [arm.if_ for arm in step.next if hasattr(arm, "if_")] if isinstance(step.next, list) else []
        conditions = [*arms, step.when] if step.when is not None else arms
        read[step.id] = {name for each in conditions for root, name in each.references if root == "slots"}
    return {each: sorted(set().union(*(read.get(there, set()) for there in reachable(graph, each)))) for each in graph}
