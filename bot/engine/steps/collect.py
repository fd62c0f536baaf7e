"""`collect`: asks for one slot and waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import answering, questions, replies, undo
from bot.flow.library import PATTERN

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Ask, unless the answer is known or was given before an earlier answer was changed."""
    value = frame.slots.get(step.collect)
    if value is not None and not step.slot.ask_again:
        if not frame.flow.startswith(PATTERN):
            noticed = undo.note(run, value)
            noticed.known = True
            questions.known(run, frame, step, noticed.asked)
        run.move(frame, answering.onward(run, step, value))
        return True
    former = questions.recalled(run, frame) if run.session.recall else None
    if former is not None and replies.fits(run, step, former.answer):
        run.recalled()
        answering.take(run, frame, step, former.answer, recalled=former.asked)
        return True
    run.record("step_entered", {"flow": frame.flow, "step": frame.step})
    questions.put(run, frame, step)
    return False
