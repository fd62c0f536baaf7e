"""One call of the bot: its arguments, and the chat, topic or message that they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.platforms.telegram.refusals import Violation, bad, forbidden
from tests.platforms.telegram.world import GENERAL

if TYPE_CHECKING:
    from tests.platforms.telegram.arguments import Upload
    from tests.platforms.telegram.stand_in import TelegramStandIn
    from tests.platforms.telegram.world import Chat, Topic, World
    from tests.platforms.wire import Json

ADMINISTRATORS = ("creator", "administrator")
GONE = ("left", "kicked")


@dataclass(frozen=True)
class Call:
    """What a method works on."""

    server: TelegramStandIn
    arguments: Json
    uploads: dict[str, Upload]

    @property
    def world(self) -> World:
        """Everything that exists."""
        return self.server.world

    def get(self, name: str, default: Any = None) -> Any:
        """An argument."""
        return self.arguments.get(name, default)

    def need(self, name: str) -> Any:
        """An argument that must be there."""
        if name not in self.arguments:
            raise Violation(f"{name} is missing")
        return self.arguments[name]

    def text(self, name: str, most: int, *, least: int = 0) -> str:
        """A text argument of `least` to `most` characters; empty when absent."""
        value: str = self.get(name, "")
        if not least <= len(value) <= most:
            raise Violation(f"{name} has {len(value)} characters, not {least} to {most}")
        return value

    def chat(self, name: str = "chat_id") -> Chat:
        """A chat that the bot may read."""
        number = self.need(name)
        chat = self.world.chats.get(number) if isinstance(number, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.members.get(self.world.bot.id) in GONE:
            what = "group" if chat.type == "group" else "supergroup"
            raise forbidden(f"bot was kicked from the {what} chat")
        return chat

    def writable(self, name: str = "chat_id") -> Chat:
        """A chat that the bot may write into."""
        chat = self.chat(name)
        if chat.type == "private" and chat.members[chat.id] == "kicked":
            raise forbidden("bot was blocked by the user")
        return chat

    def topic(self, chat: Chat) -> int | None:
        """The topic that the call names, open for the bot."""
        number = self.get("message_thread_id")
        if number is None:
            return None
        if number not in chat.topics:
            raise bad("message thread not found")
        if chat.topics[number].closed and chat.members.get(self.world.bot.id) not in ADMINISTRATORS:
            raise bad("TOPIC_CLOSED")
        return int(number)

    def managed_topic(self, chat: Chat) -> Topic:
        """The topic that the call is about, which the bot may manage."""
        number = self.need("message_thread_id")
        if number == GENERAL or number not in chat.topics:
            raise bad("message thread not found")
        return chat.topics[number]

    def message(self, chat: Chat, verb: str, name: str = "message_id") -> Json:
        """The message that the call is about; `verb` completes "message to … not found"."""
        found = chat.messages.get(self.need(name))
        if found is None:
            raise bad(f"message to {verb} not found")
        return found


Method: TypeAlias = Callable[[Call], Any]
"""Sync or async; returns the `result`, raises Refusal."""
