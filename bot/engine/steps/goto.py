"""`goto`: goes over to another flow, which does not return here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Replace the frame; whoever called it gets the new flow's return."""
    slots = {slot: run.value(value) for slot, value in step.model.with_.items()}
    run.session.stack.pop()
    successor = run.push(step.model.goto, slots, into=frame.into)
    successor.aside, successor.quiet, successor.values = frame.aside, frame.quiet, frame.values
    run.record("flow_left", {"flow": frame.flow, "step": step.id, "entered": step.model.goto})
    return True
