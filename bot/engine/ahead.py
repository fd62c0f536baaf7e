"""What would still have been asked: the straight way from where a flow stands, as far as its conditions can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.expressions import EvaluationError, Scope, Slots
from bot.flow.graph import ends
from bot.flow.model import Collect, Else, Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.engine.session import Frame
    from bot.flow.expressions import Expression
    from bot.flow.model import Step
    from bot.flow.program import Program


def slots_ahead(program: Program, frame: Frame) -> Iterator[str]:
    """The unanswered slots from the present step on, in the order they would be asked.

    No choice that is still open is guessed: its own ways are left out, the ordinary way goes on.
    """
    scope = Scope({"slots": Slots(frame.slots)})
    visited: set[str] = set()
    at = frame.step
    while at and at in program.steps and at not in visited:
        visited.add(at)
        step = program.steps[at]
        follower = program.following[at]
        if at not in program.form_of and not _holds(step.when, scope, otherwise=step.when is None):
            at = program.after(at) if isinstance(step, Form) else follower
            continue
        if isinstance(step, Collect) and step.collect not in frame.slots:
            yield step.collect
        if ends(step):
            return
        # the questions of a form stand right behind it, and the last one leads where the form leads
        at = follower if isinstance(step, Form) else _onward(step, frame, scope) or follower


def _onward(step: Step, frame: Frame, scope: Scope) -> str:
    if isinstance(step, Collect):
        answer = frame.slots.get(step.collect)
        for choice in step.choices:
            if choice.id == answer and choice.next:
                return choice.next
    if step.next is None or isinstance(step.next, str):
        return step.next or ""
    for arm in step.next:
        if isinstance(arm, Else):
            return arm.else_
        if _holds(arm.if_, scope, otherwise=False):
            return arm.then
    return ""


def _holds(condition: Expression | None, scope: Scope, *, otherwise: bool) -> bool:
    if condition is None:
        return otherwise
    try:
        return bool(condition.evaluate(scope))
    except EvaluationError:
        return False
