"""Correcting answers: one question back, or any earlier answer, with the later ones given again where they still fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bot.engine import answering, questions, replies, undo, waiting
from bot.engine.steps import rule
from bot.flow.model import Collect, Form, Rule
from bot.flow.program import short_name

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Undo


def back(run: Run) -> None:
    """Take back the last answered question and put it again, or say why that cannot be."""
    session = run.session
    if session.stack and session.stack[-1].flow.startswith("pattern_"):
        waiting.leave_patterns(run)
        if session.status == "active":
            waiting.again(run)
            return
    reason = _obstacle(run)
    if reason:
        run.pattern("back", reason=reason)
        return
    while True:
        entry = undo.entries(session)[-1]
        _take_back(run, entry)
        if not entry.known:
            break
    waiting.again(run)


def _obstacle(run: Run) -> str:
    if run.session.status != "active":
        return "person" if run.session.status == "handed_off" else "over"
    for entry in reversed(undo.entries(run.session)):
        if _barrier(run, entry):
            return "barrier"
        if not entry.known:
            return ""
    return "first"


def _barrier(run: Run, entry: Undo) -> bool:
    frame = entry.dropped[-1] if entry.dropped else run.session.stack[len(entry.kept) - 1]
    step = run.program(frame).steps.get(entry.step)
    return isinstance(step, Collect) and step.barrier


def _take_back(run: Run, entry: Undo) -> str:
    """Undo one entry and remember its answer; the key it is remembered under."""
    session = run.session
    answer = entry.answer
    frame = entry.dropped[-1] if entry.dropped else session.stack[len(entry.kept) - 1]
    step: Any = run.program(frame).steps[entry.step]
    if isinstance(step, Rule):
        answer = msgspec.to_builtins(session.rules[step.rule])
    elif not entry.dropped and isinstance(step, Form):
        answer = {field.collect: frame.slots.get(field.collect) for field in step.fields}
    elif not entry.dropped:
        answer = frame.slots.get(step.collect)
    run.release(undo.take_back(session, entry))
    key = questions.key(run.frame)
    session.former[key] = answer
    run.record("step_undone", flow=run.frame.flow, step=entry.step)
    return key


def entries(run: Run) -> list[Undo]:
    """The answers that can be changed, oldest first."""
    return undo.entries(run.session)


def find(run: Run, asked: int, step: str) -> Undo | None:
    """The entry of the question that was put as number `asked` at the step with this short name."""
    for entry in reversed(undo.entries(run.session)):
        if entry.asked == asked and short_name(entry.step) == step:
            return entry
    return None


def standing(run: Run, entry: Undo) -> tuple[Any, str]:
    """The step an entry belongs to and its answer as the merchant reads it ("" for none)."""
    frame = entry.dropped[-1] if entry.dropped else run.session.stack[len(entry.kept) - 1]
    step = run.program(frame).steps[entry.step]
    if not isinstance(step, Collect):
        return step, ""
    value = entry.answer if entry.dropped else frame.slots.get(step.collect)
    return step, questions.shown(run, frame, step.collect, value)


def change(run: Run, asked: int, step: str, choice: str) -> None:
    """Go back to an earlier question and answer it with `choice` (short name), or put it again.

    Later answers are given again by themselves where the new path still asks for them.
    """
    target = find(run, asked, step)
    blocked = target is None or any(_barrier(run, entry) for entry in undo.entries(run.session) if entry.asked >= asked)
    if target is None or blocked:
        run.pattern("back", reason="barrier" if blocked and target else "first")
        return
    recall: list[str] = []
    while True:
        entry = undo.entries(run.session)[-1]
        key = _take_back(run, entry)
        if entry.asked == target.asked and entry.step == target.step:
            break
        recall.append(key)
    frame = run.frame
    at = run.step(frame)
    waiting.again(run)
    run.session.recall = recall
    if isinstance(at, Form):
        return
    menu = questions.menu(run, frame, at)
    chosen = menu.by_mark.get(choice)
    if chosen is None or chosen.id == questions.KEEP:
        return
    run.effects.pop()  # the question need not be put: its answer came with the change
    if isinstance(at, Rule):
        rule.choose(run, frame, at, chosen.id)
    else:
        answering.follow(run, frame, at, replies.choose(frame, run.program(frame).slots[at.collect], menu, chosen.id))
