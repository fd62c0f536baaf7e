"""Putting the question that waits once more, whatever kind of step it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import questions
from bot.engine.steps import form
from bot.flow.library import PATTERN
from bot.flow.model import Action, Form

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.text.nodes import Document


def again(run: Run, lead: Document = ()) -> None:
    """Put the question of the frame on top once more, below `lead`."""
    frame = run.frame
    step = run.step(frame)
    if isinstance(step, Form):
        form.put(run, frame, step, lead=lead)
    elif isinstance(step, Action):
        run.say(lead + run.word("working"))
    else:
        questions.put(run, frame, lead)


def leave_patterns(run: Run) -> None:
    """Drop the repair patterns on top: the merchant has moved on."""
    while run.session.stack and run.session.stack[-1].flow.startswith(PATTERN):
        run.drop()
