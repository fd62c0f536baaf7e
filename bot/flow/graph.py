"""A flow as a graph: which step can follow which, by which way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.model import Action, Collect, Else, End, Form, Goto, Handoff, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.flow.model import StepBase
    from bot.flow.program import Program

EXIT = ""
"""The node behind the last step: the flow's own end."""


def successors(program: Program) -> dict[str, list[str]]:
    """For each step the steps that may come right after it, EXIT for the end of the flow; unknown targets are left out."""
    found: dict[str, list[str]] = {}
    for step in program.steps.values():
        ways = [way for way in _ways(program, step) if way == EXIT or way in program.steps]
        found[step.id] = list(dict.fromkeys(ways))
    return found


def _ways(program: Program, step: StepBase) -> Iterable[str]:
    follower = program.after(step.id) if isinstance(step, Form) else program.following[step.id]
    if step.when is not None:
        yield follower
    if isinstance(step, Form):
        yield program.following[step.id]
        return
    if isinstance(step, (End, Goto)):
        yield EXIT
        return
    yield from program.targets(step)
    if not _closed(program, step):
        yield follower


def _closed(program: Program, step: StepBase) -> bool:
    """Whether the step itself says where every way out of it leads."""
    if isinstance(step.next, str):
        return True
    if step.next is not None:
        return bool(step.next) and isinstance(step.next[-1], Else)
    if isinstance(step, Collect) and step.choices and all(choice.next for choice in step.choices):
        free = step.unsure or step.optional or program.slots.get(step.collect) is None or program.slots[step.collect].also
        return not free
    return False


def waits(step: StepBase) -> bool:
    """Whether a turn ends at this step."""
    return isinstance(step, (Collect, Form, Rule, Action, Handoff))


def ends(step: StepBase) -> bool:
    """Whether the conversation has arrived somewhere: an end, a person, or another flow."""
    return isinstance(step, (End, Handoff, Goto))


def reachable(ways: Mapping[str, list[str]], start: str) -> set[str]:
    """Every node that can be reached from `start`, itself included."""
    found = {start}
    queue = [start]
    while queue:
        for following in ways.get(queue.pop(), ()):
            if following not in found:
                found.add(following)
                queue.append(following)
    return found


def reaching(ways: Mapping[str, list[str]], goals: Iterable[str]) -> set[str]:
    """Every node from which one of `goals` can be reached, the goals included."""
    back: dict[str, list[str]] = {}
    for node, following in ways.items():
        for each in following:
            back.setdefault(each, []).append(node)
    found = set(goals)
    queue = list(found)
    while queue:
        for previous in back.get(queue.pop(), ()):
            if previous not in found:
                found.add(previous)
                queue.append(previous)
    return found
