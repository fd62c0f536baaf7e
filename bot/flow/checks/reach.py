"""Where the steps of a flow lead: every step can be reached, and from every step the conversation can arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.checks.view import Finding
from bot.flow.graph import EXIT, ends, reachable, reaching
from bot.flow.library import PATTERN
from bot.flow.model import Handoff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.flow.checks.view import View, World

_HUMAN = f"{PATTERN}human"


def steps(view: View, _: World) -> Iterator[Finding]:
    """Every step can be reached from the first one, and leads to an end, a person or another flow."""
    if not view.is_sound:
        return
    graph = view.successors
    reached = reachable(graph, view.program.first)
    for step in _heads(view, graph.keys() - reached):
        message = f"no way leads to {step}"
        hint = "lead to it by a `next`, or take it out"
        yield Finding("unreachable-step", (*view.places[step], "id"), message, hint)
    arriving = reaching(graph, [EXIT, *(step.id for step in view.program.steps.values() if ends(step))])
    for step in _heads(view, reached - arriving):
        message = f"from {step} on, the conversation goes round for ever"
        hint = "lead out of it to a step that ends, hands over or goes to another flow"
        yield Finding("dead-end", (*view.places[step], "id"), message, hint)


def _heads(view: View, found: Collection[str]) -> Iterator[str]:
    """The steps of the file among `found`, but for those that a step told before leads to."""
    told: set[str] = set()
    for step in view.flow.steps:
        if step.id in found and step.id not in told:
            told |= reachable(view.successors, step.id)
            yield step.id


def human(view: View, world: World) -> Iterator[Finding]:
    """The pattern that calls a person can reach one, if need be in a flow that it calls."""
    if view.program.id == _HUMAN and not _hands_over(view, world, set()):
        message = "no way through this pattern leads to a `handoff`: nobody could reach a person"
        yield Finding("unreachable-human", ("flow",), message, "add a step with `handoff:`")


def _hands_over(view: View, world: World, seen: set[str]) -> bool:
    seen.add(view.program.id)
    if not view.is_sound:
        return True  # nothing can be said until its targets are right
    reached = reachable(view.successors, view.program.first)
    if any(isinstance(view.program.steps.get(step), Handoff) for step in reached):
        return True
    called = [flow for step, flow, _ in view.departures() if step.id in reached and flow not in seen]
    return any(flow in world.views and _hands_over(world.views[flow], world, seen) for flow in called)
