"""`collect`: asks for one slot and waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.engine import answering, questions
from bot.flow.library import PATTERN
from bot.flow.menu import UNSURE

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.model import Collect, Slot


def enter(run: Run, frame: Frame, step: Collect) -> bool:
    """Ask, unless the answer is known or was given before an earlier answer was changed."""
    slot = run.program(frame).slots[step.collect]
    value = frame.slots.get(step.collect)
    if value is not None and not slot.ask_again:
        if not frame.flow.startswith(PATTERN):
            questions.known(run, frame, step)
            run.recorder.note(run.session, value, known=True)
        run.move(frame, answering.onward(run, frame, step, value))
        return True
    remembered = questions.key(frame)
    if remembered in run.session.recall:
        run.session.recall.remove(remembered)
        value = run.session.former[remembered]
        if _fits(step, slot, value):
            run.pending = []
            answering.take(run, frame, step, value, recalled=True)
            return True
    run.record("step_entered", flow=frame.flow, step=step.id)
    questions.put(run, frame)
    return False


def _fits(step: Collect, slot: Slot, value: Any) -> bool:
    """Whether a former answer is still one: a choice may no longer be offered."""
    if value is None:
        return step.optional
    if value == UNSURE:
        return step.unsure
    if not step.choices or slot.also:
        return True
    ids = {choice.id for choice in step.choices}
    return ids.issuperset(value if isinstance(value, list) else [value])
