"""Starting a conversation, and starting it over: a new session in the same language for the same person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import Unschedule
from bot.engine import timers

if TYPE_CHECKING:
    from bot.engine.run import Run


def begin(run: Run) -> None:
    """Start the session's flow; `run.proceed()` comes next."""
    session = run.session
    session.status = "active"
    session.stack, session.undo = [], ()  # another flow may have run before
    run.record(
        "session_started",
        {"session": session.id, "flow": session.flow, "locale": session.locale, "channel": session.channel.name},
    )
    run.push(session.flow, {})


def restart(run: Run) -> None:
    """Forget everything but who it is, their language and the event keys already seen, and start anew."""
    session = run.session
    timers.clear(run)
    run.effects.append(Unschedule(timers.expiry(session.id)))
    run.record("session_restarted", {"before": session.id})
    session.id = run.ids.session()
    session.started = run.now
    session.outcome, session.case = "", ""
    session.turns, session.revision, session.frames = 0, 0, 0
    session.recall, session.said, session.files, session.passed_on = (), {}, (), 0
    session.rules, session.former, session.done = {}, {}, {}
    begin(run)
