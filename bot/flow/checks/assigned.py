"""Slots that are read before they have an answer: a walk over the graph with what is known at each step.

Known is that a slot has been asked for or set, for certain or under conditions: behind a step with
`when: "slots.platform == 'api'"` its slot counts where that condition holds, until the platform changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.flow.checks.reads import holding, reads
from bot.flow.checks.view import Finding
from bot.flow.graph import EXIT
from bot.flow.model import Action, Branch, Call, Collect, Form, Set
from bot.flow.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.flow.checks.reads import Facts, Read
    from bot.flow.checks.view import Use, View, World
    from bot.flow.model import Step
    from bot.flow.reader import Path

_NOTHING: Facts = frozenset()


class _State(NamedTuple):
    """Slots that were asked for or set: for certain, where some conditions hold, and on at least one way to a place."""

    certain: frozenset[str]
    under: frozenset[tuple[str, Facts]]
    perhaps: frozenset[str]


def slots(view: View, world: World) -> Iterator[Finding]:
    """A slot is read only behind a step that asks for it or sets it, on every path."""
    read = [(use, [each for each in _reads(use) if each.root == "slots"]) for use in view.uses]
    tracked = {each.name for _, found in read for each in found} & view.flow.slots.keys()
    if not tracked or not view.is_sound:
        return
    before, after = _flow(view, tracked, _entry(view, world))
    for use, found in read:
        step = view.step_at(use.path)
        if step is None or not found:
            continue
        onward = use.path[2:3] == ("next",)
        state = after.get(_last(view, step)) if onward else before.get(step)
        if state is not None:
            yield from _unassigned(view, use, found, state, step)


def _reads(use: Use) -> list[Read]:
    if all(root != "slots" for root, _ in use.expression.references):
        return []
    return reads(use.expression.tree, copes=use.path[-1] in {"if", "when"})


def _unassigned(view: View, use: Use, found: list[Read], state: _State, step: str) -> Iterator[Finding]:
    holds = _holding(view.program.steps[step], use.path[2:])
    told: set[str] = set()
    for read in found:
        slot = read.name
        if slot not in view.flow.slots or slot in told:
            continue
        if slot not in state.perhaps:
            told.add(slot)
            message = f"no step on the way here asks for {quoted(slot)} or sets it: it never has an answer"
            yield Finding("never-set", use.path, message, "move this behind the step that does, or take it out")
            continue
        facts = read.facts | holds
        if read.copes or slot in state.certain or any(fact.answered == slot for fact in facts):
            continue
        if not any(known == slot and all(each.follows(facts) for each in under) for known, under in state.under):
            told.add(slot)
            message = f"on some way here nothing asks for {quoted(slot)} or sets it; it is then none"
            hint = f"if that is meant, say so: `slots.{slot} is not none and …`, or `slots.{slot} | default('…')`"
            yield Finding("unset-slot", use.path, message, hint, "warning")


def _holding(step: Step, path: Path) -> Facts:
    """What is known at `path` of a step because of its `when:` and, in its `next:`, the arms above."""
    facts = _NOTHING if step.when is None or path == ("when",) else holding(step.when.tree, truth=True)
    if path[:1] != ("next",) or not isinstance(step.next, list):
        return facts
    assigned, _ = _assigns(step)
    facts = frozenset(fact for fact in facts if not fact.slots & assigned)
    above = [arm for number, arm in enumerate(step.next) if isinstance(arm, Branch) and (number,) < path[1:2]]
    return facts.union(*(holding(arm.if_.tree, truth=False) for arm in above))


def _entry(view: View, world: World) -> _State:
    """What whoever starts the flow gives it: nothing, unless all who do are other flows."""
    given = [frozenset(slots) for slots in world.given.get(view.program.id, ())]
    perhaps = frozenset[str]().union(*given)
    if not given or view.is_pattern or view.flow.triggers:
        return _State(frozenset(), frozenset(), perhaps)
    return _State(frozenset.intersection(*given), frozenset(), perhaps)


def _flow(view: View, tracked: set[str], entry: _State) -> tuple[dict[str, _State], dict[str, _State]]:
    """The states in front of each step that can be reached, and behind it when it has done its work."""
    steps, order = view.program.steps, {step: number for number, step in enumerate(view.program.steps)}
    before, after = {view.program.first: entry}, dict[str, _State]()
    waiting = {view.program.first}
    while waiting:
        step = min(waiting, key=order.__getitem__)
        waiting.discard(step)
        ways = _behind(steps[step], before[step], tracked)
        after[step] = ways["done"]
        for way in view.ways[step]:
            if way.to == EXIT:
                continue
            there = before.get(way.to)
            merged = _merged(there, ways[way.kind])
            if merged != there:
                before[way.to] = merged
                waiting.add(way.to)
    return before, after


def _behind(step: Step, state: _State, tracked: set[str]) -> Mapping[str, _State]:
    """The states behind a step, by the kind of the way."""
    assigned, surely = _assigns(step)
    assigned &= tracked
    if not assigned and step.when is None:
        return {"done": state, "instead": state, "skipped": state}
    lost = [known for known in state.under if any(fact.slots & assigned for fact in known[1])]
    kept = state.under.difference(lost) if lost else state.under
    done = _State(state.certain | assigned if surely else state.certain, kept, state.perhaps | assigned)
    skipped = state
    if step.when is not None:
        when, unless = holding(step.when.tree, truth=True), holding(step.when.tree, truth=False)
        certain = state.certain.union(fact.answered for fact in unless if fact.answered in tracked)
        under = state.under
        if surely and not any(fact.slots & assigned for fact in when):
            under |= {(slot, when) for slot in assigned}
        skipped = _State(certain, under, state.perhaps)
    return {"done": done, "instead": state, "skipped": skipped}


def _assigns(step: Step) -> tuple[set[str], bool]:
    """The slots that a step assigns when it does its work, and whether it is certain to."""
    if isinstance(step, Collect):
        return {step.collect}, True
    if isinstance(step, Set):
        return set(step.set), True
    if isinstance(step, Call):
        return set(step.into), True
    if isinstance(step, Action):
        return set(step.into), step.on_error is not None
    return set(), True


def _merged(one: _State | None, other: _State) -> _State:
    """What is known whichever of two ways was taken."""
    if one is None:
        return other
    under = one.under
    if one.under != other.under:
        under = one.under & other.under
        under |= {each for each in one.under - under if each[0] in other.certain}
        under |= {each for each in other.under - under if each[0] in one.certain}
    elif one.certain == other.certain:
        return _State(one.certain, under, one.perhaps | other.perhaps)
    return _State(one.certain & other.certain, under, one.perhaps | other.perhaps)


def _last(view: View, step: str) -> str:
    """The step behind which the `next:` of `step` is read: the last field of a form."""
    form = view.program.steps[step]
    return f"{step}.{form.fields[-1].collect}" if isinstance(form, Form) else step
