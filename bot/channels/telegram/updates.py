"""The parts of the Bot API's Update that are read here, in its own names. Everything else is passed over."""

from __future__ import annotations

from typing import Any

import msgspec


class Sender(msgspec.Struct, frozen=True):
    """A User."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    language_code: str = ""


class Chat(msgspec.Struct, frozen=True):
    """A Chat; `type` is private, group, supergroup or channel."""

    id: int
    type: str = "private"


class Media(msgspec.Struct, frozen=True):
    """A Document, Video, Audio, Animation or PhotoSize."""

    file_id: str
    file_size: int = 0
    file_name: str = ""
    mime_type: str = ""


class Entity(msgspec.Struct, frozen=True):
    """A MessageEntity; `offset` and `length` in UTF-16 code units."""

    type: str
    offset: int = 0
    length: int = 0
    url: str = ""


class Replied(msgspec.Struct, frozen=True):
    """The message that another one replies to."""

    message_id: int = 0
    sender: Sender | None = msgspec.field(name="from", default=None)
    forum_topic_created: Any = None
    """Set on the opening of a topic, which every message in it replies to."""


class Key(msgspec.Struct, frozen=True):
    """An InlineKeyboardButton."""

    callback_data: str = ""


class Keyboard(msgspec.Struct, frozen=True):
    """An InlineKeyboardMarkup."""

    inline_keyboard: tuple[tuple[Key, ...], ...] = ()


class Message(msgspec.Struct, frozen=True):
    """A Message, or what is left of an inaccessible one."""

    message_id: int
    chat: Chat
    sender: Sender | None = msgspec.field(name="from", default=None)
    text: str = ""
    caption: str = ""
    media_group_id: str = ""
    migrate_to_chat_id: int = 0
    entities: tuple[Entity, ...] = ()
    caption_entities: tuple[Entity, ...] = ()
    reply_markup: Keyboard | None = None
    message_thread_id: int = 0
    is_topic_message: bool = False
    forum_topic_closed: Any = None
    forum_topic_reopened: Any = None
    reply_to_message: Replied | None = None
    document: Media | None = None
    photo: tuple[Media, ...] = ()
    video: Media | None = None
    audio: Media | None = None
    animation: Media | None = None
    voice: Any = None
    video_note: Any = None
    sticker: Any = None
    contact: Any = None
    location: Any = None
    poll: Any = None
    dice: Any = None
    game: Any = None
    story: Any = None
    checklist: Any = None
    paid_media: Any = None


class CallbackQuery(msgspec.Struct, frozen=True):
    """A CallbackQuery."""

    id: str
    sender: Sender = msgspec.field(name="from")
    data: str = ""
    message: Message | None = None


class Reaction(msgspec.Struct, frozen=True):
    """A ReactionType; only one of type emoji has an `emoji`."""

    type: str
    emoji: str = ""


class Reactions(msgspec.Struct, frozen=True):
    """A MessageReactionUpdated; without a `user` it is a chat that reacts, or somebody anonymous."""

    chat: Chat
    message_id: int
    user: Sender | None = None
    old_reaction: tuple[Reaction, ...] = ()
    new_reaction: tuple[Reaction, ...] = ()


class Update(msgspec.Struct, frozen=True):
    """An Update."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    message_reaction: Reactions | None = None


KINDS = ("message", "edited_message", "callback_query", "message_reaction")
"""What to ask Telegram for."""


def read(raw: object) -> Update:
    """The update of parsed JSON; raises msgspec.ValidationError."""
    return msgspec.convert(raw, Update)
