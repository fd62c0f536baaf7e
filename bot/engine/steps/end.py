"""`end`: ends the flow with an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.linked import Linked


def enter(run: Run, frame: Frame, step: Linked) -> bool:  # noqa: ARG001  (every kind has the same signature)
    """End the flow."""
    return run.finish(step.model.end)
