"""`handoff`: calls a person; the bot is no longer in control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import OpenCase
from bot.engine import files
from bot.flow.library import PATTERN

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Open a case with what is known so far. The flow stands behind the step, should a person give it back."""
    session, case = run.session, step.model.handoff
    priority = str(run.value(case.priority))
    if frame.flow.startswith(PATTERN):
        run.leave_patterns()
    else:
        run.leave(frame, step)
    session.case = session.case or run.ids.case()
    session.status = "handed_off"
    run.flush()
    run.effects.append(OpenCase(session.case, session.id, case.queue, priority, case.summary or ()))
    files.pass_on(run)
    run.record(
        "case_opened",
        {"case": session.case, "queue": case.queue, "priority": priority, "flow": frame.flow, "step": step.id},
    )
    return False
