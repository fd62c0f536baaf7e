"""What comes from the service, not from the merchant: a timer that came due, a hook that reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot.engine import timers, versions
from bot.engine.steps import action
from bot.flow.model import Action

if TYPE_CHECKING:
    from bot.chat.events import Due, Performed
    from bot.engine.run import Run


def due(run: Run, event: Due) -> None:
    """A timer fired: it counts only if what it was set for still waits."""
    session = run.session
    if session.status != "active" or event.timer not in {session.timer, timers.expiry(session.id)}:
        run.record("timer_ignored", {"timer": event.timer})
        return
    run.record("timer_fired", {"timer": event.timer})
    if event.timer == timers.expiry(session.id):
        run.leave_patterns()
        run.pattern("expired", quiet=True, phase="closing")
        session.status = "expired"
        run.record("session_expired")
        return
    ready = versions.adopt(run)
    session.timer = ""
    if ready:
        _question_due(run, event)
    else:
        run.pattern("changed_flow")


def _question_due(run: Run, event: Due) -> None:
    """The time of a question, or of an action, is up."""
    frame = timers.owner(run, event.timer)
    if frame is None or frame.wait is None:
        _go_on(run)
        return
    step = run.step(frame)
    if step.kind is Action:
        _reported(run, frame.wait.typed, {action.FAILED: "timeout"})
    elif step.timeout:
        then = step.model.timeout.then
        if then != "nudge":
            run.divert(frame, then)
        elif not frame.wait.nudged:
            frame.wait = replace(frame.wait, nudged=True)
            run.pattern("nudge")


def performed(run: Run, event: Performed) -> None:
    """A hook reported: its result counts once; a failure only if the flow still waits for the hook."""
    session = run.session
    waits = any(frame.wait is not None and frame.wait.typed == event.action for frame in session.stack)
    before = session.done.get(event.action)
    if (before is not None and action.FAILED not in before) or (event.error and not waits):
        run.record("action_ignored", {"key": event.action})
        return
    _reported(run, event.action, {action.FAILED: event.error} if event.error else event.values)


def _reported(run: Run, key: str, result: dict[str, Any]) -> None:
    """Keep a result, and go on if the flow waits for nothing else."""
    session = run.session
    session.done = {**session.done, key: result}
    if session.status != "active":
        return
    if not versions.adopt(run):
        run.pattern("changed_flow")
        return
    frame = run.frame
    step = run.step(frame)
    if step.kind is Action and frame.wait is not None and frame.wait.typed == key:
        action.resume(run, frame, step, result)
    else:
        _go_on(run)


def _go_on(run: Run) -> None:
    """Run on where a new version of the flow awaits something else than the old one did."""
    if run.frame.wait is None:
        run.proceed()
