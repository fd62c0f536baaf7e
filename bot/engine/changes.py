"""Correcting answers: one question back, or any earlier answer; the later ones are given again where they still fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import answering, questions, replies, undo, waiting
from bot.engine.steps import rule
from bot.flow.model import Collect, Form, Rule
from bot.flow.program import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.engine.run import Run
    from bot.engine.undo import Past


def past(run: Run) -> Iterator[Past]:
    """The answered questions, newest first."""
    return undo.past(run.session, run.program)


def find(run: Run, asked: int | None, step: str) -> Past | None:
    """The question put as number `asked` (None: the newest) at the step with this short name."""
    for each in past(run):
        if asked in {None, each.entry.asked} and short_name(each.entry.step) == step:
            return each
    return None


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
    for each in past(run):
        _take_back(run, each)
        if not each.entry.known:
            break
    waiting.again(run)


def _obstacle(run: Run) -> str:
    if run.session.status != "active":
        return "person" if run.session.status == "handed_off" else "over"
    for each in past(run):
        if _barrier(each):
            return "barrier"
        if not each.entry.known:
            return ""
    return "first"


def _barrier(past: Past) -> bool:
    return isinstance(past.step, Collect) and past.step.barrier


def _take_back(run: Run, past: Past) -> str:
    """Undo the newest answer and remember it; the key it is remembered under."""
    run.release(undo.take_back(run.session, past.entry))
    key = questions.key(run.frame)
    run.session.former[key] = past.answer
    run.record("step_undone", flow=run.frame.flow, step=past.entry.step)
    return key


def change(run: Run, asked: int, step: str, choice: str) -> None:
    """Go back to an earlier question and answer it with `choice` (short name), or put it again.

    Later answers are given again by themselves where the new path still asks for them.
    """
    way: list[Past] = []
    for each in past(run):
        way.append(each)
        if each.entry.asked == asked and short_name(each.entry.step) == step:
            break
    else:
        run.pattern("back", reason="first")
        return
    if any(map(_barrier, way)):
        run.pattern("back", reason="barrier")
        return
    recall = [_take_back(run, each) for each in way]
    waiting.again(run)
    run.session.recall = recall[:-1]
    _choose(run, choice)


def _choose(run: Run, choice: str) -> None:
    """Answer the question that was just put with `choice`, if that is one of its options."""
    frame = run.frame
    step = run.step(frame)
    if isinstance(step, Form):
        return
    menu = questions.menu(run, frame, step)
    chosen = menu.by_mark.get(choice)
    if chosen is None or chosen.id == questions.KEEP:
        return
    run.effects.pop()  # the question need not be put: its answer came with the change
    if isinstance(step, Rule):
        rule.choose(run, frame, step, chosen.id)
    else:
        slot = run.program(frame).slots[step.collect]
        answering.follow(run, frame, step, replies.choose(frame, slot, menu, chosen.id))
