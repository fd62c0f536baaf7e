"""The timers of a session: one that closes it when it stays silent, and one for the question that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.chat.effects import Schedule, Unschedule
from bot.engine import tokens

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame, Wait


def expiry(session: str) -> str:
    """The name of the timer that closes a silent session."""
    return f"{session}.expiry"


def album(session: str) -> str:
    """The name of the timer that ends the waiting for more of an album, which is the conversation's."""
    return f"{session}.album"


def ensure(run: Run, wait: Wait, seconds: int) -> None:
    """Have the question wait no longer than that, unless its timer is set already; it replaces another one's."""
    timer = tokens.reference(run.session.id, wait.asked)
    if run.session.timer == timer:
        return
    clear(run)
    run.session.timer = timer
    run.effects.append(Schedule(timer, run.now + timedelta(seconds=seconds)))


def clear(run: Run) -> None:
    """Forget the timer of a question, if one is set."""
    if run.session.timer:
        run.effects.append(Unschedule(run.session.timer))
    run.session.timer = ""


def owner(run: Run, timer: str) -> Frame | None:
    """The frame whose question waits and has this timer."""
    for frame in run.session.stack:
        if frame.wait is not None and tokens.reference(run.session.id, frame.wait.asked) == timer:
            return frame
    return None


def settle(run: Run) -> None:
    """At the end of a turn: no timer is left for a question that no longer waits."""
    session = run.session
    if session.timer and (session.status != "active" or owner(run, session.timer) is None):
        clear(run)
