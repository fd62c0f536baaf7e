"""Every path of answers through a flow, and how many questions each asks: found without running the flow.

A path is what answers decide: choices, acknowledged and declined rules, conditions. Silence and replies that are not
understood are no answers. Answers after which the flow goes on alike are one, so a path tells them together. Coming
back to a step with nothing new known is a loop; the path that leaves it at once stands for all that go round.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.flow.expressions import Expression
from bot.flow.outcomes import ANY
from bot.flow.ways import Place, Ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.flow.program import Program

_ALONE: Final[Mapping[str, Program]] = MappingProxyType({})
"""No other flows."""

MAX_CALLS: Final = 25
"""Flows within flows that are looked into, as many as the engine runs."""


State = tuple[Place, ...]
"""Where a path is: the flow that was begun with, standing at the step that calls the next one, and so on."""


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
    """The paths through a program whose steps and targets exist, and through the `programs` that it calls.

    A flow that is called and not among them is passed over.
    """

    def __init__(self, program: Program, programs: Mapping[str, Program] = _ALONE) -> None:
        """Nothing is walked yet."""
        self._ways = {program.id: Ways(program)}
        self._main, self._programs = program.id, programs
        self._moves: dict[State, tuple[Move, ...]] = {}

    @cached_property
    def start(self) -> State:
        """The first step with nothing known."""
        return (self._ways[self._main].begin({}),)

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
            step = Asked(self._named(state[-1]), move.answers) if move.asks else None
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
            for to, asks, answer in self._onward(state):
                answers = merged.setdefault((to, asks), [])
                if answer and answer not in answers:
                    answers.append(answer)
            self._moves[state] = tuple(Move(to, asks, tuple(answers)) for (to, asks), answers in merged.items())
        return self._moves[state]

    def _onward(self, state: State) -> Iterator[tuple[State | Arrival, bool, str]]:
        *callers, place = state
        for way in self._ways[place.flow].of(place):
            if isinstance(way.to, Place):
                yield (*callers, way.to), way.asks, way.answer
            elif way.to in {"handoff", "goto"}:
                yield Arrival(way.to, self._named(place)), way.asks, way.answer
            elif way.to == "call":
                yield from ((each, False, "") for each in self._called(state))
            elif callers:
                yield from ((each, way.asks, way.answer) for each in self._returned(tuple(callers)))
            else:
                yield Arrival(way.to, place.step if way.to else ""), way.asks, way.answer

    def _called(self, state: State) -> Iterator[State | Arrival]:
        """Into the flow that the present step calls; past the step if there is none to look into."""
        call = self._ways[state[-1].flow].call(state[-1])
        program = self._programs.get(call.call)
        if program is None or len(state) == MAX_CALLS:
            yield from self._returned(state)
            return
        if program.id not in self._ways:
            self._ways[program.id] = Ways(program)
        given = {slot: ANY if isinstance(value, (Expression, list)) else value for slot, value in call.with_.items()}
        yield (*state, self._ways[program.id].begin(given))

    def _returned(self, state: State) -> Iterator[State | Arrival]:
        """Behind the step that called a flow, which has come to its end."""
        *callers, place = state
        for to in self._ways[place.flow].behind(place):
            if isinstance(to, Place):
                yield (*callers, to)
            elif callers:
                yield from self._returned(tuple(callers))
            else:
                yield Arrival("", "")

    def _named(self, place: Place) -> str:
        return place.step if place.flow == self._main else f"{place.flow}.{place.step}"
