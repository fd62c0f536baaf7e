"""What the bot does for a merchant while a person has the conversation: it answers commands about the merchant alone.

Everything else that the merchant writes is that person's. What such a command asks is answered by its button, or by one
of its options in just these words; whatever else is written first goes to the person, and the question is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.chat.events import Message, Tap
from bot.engine import tokens
from bot.engine.commands import BESIDE, called, forgetting
from bot.flow.library import PATTERN
from bot.flow.model import Collect

if TYPE_CHECKING:
    from bot.chat.events import AnyEvent
    from bot.engine.session import Session
    from bot.flow.library import Library


def meant(library: Library, session: Session, event: AnyEvent) -> bool:
    """Whether an event is the bot's, although a person has the conversation."""
    asked = session.stack[-1] if session.stack and session.stack[-1].flow.startswith(PATTERN) else None
    wait = asked.wait if asked is not None else None
    if type(event) is Tap:
        token = tokens.read(event.token)
        return wait is not None and token is not None and (token.session, token.asked) == (session.id, wait.asked)
    if type(event) is not Message or event.files or event.edited or event.deleted:
        return False
    if event.text.startswith("/"):
        return called(library, session.flow, event.text, session.locale)[0] in BESIDE
    program = library.pinned(asked.flow, asked.hash) if asked is not None and wait is not None else None
    step = program.linked[asked.step] if program is not None and asked is not None else None
    if step is None or step.kind is not Collect or (event.author is not None and forgetting(session)):
        return False
    menu = library.menu(step, session.locale, session.channel.label_limit)
    return bool(menu.options and menu.matcher.exact(event.text))


def dropped(session: Session) -> Session:
    """The session without the questions that commands have asked: its merchant has turned to the person."""
    stack = list(session.stack)
    while stack and stack[-1].flow.startswith(PATTERN):
        stack.pop()
    return session if len(stack) == len(session.stack) else msgspec.structs.replace(session, stack=stack)
