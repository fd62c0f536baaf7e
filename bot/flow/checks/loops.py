"""Circles: within a turn no flow may run round, neither over its own steps nor over flows that call each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flow.checks.view import Finding
from bot.flow.expressions import Expression
from bot.flow.graph import circles, round_trip, waits
from bot.flow.model import Action, Call, Collect, Handoff, Set

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.flow.checks.view import View, World
    from bot.flow.model import Step

_ASKED_ONCE: Final = "no question is put again that has its answer: use `ask_again: true`, or unset its slot on the way"


def steps(view: View, world: World) -> Iterator[Finding]:
    """No circle of steps runs without a wait, neither at once nor when its questions have their answers."""
    if not view.is_sound:
        return
    turn = {step.id for step in view.program.steps.values() if world.turns.goes_on(step)}
    at_once = _within(view.successors, turn)
    told: set[str] = set()
    for circle in circles(at_once):
        told.update(circle)
        message = f"{_shown(at_once, circle)}: these steps run in a circle and never wait"
        yield Finding("cycle-without-wait", _place(view, circle[0]), message, "ask something on the way, or lead out")
    onward = {step: [way.to for way in ways if way.kind != "instead"] for step, ways in view.ways.items()}
    later = turn | {step.id for step in view.program.steps.values() if _is_put_once(view, step)}
    for wide in circles(_within(onward, later)):
        unset = {slot for step in wide for slot in _unset(view.program.steps[step])}
        kept = {step for step in wide if getattr(view.program.steps[step], "collect", "") not in unset}
        known = _within(onward, kept)
        for circle in circles(known):
            if told.isdisjoint(circle):
                message = f"{_shown(known, circle)}: once these questions are answered, this circle never waits"
                yield Finding("asked-once", _place(view, circle[0]), message, _ASKED_ONCE, "warning")


def calls(view: View, world: World) -> Iterator[Finding]:
    """No chain of flows that call each other, or go over to each other, comes round without a wait."""
    if (found := world.turns.rounds.get(view.program.id)) is not None:
        step, flows = found
        message = f"{' → '.join(flows)}: these flows lead to each other in a circle and never wait"
        path = (*view.places[step], "call" if isinstance(view.program.steps[step], Call) else "goto")
        yield Finding("circular-call", path, message, "ask something on the way, or lead out of the circle")


def _place(view: View, step: str) -> tuple[str | int, ...]:
    return (*view.places[step][:2], "id")


def _shown(graph: Mapping[str, Sequence[str]], circle: Sequence[str]) -> str:
    return " → ".join(round_trip(graph, circle[0]))


def _within(graph: Mapping[str, Sequence[str]], steps: set[str]) -> dict[str, list[str]]:
    """The part of a graph that has only these steps, in the graph's order."""
    return {step: [each for each in following if each in steps] for step, following in graph.items() if step in steps}


def _is_put_once(view: View, step: Step) -> bool:
    """Whether the step waits, but not when the conversation comes to it again."""
    if isinstance(step, Collect):
        slot = view.flow.slots.get(step.collect)
        return slot is not None and not slot.ask_again
    if isinstance(step, Action):
        return not any(isinstance(value, Expression) for value in step.with_.values())
    return waits(step) and not isinstance(step, Handoff)


def _unset(step: Step) -> Iterator[str]:
    """Slots that a step may leave without an answer."""
    if isinstance(step, Set):
        yield from (slot for slot, value in step.set.items() if value is None or isinstance(value, Expression))
    elif isinstance(step, (Call, Action)):
        yield from step.into
