"""The ways on from one step of a flow, given what is known of its slots: what the paths through flows are made of."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from bot.flow.expressions import Expression
from bot.flow.graph import EXIT, reachable, successors
from bot.flow.graph import ways as graph
from bot.flow.menu import ACCEPT, DECLINE, NO, UNSURE, YES
from bot.flow.model import Action, Branch, Call, Collect, Else, End, Form, Goto, Handoff, Rule, Set
from bot.flow.outcomes import ANY, SOME, outcomes, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.flow.model import Step
    from bot.flow.program import Program

OTHER: Final = "\0other"
"""A choice that no condition asks for: all such choices are alike."""

SKIPPED: Final = "not answered"
WORDS: Final = "in words"
"""How an answer is shown that is no choice."""


class Place(NamedTuple):
    """A step of a flow, and what is known of the slots that matter from there on."""

    flow: str
    step: str
    known: tuple[tuple[str, Any], ...]


Leaving = Literal["", "handoff", "goto", "end", "call"]
"""What leads out of a flow: the kind of step that does, nothing for the end of the file."""


_LEAVING: Final[Mapping[type[Step], Leaving]] = MappingProxyType(
    {Handoff: "handoff", Goto: "goto", End: "end", Call: "call"}
)


class Way(NamedTuple):
    """A way on. `asks` says whether an answer was needed, and `answer` which one."""

    to: Place | Leaving
    asks: bool = False
    answer: str = ""


class Ways:
    """The ways through a program whose steps and targets exist."""

    def __init__(self, program: Program) -> None:
        """Look at what conditions read where."""
        self._program = program
        self._graph = successors(graph(program))
        again = {name for name, slot in program.slots.items() if slot.ask_again}
        self._apart = {step.id: _told_apart(step, again) for step in program.steps.values()}

    def begin(self, given: Mapping[str, Any]) -> Place:
        """The first step, with the values that whoever begins the flow gives it."""
        return self._place(self._program.first, given)

    def of(self, place: Place) -> Iterator[Way]:
        """Every way on."""
        step, known = self._program.steps[place.step], dict(place.known)
        passing = outcomes(step.when, known)
        if False in passing:
            yield Way(self._to(self._past(step), known))
        if True not in passing:
            return
        if (leaving := _LEAVING.get(type(step))) is not None:
            yield Way(leaving)
        elif isinstance(step, Collect):
            yield from self._answered(step, known)
        elif isinstance(step, Rule):
            yield from self._acknowledged(step, known)
        elif isinstance(step, Form):
            yield Way(self._to(self._program.following[step.id], known))
        else:
            yield from map(Way, self._onward(step, known | _assigned(step)))
            if isinstance(step, Action) and step.on_error:
                yield Way(self._to(step.on_error, known))

    def call(self, place: Place) -> Call:
        """The step that calls a flow, at a place from which a way leads into one."""
        step = self._program.steps[place.step]
        if not isinstance(step, Call):
            raise TypeError(f"{place.step} calls nothing")
        return step

    def behind(self, place: Place) -> Iterator[Place | Leaving]:
        """Where it goes on behind such a place when the called flow has come to its end."""
        step = self.call(place)
        yield from self._onward(step, dict(place.known) | _assigned(step))

    def _past(self, step: Step) -> str:
        return self._program.after(step.id) if isinstance(step, Form) else self._program.following[step.id]

    def _acknowledged(self, step: Rule, known: dict[str, Any]) -> Iterator[Way]:
        yield from (Way(to, asks=True, answer=ACCEPT) for to in self._onward(step, known))
        if step.decline is not None:
            declined = [self._to(step.decline.next, known)] if step.decline.next else self._onward(step, known)
            yield from (Way(to, asks=True, answer=DECLINE) for to in declined)

    def _answered(self, step: Collect, known: dict[str, Any]) -> Iterator[Way]:
        slot = self._program.slots.get(step.collect)
        former = known.get(step.collect)
        if former is not None and former != ANY and slot is not None and not slot.ask_again:
            yield from map(Way, self._after(step, former, known))
            return
        for answer, value in self._answers(step):
            held = known | {step.collect: value}
            yield from (Way(to, asks=True, answer=answer) for to in self._after(step, answer, held))

    def _after(self, step: Collect, answer: Any, known: dict[str, Any]) -> Iterator[Place | Leaving]:
        target = next((choice.next for choice in step.choices if choice.id == answer and choice.next), None)
        yield from [self._to(target, known)] if target else self._onward(step, known)

    def _answers(self, step: Collect) -> Iterator[tuple[str, Any]]:
        """Every answer: how it is shown, and what is known of the slot then."""
        slot = self._program.slots.get(step.collect)
        kind = slot.type if slot is not None else "text"
        several = kind == "choices"
        ids = [choice.id for choice in step.choices] or ([YES, NO] if kind == "yes_no" else [])
        yield from ((each, SOME if several else each) for each in ids)
        if kind not in {"choice", "choices", "yes_no"}:
            yield WORDS, SOME
        elif slot is not None and slot.also:
            yield WORDS, OTHER
        if step.unsure:
            yield UNSURE, UNSURE
        if step.optional:
            yield SKIPPED, None

    def _onward(self, step: Step, known: dict[str, Any]) -> Iterator[Place | Leaving]:
        """Where `next:` leads with what is known, or the file's order."""
        if isinstance(step.next, str):
            yield self._to(step.next, known)
            return
        for arm in _arms(step):
            if isinstance(arm, Else):
                yield self._to(arm.else_, known)
                return
            possible = outcomes(arm.if_, known)
            if True in possible:
                yield self._to(arm.then, known)
            if False not in possible:
                return
        yield self._to(self._program.following[step.id], known)

    def _to(self, step: str, known: Mapping[str, Any]) -> Place | Leaving:
        return "" if step == EXIT else self._place(step, known)

    def _place(self, step: str, known: Mapping[str, Any]) -> Place:
        """A step with what matters from there on."""
        told = [(slot, self._told(known.get(slot), apart)) for slot, apart in sorted(self._later[step].items())]
        return Place(self._program.id, step, tuple((slot, value) for slot, value in told if value is not None))

    def _told(self, value: Any, apart: frozenset[Any] | None) -> Any:
        """A slot's value as far as it is told apart from others."""
        if apart is None or value is None or value == ANY or (value == SOME and apart):
            return value
        return value if value in apart else OTHER

    @cached_property
    def _later(self) -> dict[str, dict[str, frozenset[Any] | None]]:
        """By step: the slots that steps from there on read or ask for, and the answers that they tell apart."""
        found: dict[str, dict[str, frozenset[Any] | None]] = {}
        for step in self._program.steps:
            apart = found[step] = {}
            for each in reachable(self._graph, step) - {EXIT}:
                for slot, values in self._apart[each].items():
                    former = apart.get(slot, frozenset())
                    apart[slot] = None if former is None or values is None else former | values
        return found


def _told_apart(step: Step, again: set[str]) -> dict[str, frozenset[Any] | None]:
    """By slot that a step reads or asks for, but not `again`: the answers after which it does not go on alike."""
    found: dict[str, frozenset[Any] | None] = {}
    if isinstance(step, Collect) and step.collect not in again:
        found[step.collect] = frozenset(choice.id for choice in step.choices if choice.next)
    for condition in (step.when, *(arm.if_ for arm in _arms(step) if isinstance(arm, Branch))):
        for slot, values in told_apart(condition).items() if condition is not None else ():
            former = found.get(slot, frozenset())
            found[slot] = None if former is None or values is None else former | values
    return found


def _arms(step: Step) -> list[Any]:
    return step.next if isinstance(step.next, list) else []


def _assigned(step: Step) -> dict[str, Any]:
    """What a step that asks nothing makes known."""
    if isinstance(step, Set):
        return {slot: ANY if isinstance(value, (Expression, list)) else value for slot, value in step.set.items()}
    return dict.fromkeys(step.into, ANY) if isinstance(step, (Call, Action)) else {}
