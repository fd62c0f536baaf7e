"""Every path of answers through a flow, and how many questions each asks: found without running the flow.

A path is what answers decide: choices, acknowledged and declined rules, conditions. Silence and replies that are not
understood are no answers. Answers after which the flow goes on alike are one, so a path tells them together. Coming
back to a step with nothing new known is a loop; the path that leaves it at once stands for all that go round.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.flow.expressions import Expression
from bot.flow.graph import EXIT, reachable, successors, ways
from bot.flow.menu import ACCEPT, DECLINE, NO, UNSURE, YES
from bot.flow.model import Action, Branch, Call, Collect, Else, End, Form, Goto, Handoff, Rule, Set
from bot.flow.outcomes import ANY, SOME, outcomes, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.flow.model import StepBase
    from bot.flow.program import Program

OTHER: Final = "\0other"
"""A choice that no condition asks for: all such choices are alike."""

SKIPPED: Final = "not answered"
WORDS: Final = "in words"
"""How an answer is shown that is no choice."""

State = tuple[str, tuple[tuple[str, Any], ...]]
"""A step, and what is known of the slots that matter from there on."""


class Arrival(NamedTuple):
    """Where a path arrives: the kind of step that ends it ("" for the end of the file) and its id."""

    kind: str
    step: str

    def __str__(self) -> str:
        """The end in words."""
        return f"{self.kind} {self.step}" if self.kind else "the end of the flow"


class Move(NamedTuple):
    """One way on from a state. `asks` says whether an answer was needed, and `answers` are those that lead here."""

    to: State | Arrival
    asks: bool
    answers: tuple[str, ...] = ()


class Asked(NamedTuple):
    """A step that asks on a path, and the answers that lead along it."""

    step: str
    answers: tuple[str, ...]


class Counts(NamedTuple):
    """How many questions (rules included) the paths to one end ask: their number, and that of paths with as many."""

    by_questions: Mapping[int, int]

    @property
    def paths(self) -> int:
        """How many paths there are."""
        return sum(self.by_questions.values())

    @property
    def least(self) -> int:
        """The questions of the shortest path."""
        return min(self.by_questions)

    @property
    def most(self) -> int:
        """The questions of the longest path."""
        return max(self.by_questions)

    @property
    def median(self) -> int:
        """The questions of the path in the middle, the shorter of two."""
        passed = 0
        for questions, paths in sorted(self.by_questions.items()):
            passed += paths
            if 2 * passed >= self.paths:
                return questions
        raise ValueError("there are no paths")


class TooManyError(Exception):
    """There are more states than may be looked at."""


class Paths:
    """The paths through a program whose steps and targets exist."""

    def __init__(self, program: Program) -> None:
        """Look at what conditions read where; nothing is walked yet."""
        self._program = program
        self._graph = successors(ways(program))
        again = {name for name, slot in program.slots.items() if slot.ask_again}
        self._apart = {step.id: _told_apart(step, again) for step in program.steps.values()}
        self._moves: dict[State, tuple[Move, ...]] = {}

    @cached_property
    def start(self) -> State:
        """The first step with nothing known."""
        return self._state(self._program.first, {})

    def counts(self, limit: int) -> dict[Arrival, Counts]:
        """The questions of all paths by their end; raises TooManyError beyond `limit` states.

        Each state is looked at once, so of paths that could leave a loop at several places some are not counted;
        `walk` tells all of them, one by one.
        """
        tallies: dict[State, Counter[tuple[Arrival, int]]] = {}
        entered = {self.start}
        stack = [(self.start, iter(self.moves(self.start)))]
        while stack:
            state, moves = stack[-1]
            onward = next(
                (each.to for each in moves if not isinstance(each.to, Arrival) and each.to not in entered), None
            )
            if onward is not None:
                if len(entered) >= limit:
                    raise TooManyError
                entered.add(onward)
                stack.append((onward, iter(self.moves(onward))))
                continue
            stack.pop()
            tally = tallies[state] = Counter()
            for move in self.moves(state):
                if isinstance(move.to, Arrival):
                    tally[move.to, int(move.asks)] += 1
                else:  # a state that is not told yet is one of those we came by: a loop
                    for (end, questions), paths in tallies.get(move.to, Counter()).items():
                        tally[end, questions + move.asks] += paths
        found: dict[Arrival, dict[int, int]] = {}
        for (end, questions), paths in tallies[self.start].items():
            found.setdefault(end, {})[questions] = paths
        return {end: Counts(counts) for end, counts in found.items()}

    def walk(self) -> Iterator[tuple[Arrival, tuple[Asked, ...]]]:
        """Each path: its end, and what was asked on it."""
        stack: list[tuple[State, Iterator[Move]]] = [(self.start, iter(self.moves(self.start)))]
        asked: list[Asked | None] = []
        inside = {self.start}
        while stack:
            state, moves = stack[-1]
            move = next(moves, None)
            if move is None:
                stack.pop()
                inside.discard(state)
                if asked:
                    asked.pop()
                continue
            step = Asked(state[0], move.answers) if move.asks else None
            if isinstance(move.to, Arrival):
                yield move.to, tuple(each for each in (*asked, step) if each is not None)
            elif move.to not in inside:
                inside.add(move.to)
                asked.append(step)
                stack.append((move.to, iter(self.moves(move.to))))

    def moves(self, state: State) -> tuple[Move, ...]:
        """The ways on from a state."""
        if state not in self._moves:
            merged: dict[tuple[State | Arrival, bool], list[str]] = {}
            for to, asks, answer in self._ways(state[0], dict(state[1])):
                answers = merged.setdefault((to, asks), [])
                if answer and answer not in answers:
                    answers.append(answer)
            self._moves[state] = tuple(Move(to, asks, tuple(answers)) for (to, asks), answers in merged.items())
        return self._moves[state]

    def _ways(self, name: str, known: dict[str, Any]) -> Iterator[tuple[State | Arrival, bool, str]]:
        step = self._program.steps[name]
        passing = outcomes(step.when, known)
        if False in passing:
            follower = self._program.after(name) if isinstance(step, Form) else self._program.following[name]
            yield self._to(follower, known), False, ""
        if True not in passing:
            return
        if isinstance(step, (Handoff, End, Goto)):
            kind = next(each for each in ("handoff", "end", "goto") if hasattr(step, each))
            yield Arrival(kind, name), False, ""
        elif isinstance(step, Collect):
            yield from self._answered(step, known)
        elif isinstance(step, Rule):
            yield from ((to, True, ACCEPT) for to in self._onward(step, known))
            if step.decline is not None:
                declined = [self._to(step.decline.next, known)] if step.decline.next else self._onward(step, known)
                yield from ((to, True, DECLINE) for to in declined)
        else:
            after = known | _assigned(step)
            if isinstance(step, Form):
                yield self._to(self._program.following[name], after), False, ""
                return
            yield from ((to, False, "") for to in self._onward(step, after))
            if isinstance(step, Action) and step.on_error:
                yield self._to(step.on_error, known), False, ""

    def _answered(self, step: Collect, known: dict[str, Any]) -> Iterator[tuple[State | Arrival, bool, str]]:
        slot = self._program.slots.get(step.collect)
        former = known.get(step.collect)
        if former is not None and former != ANY and slot is not None and not slot.ask_again:
            yield from ((to, False, "") for to in self._after(step, former, known))
            return
        for answer, value in self._answers(step):
            held = known | {step.collect: value}
            yield from ((to, True, answer) for to in self._after(step, answer, held))

    def _after(self, step: Collect, answer: Any, known: dict[str, Any]) -> Iterator[State | Arrival]:
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

    def _onward(self, step: StepBase, known: dict[str, Any]) -> Iterator[State | Arrival]:
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

    def _to(self, step: str, known: dict[str, Any]) -> State | Arrival:
        return Arrival("", "") if step == EXIT else self._state(step, known)

    def _state(self, step: str, known: dict[str, Any]) -> State:
        """A step with what matters from there on."""
        told = [(slot, self._told(known.get(slot), apart)) for slot, apart in sorted(self._later[step].items())]
        return step, tuple((slot, value) for slot, value in told if value is not None)

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


def _told_apart(step: StepBase, again: set[str]) -> dict[str, frozenset[Any] | None]:
    """By slot that a step reads or asks for, but not `again`: the answers after which it does not go on alike."""
    found: dict[str, frozenset[Any] | None] = {}
    if isinstance(step, Collect) and step.collect not in again:
        found[step.collect] = frozenset(choice.id for choice in step.choices if choice.next)
    for condition in (step.when, *(arm.if_ for arm in _arms(step) if isinstance(arm, Branch))):
        for slot, values in told_apart(condition).items() if condition is not None else ():
            former = found.get(slot, frozenset())
            found[slot] = None if former is None or values is None else former | values
    return found


def _arms(step: StepBase) -> list[Any]:
    return step.next if isinstance(step.next, list) else []


def _assigned(step: StepBase) -> dict[str, Any]:
    """What a step that asks nothing makes known."""
    if isinstance(step, Set):
        return {slot: ANY if isinstance(value, (Expression, list)) else value for slot, value in step.set.items()}
    return dict.fromkeys(step.into, ANY) if isinstance(step, (Call, Action)) else {}
