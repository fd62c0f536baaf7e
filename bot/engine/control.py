"""What a conversation waits for: its own question, one beside it, a person, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.engine import limits
from bot.flow.library import PATTERN

if TYPE_CHECKING:
    from bot.engine.run import Run
    from bot.engine.session import Frame


def repairing(run: Run) -> bool:
    """Whether a repair pattern waits for its own answer; that works whatever has become of the conversation below."""
    stack = run.session.stack
    return bool(stack) and stack[-1].flow.startswith(PATTERN) and stack[-1].wait is not None


def beside(run: Run) -> bool:
    """Whether something was asked while the conversation itself does not go on: by a pattern, or by another flow."""
    session = run.session
    if session.status == "active" or not session.stack or session.stack[-1].wait is None:
        return False
    return repairing(run) or (
        session.status not in {"expired", "handed_off"} and any(frame.aside for frame in session.stack)
    )


def answerable(run: Run) -> list[Frame]:
    """The frames whose questions may be answered now, lowest first; not all of them have one that waits."""
    if run.session.status == "active":
        return run.session.stack
    return run.session.stack[-1:] if beside(run) else []


def over(run: Run) -> bool:
    """Whether the session had its last turn: only words for a person and the answer to a repair pattern still count."""
    session = run.session
    return session.turns > limits.TURNS_PER_SESSION and session.status != "handed_off" and not repairing(run)


def wake(run: Run, *, quiet: bool = False) -> None:
    """Whatever the merchant does resumes a session that had expired; `quiet` without saying so."""
    if run.session.status == "expired":
        run.session.status = "active"
        run.record("session_resumed")
        if not quiet:
            run.pattern("expired", quiet=True, phase="resumed")
