"""`call`: runs another flow, which returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Put the flow on the stack; the caller stays at its step until it returns."""
    slots = {slot: run.value(value) for slot, value in step.model.with_.items()}
    run.push(step.model.call, slots, into=dict(step.model.into))
    run.record("flow_called", {"flow": frame.flow, "step": step.id, "called": step.model.call})
    return True
