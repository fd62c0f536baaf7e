"""The repair patterns: what their outcomes mean, and the commands that call them.

A pattern is an ordinary flow whose id starts with `pattern_`; it runs above the question that waits. The engine knows
no texts: it runs the pattern and acts on its outcome.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bot.chat.effects import Forget, Overview
from bot.engine import limits, undo, waiting
from bot.engine.changes import back, change
from bot.engine.restarting import restart
from bot.flow.library import PATTERN
from bot.text.locales import fallbacks

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.engine.run import Run
    from bot.engine.session import Frame


def settle(run: Run, done: Frame, outcome: str) -> bool:
    """Act on the outcome of a flow that ran aside; true when the run goes on."""
    session = run.session
    match done.flow, outcome:
        case "pattern_cancel", "cancelled":
            session.status = "cancelled"
            run.record("session_cancelled")
            return False
        case (("pattern_restart" | "pattern_resume"), "restarted"):
            restart(run)
            return True
        case "pattern_resume", "resumed":
            session.status = "active"
            run.record("session_resumed")
        case "pattern_language", "switched":
            switch(run, done.slots["language"])
        case "pattern_change", "changed":
            change(run, done.values["asked"], done.values["step"], done.values["choice"])
            return False
        case "pattern_forget", "forgotten":
            run.record("forgetting_asked")
            run.effects.append(Forget())
            run.answered = True  # by what comes of it
            return False
    return question_again(run, done)


def question_again(run: Run, done: Frame) -> bool:
    """Return to the question below, if the bot is still in control of it."""
    if done.quiet or not run.session.stack:
        return False
    if run.session.status != "active" and not run.frame.flow.startswith(PATTERN):
        return False
    if run.frame.wait is None:
        return True
    waiting.again(run)
    return False


def switch(run: Run, locale: str) -> None:
    """Go on in another language."""
    run.record("language_changed", {"before": run.session.locale, "after": locale})
    run.session.locale = locale
    run.say(run.word("language_now"))


def _cancel(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("cancel", **_loss(run))


def _restart(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("restart", **_loss(run))


def _loss(run: Run) -> dict[str, Any]:
    answers = undo.answered(run.session)
    return {
        "answers": answers,
        "confirm": answers > limits.ANSWERS_LOST_WITHOUT_ASKING and run.session.status == "active",
        "status": run.session.status,
    }


def _human(run: Run, words: str) -> None:  # noqa: ARG001
    if run.session.status == "handed_off":
        run.pattern("with_person", relayed=False)
    else:
        run.pattern("human", reason="asked")


def _language(run: Run, words: str) -> None:
    run.record("pattern_entered", {"pattern": "language"})
    frame = run.push("pattern_language", {}, wanted=words)
    frame.aside = True
    if words:
        option = next((each for each in fallbacks(words, "") if each in run.library.languages), None)
        frame.slots = {"language": option} if option else {}
    run.proceed()


def _why(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("why", why=explanation(run))


def _help(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("help", why=explanation(run), status=run.session.status)


def _status(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("status", status=run.session.status, answers=undo.answered(run.session), case=run.session.case)


def _summary(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("summary")


def _cases(run: Run, words: str) -> None:  # noqa: ARG001
    _show(run, "cases", Overview("cases"))


def _mydata(run: Run, words: str) -> None:  # noqa: ARG001
    _show(run, "mydata", Overview("data"), Overview("file"))


def _show(run: Run, pattern: str, *overviews: Overview) -> None:
    """Show what is kept, and go on with what waits."""
    run.effects += overviews
    run.answered = True
    run.pattern(pattern)


def _forget(run: Run, words: str) -> None:  # noqa: ARG001
    run.pattern("forget")


def _back(run: Run, words: str) -> None:  # noqa: ARG001
    back(run)


COMMANDS: Final[MappingProxyType[str, Callable[[Run, str], None]]] = MappingProxyType(
    {
        "pattern_back": _back,
        "pattern_cancel": _cancel,
        "pattern_restart": _restart,
        "pattern_human": _human,
        "pattern_language": _language,
        "pattern_why": _why,
        "pattern_help": _help,
        "pattern_status": _status,
        "pattern_summary": _summary,
        "pattern_cases": _cases,
        "pattern_mydata": _mydata,
        "pattern_forget": _forget,
    }
)
"""What a global command does, by the pattern its trigger names; the words after the command come along."""


def explanation(run: Run) -> Any:
    """Why the question that waits is asked, as blocks; none where its author gave no reason."""
    for frame in reversed(run.session.stack):
        if frame.wait is not None:
            text = getattr(run.step(frame).model, "why", None)
            return run.render(text) if text is not None else None
    return None
