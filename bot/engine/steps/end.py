"""`end`: ends the flow with an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.model import End


def enter(run: Run, frame: Frame, step: End) -> bool:  # noqa: ARG001  (every kind has the same signature)
    """End the flow."""
    return run.finish(step.end)
