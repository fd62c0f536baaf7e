"""Answers that expressions look for, and answers that may not be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from bot.flow.checks.reads import comparisons, printed
from bot.flow.checks.steps import questions
from bot.flow.checks.view import Finding
from bot.flow.expressions import Expression
from bot.flow.menu import NO, UNSURE, YES
from bot.flow.model import Action, Call, Handoff, Set
from bot.flow.problems import quoted, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.checks.reads import Comparison
    from bot.flow.checks.view import View, World


class _Answers(NamedTuple):
    """What a slot can hold. `open` says that it may also be something that the flow does not name."""

    ids: set[Any]
    open: bool
    unsure: bool


def comparable(view: View, world: World) -> Iterator[Finding]:
    """Every answer that an expression compares a slot with is one that the slot can have."""
    known: dict[str, _Answers] | None = None
    for use in view.uses:
        for comparison in comparisons(use.expression.tree):
            if comparison.slot not in view.flow.slots:
                continue
            if known is None:
                known = _answers(view, world)
            for value in comparison.values:
                message, hint = _impossible(view, known[comparison.slot], comparison, value)
                if message:
                    yield Finding("impossible-choice", use.path, f"`{use.expression.source}`: {message}", hint)


def _impossible(view: View, answers: _Answers, comparison: Comparison, value: Any) -> tuple[str, str]:
    """Why the slot cannot have this answer, and a hint; empty if it can."""
    slot = comparison.slot
    kind = view.flow.slots[slot].type
    if value is None or answers.open:
        return "", ""
    if kind not in {"choice", "choices", "yes_no"}:
        missing = value == UNSURE and not answers.unsure
        return (f"no question of {quoted(slot)} offers `unsure`", "add `unsure: true` to one") if missing else ("", "")
    if kind == "choices" and comparison.whole and value != UNSURE:
        return f"{quoted(slot)} holds several answers", f"write `'{value}' in slots.{slot}`"
    if value in answers.ids:
        return "", ""
    if value == UNSURE:
        return f"no question of {quoted(slot)} offers `unsure`", "add `unsure: true` to one"
    ids = sorted(each for each in answers.ids if isinstance(each, str))
    message = f"{quoted(value)} is no answer of {quoted(slot)}"
    return message, suggest(str(value), ids) or f"its answers are {', '.join(ids)}"


def _answers(view: View, world: World) -> dict[str, _Answers]:
    """Everything that questions, steps and callers can make of each slot."""
    ids: dict[str, set[Any]] = {slot: set() for slot in view.flow.slots}
    asked = [question for _, question in questions(view) if question.collect in ids]
    unsure = {question.collect for question in asked if question.unsure}
    for question in asked:
        ids[question.collect].update(choice.id for choice in question.choices)
        if not question.choices and view.flow.slots[question.collect].type == "yes_no":
            ids[question.collect] |= {YES, NO}
    for slot in unsure:
        ids[slot].add(UNSURE)
    filled = [step.into for step in view.flow.steps if isinstance(step, (Call, Action))]
    closed = {question.collect for question in asked}.difference(*filled)
    assigned = [step.set for step in view.flow.steps if isinstance(step, Set)]
    for values in (*assigned, *world.given.get(view.program.id, ())):
        for slot, value in values.items():
            if isinstance(value, Expression):
                closed.discard(slot)
            elif slot in ids:
                items = value if isinstance(value, list) else [value]
                ids[slot].update(each for each in items if isinstance(each, (str, int, float)))
    return {slot: _Answers(found, slot not in closed, slot in unsure) for slot, found in ids.items()}


def private(view: View, _: World) -> Iterator[Finding]:
    """No sensitive slot stands in a summary or is printed by a text."""
    sensitive = {name for name, slot in view.flow.slots.items() if slot.sensitive}
    if not sensitive:
        return
    for number, step in enumerate(view.flow.steps):
        for place, slot in enumerate(step.handoff.summary or () if isinstance(step, Handoff) else ()):
            if slot in sensitive:
                message = f"{quoted(slot)} is sensitive and must not stand in a summary"
                yield Finding("sensitive-in-summary", ("steps", number, "handoff", "summary", place), message)
    for use in view.uses:
        for slot in dict.fromkeys(printed(use.expression.tree) if use.shown else ()):
            if slot in sensitive:
                message = f"this text would print {quoted(slot)}, which is sensitive"
                yield Finding("sensitive-in-summary", use.path, message, "say that it was received, without the value")
