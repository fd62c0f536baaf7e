"""What Telegram knows: people, chats with their messages and topics, files. Messages are the Bot API's own JSON."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.platforms.clock import Clock
    from tests.platforms.wire import Json

GENERAL = 1
"""The thread of a forum's General topic, which no message ever names."""


@dataclass
class User:
    """An account, of a person or of the bot."""

    id: int
    first_name: str
    username: str = ""
    language: str = ""
    """IETF tag, as the person's app sends it; empty when it sends none."""
    is_bot: bool = False

    @property
    def name(self) -> str:
        """What others see."""
        return self.first_name

    def json(self) -> Json:
        """The Bot API's User."""
        found: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            found["username"] = self.username
        if self.language:
            found["language_code"] = self.language
        return found


@dataclass
class Topic:
    """A topic of a forum, or of a private chat with topics."""

    id: int
    name: str
    icon_color: int = 0x6FB9F0
    icon_emoji: str = ""
    closed: bool = False
    creator: int = 0
    """Whoever made it may manage it without being an administrator."""


@dataclass
class File:
    """Bytes that somebody uploaded."""

    id: str
    name: str
    content: bytes
    mime_type: str

    def json(self) -> Json:
        """The part that all of the Bot API's files share."""
        return {"file_id": self.id, "file_unique_id": self.id[-12:], "file_size": len(self.content)}


@dataclass
class Chat:
    """A private chat, a group or a supergroup."""

    id: int
    type: str
    title: str
    is_forum: bool = False
    has_topics: bool = False
    """Whether a private chat has topics."""
    members: dict[int, str] = field(default_factory=dict)
    """User id to the status of getChatMember."""
    messages: dict[int, Json] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    """Message id to the bot's reactions."""
    migrated_to: int | None = None
    action: tuple[str, float] | None = None
    """The bot's last chat action and when it ends."""

    def remove_topic(self, number: int) -> None:
        """Remove a topic with every message in it."""
        del self.topics[number]
        self.messages = {key: each for key, each in self.messages.items() if each.get("message_thread_id") != number}

    def json(self) -> Json:
        """The Bot API's Chat."""
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        found: Json = {"id": self.id, "type": self.type, "title": self.title}
        return found | ({"is_forum": True} if self.is_forum else {})


class World:
    """Everything that exists, and how new things come to be."""

    def __init__(self, clock: Clock, bot: User) -> None:
        self.clock = clock
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self._user_ids = itertools.count(5_000_001)
        self._group_ids = itertools.count(4_100_001)
        self._ids = itertools.count(1)
        # private chats and basic groups share one count of messages, each supergroup has its own
        self._shared_messages = itertools.count(101)
        self._messages: dict[int, itertools.count[int]] = {}

    def date(self) -> int:
        """Now, as the Bot API gives it."""
        return int(self.clock.now())

    def new_user(self, first_name: str, username: str, language: str) -> User:
        """A new account."""
        user = User(next(self._user_ids), first_name, username, language)
        self.users[user.id] = user
        return user

    def new_chat(self, kind: str, title: str, *, forum: bool = False) -> Chat:
        """A new group (negative id) or supergroup (id with -100 before it)."""
        number = next(self._group_ids)
        chat = Chat(-number if kind == "group" else -1_000_000_000_000 - number, kind, title, is_forum=forum)
        self.chats[chat.id] = chat
        return chat

    def private_chat(self, user: User) -> Chat:
        """The chat of a person with the bot, which exists from the person's first word on."""
        if user.id not in self.chats:
            members = {user.id: "member", self.bot.id: "member"}
            self.chats[user.id] = Chat(user.id, "private", user.first_name, members=members)
        return self.chats[user.id]

    def new_file(self, name: str, content: bytes, mime_type: str) -> File:
        """Keep uploaded bytes."""
        number = next(self._ids)
        digest = hashlib.sha256(f"{number} {name}".encode()).hexdigest()
        file = File(f"BQACAgQ{digest[:40]}", name, content, mime_type)
        self.files[file.id] = file
        return file

    def new_id(self) -> str:
        """An id for something that is no message."""
        return str(4_382_000_000_000_000 + next(self._ids))

    def new_message(self, chat: Chat, sender: User, topic: int | None = None, **content: Any) -> Json:
        """Write a message into a chat, in a topic if it has them; the content is fields of the Bot API's Message."""
        own = chat.type == "supergroup"  # whose first message is that it was made, and the thread of General
        ids = self._messages.setdefault(chat.id, itertools.count(GENERAL + 1)) if own else self._shared_messages
        message: Json = {"message_id": next(ids), "from": sender.json(), "chat": chat.json(), "date": self.date()}
        if topic is not None and topic != GENERAL:
            message |= {"message_thread_id": topic, "is_topic_message": True}
            opening = chat.messages.get(topic)
            if opening is not None and "reply_to_message" not in content:
                message["reply_to_message"] = opening
        message |= content
        chat.messages[message["message_id"]] = message
        return message

    def open_topic(self, chat: Chat, creator: User, name: str, icon_color: int, icon_emoji: str) -> tuple[Topic, Json]:
        """A new topic, and the service message that opens it and lends it its id."""
        created: Json = {"name": name, "icon_color": icon_color}
        if icon_emoji:
            created["icon_custom_emoji_id"] = icon_emoji
        message = self.new_message(chat, creator, forum_topic_created=created, is_topic_message=True)
        message["message_thread_id"] = message["message_id"]
        topic = Topic(message["message_id"], name, icon_color, icon_emoji, creator=creator.id)
        chat.topics[topic.id] = topic
        return topic, message

    def file(self, file_id: str) -> File:
        """The file with that id."""
        if file_id not in self.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return self.files[file_id]
