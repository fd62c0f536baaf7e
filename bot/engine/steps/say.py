"""`say`: sends a text and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame
    from bot.flow.model import Say


def enter(run: Run, frame: Frame, step: Say) -> bool:
    """Send the text."""
    run.say(run.render(step.say))
    run.leave(frame, step)
    return True
