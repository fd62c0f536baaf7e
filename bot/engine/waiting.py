"""Putting the question that waits once more, whatever kind of step it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import questions
from bot.engine.steps import action, form
from bot.flow.model import Action, Collect, Form, Rule

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.text.nodes import Document


def again(run: Run, lead: Document = ()) -> None:
    """Put the question of the frame on top once more, below `lead`; go on where none waits."""
    frame = run.frame
    step = run.step(frame)
    if step.kind is Form:
        form.put(run, frame, step, lead=lead)
    elif step.kind is Collect or step.kind is Rule:
        questions.again(run, frame, step, lead)
    else:
        if lead:
            run.say(lead)
        if step.kind is Action and frame.wait is not None:
            action.again(run, frame, step)
        else:
            run.proceed()
