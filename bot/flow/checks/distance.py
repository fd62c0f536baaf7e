"""How far away a person is: the questions and rules that lie before a hand-off, held to the flow's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.checks.view import Finding
from bot.flow.graph import EXIT, reachable
from bot.flow.model import Collect, Handoff, Rule
from bot.flow.paths import Paths, TooManyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.checks.view import View, World

_STATES: Final = 2_000
"""States of a flow that are looked at; one with more is told by its shortest way alone."""


def handoffs(view: View, _: World) -> Iterator[Finding]:
    """No way to a person asks more than the flow's budget."""
    if view.is_pattern or not view.is_sound:
        return
    there = reachable(view.successors, view.program.first)
    steps = [(number, step) for number, step in enumerate(view.flow.steps) if isinstance(step, Handoff)]
    near = [(number, step) for number, step in steps if step.id in there]
    budget = view.flow.budget
    if not near or _at_most(view, there) <= budget:
        return
    farthest = _shortest(view)
    if all(farthest[step.id] <= budget for _, step in near):
        farthest |= _longest(view)
    for number, step in near:
        if (questions := farthest[step.id]) > budget:
            message = f"up to {questions} questions and rules lie before this person, and the flow's budget is {budget}"
            hint = "ask less, offer a shorter way, or raise `budget:` of the flow"
            yield Finding("far-handoff", ("steps", number, "handoff"), message, hint, "warning", key=True)


def _at_most(view: View, steps: set[str]) -> int:
    """A number that no path exceeds: everything that can be asked, once."""
    asking = (view.program.steps[step] for step in steps - {EXIT})
    asked = {each.collect if isinstance(each, Collect) else each.id for each in asking if _asks(each)}
    return len(asked)


def _shortest(view: View) -> dict[str, int]:
    """By step: how many questions lie before it, at least."""
    found = {view.program.first: 0}
    level = [view.program.first]
    questions = 0
    while level:
        further: list[str] = []
        for step in level:  # grows by what follows without a question
            for way in view.ways[step] if found[step] == questions else ():
                asks = _asks(view.program.steps[step]) and way.kind != "skipped"
                if way.to != EXIT and way.to not in found:
                    found[way.to] = questions + asks
                    (further if asks else level).append(way.to)
        level = further
        questions += 1
    return found


def _longest(view: View) -> dict[str, int]:
    """By hand-off: how many questions lie before it, at most; nothing where there are too many states to tell."""
    try:
        counts = Paths(view.program).counts(_STATES)
    except TooManyError:
        return {}
    return {arrival.step: found.most for arrival, found in counts.items() if arrival.kind == "handoff"}


def _asks(step: object) -> bool:
    return isinstance(step, (Collect, Rule))
