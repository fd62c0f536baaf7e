"""`set`: assigns slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:
    """Assign every slot; the values are worked out before the first is assigned."""
    for slot, value in {slot: run.value(value) for slot, value in step.model.set.items()}.items():
        run.assign(frame, slot, value)
    run.leave(frame, step)
    return True
