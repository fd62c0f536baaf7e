"""Somebody at an app: writes, presses, looks. Written like slack/person.py, so that one scenario runs on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tests.platforms.telegram.entities import detected
from tests.platforms.telegram.methods.chats import as_member
from tests.platforms.telegram.methods.files import content
from tests.platforms.telegram.query import Query
from tests.platforms.telegram.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.stand_in import TelegramStandIn
    from tests.platforms.telegram.world import Chat, User
    from tests.platforms.wire import Json

T = TypeVar("T")


class Person:
    """An account in use. Where no group is given, the private chat with the bot is meant."""

    def __init__(self, server: TelegramStandIn, user: User) -> None:
        self.server = server
        self.user = user
        self._seen: dict[tuple[int, int | None], int] = {}

    async def send(
        self, text: str, *, group: Group | None = None, topic: int | None = None, reply_to: Shown | None = None
    ) -> Shown:
        """Write a text."""
        found = detected(text)
        return self._say(group, topic, reply_to, text=text, **({"entities": found} if found else {}))

    async def start(self, payload: str = "") -> Shown:
        """Press Start, perhaps after following a deep link with a payload."""
        return await self.send(f"/start {payload}".rstrip())

    def open_topic(self, name: str) -> int:
        """Open a topic in one's chat with the bot, if that has them; its id."""
        chat = self._chat(None)
        topic, message = self.server.world.open_topic(chat, self.user, name, 0x6FB9F0, "")
        self._announce("message", chat, message)
        return topic.id

    async def edit(self, message: Shown, text: str) -> None:
        """Change a text of one's own."""
        raw = message.raw
        assert raw["from"]["id"] == self.user.id, "only one's own messages can be edited"
        raw |= {"text": text, "edit_date": self.server.world.date(), "entities": detected(text)}
        self._announce("edited_message", message.chat, raw)

    async def upload(
        self,
        name: str,
        data: bytes,
        *,
        caption: str = "",
        kind: str = "document",
        mime_type: str = "application/octet-stream",
        group: Group | None = None,
        topic: int | None = None,
        album: str | None = None,
    ) -> Shown:
        """Send a file, as document, photo, voice, video, audio or animation; files of one `album` belong together."""
        fields: Json = content(kind, self.server.world.new_file(name, data, mime_type))
        if caption:
            fields["caption"] = caption
        if album is not None:
            fields["media_group_id"] = album
        return self._say(group, topic, None, **fields)

    async def say(self, *, group: Group | None = None, topic: int | None = None, **fields: Any) -> Shown:
        """Send anything else, such as a contact, a location or a sticker, as fields of the Bot API's Message."""
        return self._say(group, topic, None, **fields)

    async def press(self, message: Shown, label: str) -> Query:
        """Press an inline button that shows now."""
        return await self.press_data(message, message.button(label)["callback_data"])

    async def press_data(self, message: Shown, data: str) -> Query:
        """Press a button with that callback data, which an old app may still show after an edit."""
        query = Query(self.server.world.new_id(), self.server.clock.now(), self.server.news)
        self.server.queries[query.id] = query
        chat = message.chat
        update: Json = {"id": query.id, "from": self.user.json(), "chat_instance": f"-{chat.id}", "data": data}
        # of a deleted message Telegram says only where it was
        gone = {"chat": chat.json(), "message_id": message.id, "date": 0}
        update["message"] = gone if message.deleted else message.raw
        self.server.updates.add("callback_query", update, chat=chat.id, person=self.user.id)
        self.server.news.tell()
        return query

    async def react(self, message: Shown, *emoji: str) -> None:
        """React to a message; nothing takes the reactions back."""
        update = {
            "chat": message.chat.json(),
            "message_id": message.id,
            "user": self.user.json(),
            "date": self.server.world.date(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": each} for each in emoji],
        }
        self.server.updates.add("message_reaction", update, chat=message.chat.id, person=self.user.id)

    async def block(self) -> None:
        """Block the bot."""
        self._set_status("kicked")

    async def unblock(self) -> None:
        """Let the bot write again."""
        self._set_status("member")

    async def next_message(self, *, group: Group | None = None, topic: int | None = None) -> Shown:
        """The bot's next message in a chat, or in one topic of it; waits for it."""
        chat = self._chat(group)
        seen = self._seen.get((chat.id, topic), 0)

        def look() -> Shown | None:
            bot = self.server.world.bot.id
            for number, message in sorted(chat.messages.items()):
                written = message["from"]["id"] == bot and not any(name.startswith("forum_topic_") for name in message)
                if number > seen and written and topic in {None, message.get("message_thread_id")}:
                    return Shown(chat, number)
            return None

        found = await self.server.news.until(look, f"the bot writes to {self.user.first_name}")
        self._seen[chat.id, topic] = found.id
        return found

    async def until(self, look: Callable[[], T | None], hope: str) -> T:
        """What `look` returns once that is neither None nor False; waits for it."""
        return await self.server.news.until(look, hope)

    def messages(self, *, group: Group | None = None, topic: int | None = None) -> list[Shown]:
        """Everything that a chat, or one topic of it, shows now."""
        chat = self._chat(group)
        return [
            Shown(chat, number)
            for number, message in sorted(chat.messages.items())
            if topic in {None, message.get("message_thread_id")}
        ]

    def _chat(self, group: Group | None) -> Chat:
        if group is not None:
            return group.chat
        chat = self.server.world.private_chat(self.user)
        chat.has_topics = self.server.private_topics
        return chat

    def _say(self, group: Group | None, topic: int | None, reply_to: Shown | None, **fields: Any) -> Shown:
        chat = self._chat(group)
        if reply_to is not None:
            fields["reply_to_message"] = {k: v for k, v in reply_to.raw.items() if k != "reply_to_message"}
        message = self.server.world.new_message(chat, self.user, topic, **fields)
        self._announce("message", chat, message)
        return Shown(chat, message["message_id"])

    def _announce(self, kind: str, chat: Chat, message: Json) -> None:
        self.server.news.tell()
        if sees(self.server, chat, message):
            self.server.updates.add(kind, message, chat=chat.id, person=self.user.id)

    def _set_status(self, status: str) -> None:
        chat, bot = self._chat(None), self.server.world.bot
        before = as_member(chat.members[chat.id], bot.json())
        chat.members[chat.id] = status
        after = as_member(status, bot.json())
        update: Json = {"chat": chat.json(), "from": self.user.json(), "date": self.server.world.date()}
        update |= {"old_chat_member": before, "new_chat_member": after}
        self.server.updates.add("my_chat_member", update, chat=chat.id, person=self.user.id)
        self.server.news.tell()


def sees(server: TelegramStandIn, chat: Chat, message: Json) -> bool:
    """Whether the bot gets a message of a group: all of them as administrator, else what is meant for it."""
    bot = server.world.bot
    status = chat.members.get(bot.id)
    if chat.type == "private":
        return chat.members[chat.id] != "kicked"
    if status in {"left", "kicked", None}:
        return False
    if status in {"creator", "administrator"} or not server.privacy_mode:
        return True
    text = str(message.get("text", message.get("caption", "")))
    reply = message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id
    service = not any(name in message for name in ("text", "caption", "photo", "document", "voice", "video", "audio"))
    return bool(text.startswith("/") or f"@{bot.username}" in text or reply or service)
