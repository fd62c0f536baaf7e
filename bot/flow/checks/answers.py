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
    known: dict[str, _Answers] = {}
    for use in view.uses:
        for comparison in comparisons(use.expression.tree):
            slot = comparison.slot
            if slot not in view.flow.slots:
                continue
            if slot not in known:
                known[slot] = _answers(view, world, slot)
            for value in comparison.values:
                message, hint = _impossible(view, known[slot], comparison, value)
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


def _answers(view: View, world: World, slot: str) -> _Answers:
    """Everything that questions, steps and callers can make of a slot."""
    ids: set[Any] = set()
    asked = [question for _, question in questions(view) if question.collect == slot]
    unsure = any(question.unsure for question in asked)
    for question in asked:
        ids.update(choice.id for choice in question.choices)
        if not question.choices and view.flow.slots[slot].type == "yes_no":
            ids |= {YES, NO}
    if unsure:
        ids.add(UNSURE)
    values = [step.set[slot] for step in view.flow.steps if isinstance(step, Set) and slot in step.set]
    values += (given[slot] for given in world.given.get(view.program.id, ()) if slot in given)
    taken = any(isinstance(step, (Call, Action)) and slot in step.into for step in view.flow.steps)
    for value in values:
        ids.update(value if isinstance(value, list) else [value])
    return _Answers(ids, not asked or taken or any(isinstance(value, Expression) for value in values), unsure)


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
