"""A flow as a graph: which step can follow which, and by which kind of way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.flow.model import Action, Collect, Else, End, Form, Goto, Handoff, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bot.flow.model import Step
    from bot.flow.program import Program

EXIT = ""
"""The node behind the last step: the flow's own end."""


class Way(NamedTuple):
    """A way from a step to the next: because its `when` was false, because it did its work, or instead of that.

    "instead" is what follows too many attempts, a timeout, a declined rule or a failed action.
    """

    to: str
    kind: Literal["skipped", "done", "instead"]


def ways(program: Program) -> dict[str, tuple[Way, ...]]:
    """For each step the ways out of it, EXIT for the end of the flow; unknown targets are left out."""
    known = {EXIT, *program.steps}
    return {
        step.id: tuple(dict.fromkeys(way for way in _ways(program, step) if way.to in known))
        for step in program.steps.values()
    }


def successors(ways: Mapping[str, Iterable[Way]]) -> dict[str, list[str]]:
    """For each step those that may come right after it, without the kinds of the ways."""
    return {step: list(dict.fromkeys(way.to for way in found)) for step, found in ways.items()}


def _ways(program: Program, step: Step) -> Iterator[Way]:
    follower = program.after(step.id) if isinstance(step, Form) else program.following[step.id]
    if step.when is not None:
        yield Way(follower, "skipped")
    if isinstance(step, Form):
        yield Way(program.following[step.id], "done")
        return
    if isinstance(step, (End, Goto)):
        yield Way(EXIT, "done")
        return
    if isinstance(step, Collect):
        yield from (Way(choice.next, "done") for choice in step.choices if choice.next)
    if not (isinstance(step, Collect) and _choices_decide(program, step)):
        yield from (Way(target, "done") for target in _onward(step, follower))
    yield from (Way(target, "instead") for target in _instead(step))


def _onward(step: Step, follower: str) -> Iterator[str]:
    """Where `next:` leads, or the file's order where it says nothing."""
    if isinstance(step.next, str):
        yield step.next
        return
    for arm in step.next or ():
        if isinstance(arm, Else):
            yield arm.else_
            return
        yield arm.then
    yield follower


def _instead(step: Step) -> Iterator[str]:
    if isinstance(step, Collect):
        if step.on_max_attempts:
            yield step.on_max_attempts
        if step.timeout and step.timeout.then != "nudge":
            yield step.timeout.then
    elif isinstance(step, Rule) and step.decline and step.decline.next:
        yield step.decline.next
    elif isinstance(step, Action) and step.on_error:
        yield step.on_error


def _choices_decide(program: Program, step: Collect) -> bool:
    """Whether every possible answer is a choice that says itself where it leads."""
    slot = program.slots.get(step.collect)
    if slot is None or slot.type == "choices" or slot.also or step.unsure or step.optional:
        return False
    return bool(step.choices) and all(choice.next for choice in step.choices)


def waits(step: Step) -> bool:
    """Whether a turn ends at this step."""
    return isinstance(step, (Collect, Form, Rule, Action, Handoff))


def ends(step: Step) -> bool:
    """Whether the conversation has arrived somewhere: an end, a person, or another flow."""
    return isinstance(step, (End, Handoff, Goto))


def reachable(graph: Mapping[str, Iterable[str]], start: str) -> set[str]:
    """Every node that can be reached from `start`, itself included."""
    return _spread(graph, [start], set())


def reaching(graph: Mapping[str, Iterable[str]], goals: Iterable[str]) -> set[str]:
    """Every node from which one of `goals` can be reached, the goals included."""
    return _spread(_turned(graph), goals, set())


def circles(graph: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The parts of a graph in which every node leads to every other and to itself, largest possible.

    Parts and their nodes stand in the order of `graph`; what leads out of it is ignored.
    """
    number = {node: place for place, node in enumerate(graph)}
    inside = {node: [each for each in following if each in number] for node, following in graph.items()}
    back = _turned(inside)
    parts: list[list[str]] = []
    seen: set[str] = set()
    # Kosaraju: in the order of leaving, latest first, what leads to a node and is not taken yet is its part.
    for node in reversed(_left(inside)):
        part = _spread(back, [node], seen) if node not in seen else set()
        seen |= part
        if len(part) > 1 or (part and node in inside[node]):
            parts.append(sorted(part, key=number.__getitem__))
    return sorted(parts, key=lambda part: number[part[0]])


def round_trip(graph: Mapping[str, Iterable[str]], start: str) -> list[str]:
    """The shortest way from a node of a circle back to it; the node stands first and last."""
    above: dict[str, str] = {}
    queue = [start]
    for node in queue:
        for following in graph.get(node, ()):
            if following not in above:
                above[following] = node
                queue.append(following)
        if start in above:
            break
    way = [start, above[start]]
    while way[-1] != start:
        way.append(above[way[-1]])
    return way[::-1]


def _spread(graph: Mapping[str, Iterable[str]], starts: Iterable[str], closed: set[str]) -> set[str]:
    """Every node that the `starts` lead to without passing a closed one, the starts included."""
    found = set(starts)
    queue = list(found)
    while queue:
        for following in graph.get(queue.pop(), ()):
            if following not in found and following not in closed:
                found.add(following)
                queue.append(following)
    return found


def _turned(graph: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {}
    for node, following in graph.items():
        for each in following:
            back.setdefault(each, []).append(node)
    return back


def _left(graph: Mapping[str, list[str]]) -> list[str]:
    """The nodes in the order in which a walk in depth leaves them."""
    entered: set[str] = set()
    left: list[str] = []
    for start in graph:
        if start in entered:
            continue
        entered.add(start)
        stack = [(start, iter(graph[start]))]
        while stack:
            node, following = stack[-1]
            onward = next((each for each in following if each not in entered), None)
            if onward is None:
                left.append(node)
                stack.pop()
            else:
                entered.add(onward)
                stack.append((onward, iter(graph[onward])))
    return left
