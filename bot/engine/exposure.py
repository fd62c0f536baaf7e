"""What follows from a secret in what the merchant wrote, beside its removal before anything looked at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import Remove
from bot.chat.events import Message

if TYPE_CHECKING:
    from bot.chat.effects import Effect
    from bot.chat.events import Submit
    from bot.engine.session import Session


def kinds(session: Session, event: Message | Submit) -> tuple[str, ...]:
    """The kinds of secrets that were written in the conversation, those of `event` among them."""
    return tuple(sorted({*session.exposed, *event.removed}))


def effects(session: Session, event: Message | Submit) -> list[Effect]:
    """A message with a secret in it is taken away, where its channel lets the bot do that."""
    if session.channel.removes and type(event) is Message and event.origin:
        return [Remove(event.origin)]
    return []
