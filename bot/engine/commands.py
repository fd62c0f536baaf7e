"""Commands and the triggers of other flows: what a message calls, and calling it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.chat.effects import Say
from bot.engine import control, questions, waiting
from bot.engine.patterns import COMMANDS
from bot.engine.restarting import begin
from bot.flow.library import PATTERN
from bot.flow.model import Collect, Rule

if TYPE_CHECKING:
    from bot.chat.events import Message
    from bot.chat.people import User
    from bot.engine.run import Run
    from bot.engine.session import Session
    from bot.engine.tokens import Token
    from bot.flow.library import Library

_LONGEST_COMMAND: Final = 40
"""Characters of a bare word or two that may be a command."""

_LONGEST_TRIGGER: Final = 80
"""Characters of a message that may be another flow's trigger."""

_SLASHED: Final = re.compile("/([a-z_]{3,20})", re.IGNORECASE)
_MOST_TYPOS: Final = 2
_LONG: Final = 6  # letters of a command in which two typos pass; in a shorter one, one

START: Final = "start"
"""The command that starts the conversation's own flow, whatever that is."""

_FORGET: Final = f"{PATTERN}forget"
_THEIRS: Final = frozenset({"pattern_cases", "pattern_mydata", _FORGET, "pattern_language", "pattern_human"})
ALWAYS: Final = _THEIRS | {"pattern_restart", "pattern_cancel"}
"""Commands that work even after the session's last turn."""
BESIDE: Final = _THEIRS | {"pattern_status", "pattern_help", "pattern_summary"}
"""Commands that the bot answers although a person has the conversation: they are about the merchant alone."""


def called(library: Library, flow: str, text: str, locale: str) -> tuple[str | None, str]:
    """The flow that a text calls as a command in a conversation of `flow`, and the words after it."""
    if text.startswith("/"):
        name, words = [*text[1:].split(None, 1), "", ""][:2]
        name = name.partition("@")[0].lower()
        if name == START:
            return library.commands.get(words.lower(), flow), words  # what a link to the bot may say
        return library.commands.get(name), words
    found = library.triggered(text, locale) if len(text) <= _LONGEST_COMMAND else None
    return (found, "") if found is not None and found.startswith(PATTERN) else (None, "")


def command(run: Run, message: Message) -> tuple[str | None, str]:
    """The same for a message.

    The slash form always counts; a bare word only as the whole message, and only if no option of the question reads so.
    """
    flow, words = called(run.library, run.session.flow, message.text, run.session.locale)
    if flow is None or message.text.startswith("/"):
        return flow, words
    stack = run.session.stack
    if message.files or (stack and stack[-1].wait is not None and _is_option(run, message.text)):
        return None, ""
    return flow, words


def misspelt(run: Run, text: str) -> str:
    """The slash command that a message of one slashed word may be a misspelling of; "" for any other message."""
    typed = _SLASHED.fullmatch(text)
    if typed is None:
        return ""
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (few messages come here)

    name = typed[1].lower()
    distance, nearest = min((OSA.distance(name, each), each) for each in (START, *run.library.commands))
    allowed = _MOST_TYPOS if len(nearest) >= _LONG else 1
    return f"/{nearest}" if distance <= allowed else ""


def _is_option(run: Run, text: str) -> bool:
    step = run.step(run.frame)
    waits = run.session.status in {"active", "expired"} or control.beside(run)
    if not waits or step.kind not in {Collect, Rule}:
        return False
    menu = questions.menu(run, run.frame, step)
    return bool(menu.options and menu.matcher.exact(text).ids)


def call(run: Run, flow: str, words: str, author: User | None = None) -> None:
    """Run the flow that a command calls; `author` if that is not whoever began the conversation: it is not theirs."""
    session = run.session
    run.record("command_given", {"flow": flow})
    if author is not None and flow == _FORGET:
        refuse(run)
    elif flow in COMMANDS:
        control.wake(run, quiet=True)
        COMMANDS[flow](run, words)
    elif flow == session.flow:
        if session.status == "idle":
            begin(run)
            run.proceed()
        elif session.status in {"cancelled", "expired"}:
            run.pattern("resume")
        else:
            COMMANDS["pattern_restart"](run, words)
    elif _interruptible(run, flow):
        _digress(run, flow)
    else:
        waiting.again(run, run.word("finish_first"))


def forgetting(session: Session, token: Token | None = None) -> bool:
    """Whether it is asked if everything is to be removed: an answer that counts for whoever began it alone.

    With a `token`: whether that is of this question.
    """
    asked = session.stack[-1] if session.stack else None
    if asked is None or asked.flow != _FORGET or asked.wait is None:
        return False
    return token is None or (token.session, token.asked) == (session.id, asked.wait.asked)


def refuse(run: Run) -> None:
    """Say that the conversation is another one's."""
    run.effects.append(Say(run.word("forget_not_yours")))
    run.answered = True


def _interruptible(run: Run, flow: str) -> bool:
    frame = next((each for each in reversed(run.session.stack) if not each.flow.startswith(PATTERN)), None)
    if frame is None or not frame.step or run.session.status != "active":
        return True
    allowed = getattr(run.step(frame).model, "interruptions", True)
    return allowed if isinstance(allowed, bool) else flow in allowed


def _digress(run: Run, flow: str) -> None:
    """Run another flow above the question, and come back to it. While a person is in control it may tell, not ask."""
    session = run.session
    run.record("digressed", {"flow": flow})
    run.leave_patterns()
    handed_off, height, sent = session.status == "handed_off", len(session.stack), len(run.effects)
    run.push(flow, {}).aside = True
    run.proceed()
    if handed_off and len(session.stack) > height:
        del session.stack[height:], run.effects[sent:]
        run.pattern("with_person", relayed=False)


def interrupts(run: Run, message: Message) -> bool:
    """Whether an unrecognised message is the trigger of another flow, which then ran."""
    flow = run.library.triggered(message.text, run.session.locale) if len(message.text) <= _LONGEST_TRIGGER else None
    if flow is None or flow == run.session.flow or not _interruptible(run, flow):
        return False
    _digress(run, flow)
    return True
