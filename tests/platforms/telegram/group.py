"""A group that the bot may be in, and what befalls groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.telegram.methods.chats import as_member
from tests.platforms.telegram.person import Person, sees

if TYPE_CHECKING:
    from tests.platforms.telegram.stand_in import TelegramStandIn
    from tests.platforms.telegram.world import Chat, Topic
    from tests.platforms.wire import Json


class Group:
    """A group, supergroup or forum."""

    def __init__(self, server: TelegramStandIn, chat: Chat) -> None:
        self.server = server
        self.chat = chat

    @property
    def id(self) -> int:
        """The chat id."""
        return self.chat.id

    @property
    def topics(self) -> list[Topic]:
        """The topics there are, oldest first."""
        return list(self.chat.topics.values())

    async def topic(self, name: str) -> Topic:
        """The topic of that name; waits until there is one."""
        return await self.server.news.until(
            lambda: next((each for each in self.topics if each.name == name), None), f"there is a topic {name!r}"
        )

    async def next_topic(self, after: int = 0) -> Topic:
        """The first topic with an id above `after`; waits for it."""
        return await self.server.news.until(
            lambda: next((each for each in self.topics if each.id > after), None), "the bot opens a topic"
        )

    def open_topic(self, person: Person, name: str) -> Topic:
        """Somebody opens a topic."""
        topic, message = self.server.world.open_topic(self.chat, person.user, name, 0x6FB9F0, "")
        self._announce(person, message)
        return topic

    def close_topic(self, person: Person, topic: Topic) -> None:
        """Somebody closes a topic."""
        topic.closed = True
        self._service(person, topic.id, forum_topic_closed={})

    def reopen_topic(self, person: Person, topic: Topic) -> None:
        """Somebody reopens a topic."""
        topic.closed = False
        self._service(person, topic.id, forum_topic_reopened={})

    def delete_topic(self, topic: Topic) -> None:
        """Somebody deletes a topic; nobody tells the bot."""
        self.chat.remove_topic(topic.id)
        self.server.news.tell()

    def set_bot(self, person: Person, status: str) -> None:
        """Somebody makes the bot member or administrator, or removes it (`left`, `kicked`)."""
        bot = self.server.world.bot
        old = self.chat.members.get(bot.id, "left")
        self.chat.members[bot.id] = status
        update: Json = {"chat": self.chat.json(), "from": person.user.json(), "date": self.server.world.date()}
        update["old_chat_member"] = as_member(old, bot.json())
        update["new_chat_member"] = as_member(status, bot.json())
        self.server.updates.add("my_chat_member", update, chat=self.id, person=person.user.id)

    def migrate(self, person: Person) -> Group:
        """The group becomes a supergroup with another id; calls to the old one are refused from now on."""
        new = self.server.world.new_chat("supergroup", self.chat.title)
        new.members = dict(self.chat.members)
        moved = Group(self.server, new)
        self._service(person, None, migrate_to_chat_id=new.id)
        self.chat.migrated_to = new.id
        moved._service(person, None, migrate_from_chat_id=self.id)
        return moved

    def _service(self, person: Person, topic: int | None, **event: Any) -> None:
        self._announce(person, self.server.world.new_message(self.chat, person.user, topic, **event))

    def _announce(self, person: Person, message: Json) -> None:
        self.server.news.tell()
        if sees(self.server, self.chat, message):
            self.server.updates.add("message", message, chat=self.id, person=person.user.id)
