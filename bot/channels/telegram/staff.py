"""What staff do in their forum: messages, edits and buttons in the topic of a case. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.channels.telegram.composed import composed
from bot.channels.telegram.inbound import answered, files, kind_of, ours, unnamed
from bot.channels.telegram.keyboards import BACK, MENU
from bot.channels.telegram.updates import read
from bot.chat.events import Command, Written
from bot.chat.people import TELEGRAM, Person
from bot.desk import typed

if TYPE_CHECKING:
    from bot.channels.telegram import updates
    from bot.channels.telegram.inbound import Me

TOPIC = "t"
"""What the ids of topics begin with among the ids of messages."""


class Done(NamedTuple):
    """Something that staff did, and the ids of what it was done at, the nearest first.

    `shut`: it was done by closing the topic (True) or opening it again (False), None if it was done in any other way.
    `about` is the id of the message that it replies to.
    """

    natives: tuple[str, ...]
    event: Written | Command
    shut: bool | None = None
    about: str = ""


def done(raw: object, me: Me) -> Done | None:
    """What staff did, of an update as parsed JSON; None for anything else, also for what cannot be read."""
    try:
        update = read(raw)
    except (msgspec.ValidationError, ValueError):
        return None
    key = str(update.update_id)
    query = update.callback_query
    if query is not None:
        at = query.message
        found = typed.pressed(query.data)
        if at is None or found is None or str(at.chat.id) != me.staff_chat:
            return None
        return Done(_natives(at), Command(key, person(query.sender, me), *found))
    message = update.message or update.edited_message
    if message is None or message.sender is None or message.sender.is_bot or str(message.chat.id) != me.staff_chat:
        return None
    who, natives = person(message.sender, me), _natives(message)
    if message.forum_topic_closed is not None:
        return Done(natives, Command(key, who, "solve"), shut=True)
    if message.forum_topic_reopened is not None:
        return Done(natives, Command(key, who, "reopen"), shut=False)
    words, styles = composed(message)
    attached = tuple(files(message))
    kind = "text" if words or attached else kind_of(message)
    if not words and not attached and kind == "text":
        return None
    if words.startswith("/") and not update.edited_message:
        if not ours(words, me):
            return None
        name, arguments = typed.command(unnamed(words))
        return Done(natives, Command(key, who, name, arguments, origin=str(message.message_id)))
    aside = any(each.type in {"mention", "text_mention"} for each in message.entities or message.caption_entities)
    edited = update.message is None
    given = edited and words.startswith("/")  # to this bot or not: here it was told already
    event = Written(
        key,
        who,
        str(message.message_id),
        unnamed(words) if given else words,
        attached,
        aside=aside,
        edited=edited,
        styles=styles,
        kind=kind,
        typed=given,
        album=message.media_group_id if attached else "",
    )
    return Done(natives, event, about=answered(message))


class Shown(NamedTuple):
    """A message with buttons that staff pressed: where it is, what was pressed, and whether a menu was open there."""

    natives: tuple[str, ...]
    chat: int
    message: int
    data: str
    in_menu: bool

    @property
    def turns(self) -> bool:
        """Whether it was pressed to see a menu, or to leave it."""
        return self.data == BACK or self.data.startswith(MENU)


def shown(raw: object, me: Me) -> Shown | None:
    """The message whose button staff pressed, of an update as parsed JSON; None for any other update."""
    try:
        query = read(raw).callback_query
    except (msgspec.ValidationError, ValueError):
        return None
    at = query.message if query is not None else None
    if query is None or at is None or str(at.chat.id) != me.staff_chat:
        return None
    keys = at.reply_markup.inline_keyboard if at.reply_markup is not None else ()
    in_menu = any(each.callback_data == BACK for row in keys for each in row)
    return Shown(_natives(at), at.chat.id, at.message_id, query.data, in_menu)


def moved(raw: object, me: Me) -> str:
    """The id of the chat that the staff's group became, of an update that tells so; "" for any other."""
    try:
        message = read(raw).message
    except (msgspec.ValidationError, ValueError):
        return ""
    if message is None or not message.migrate_to_chat_id or str(message.chat.id) != me.staff_chat:
        return ""
    return str(message.migrate_to_chat_id)


def _natives(message: updates.Message) -> tuple[str, ...]:
    topic = f"{TOPIC}{message.message_thread_id}" if message.message_thread_id else ""
    return tuple(filter(None, (topic, answered(message), str(message.message_id))))


def person(sender: updates.Sender, me: Me) -> Person:
    """One of the staff, by their account."""
    return Person(f"{TELEGRAM.name}:{me.id}:{sender.id}", sender.first_name)
