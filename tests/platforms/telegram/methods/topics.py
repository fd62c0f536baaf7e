"""Topics of forums and of private chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.call import ADMINISTRATORS
from tests.platforms.telegram.refusals import Violation, bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json

NAME_LENGTH = 128
COLORS = frozenset({0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F})
ICONS = {
    "5312536423851630001": "💡",
    "5237699328843200968": "✅",
    "5377316857231450742": "❓",
    "5379748062124056162": "❗️",
    "5310262535021142850": "💬",
    "5350305691942788490": "📈",
    "5433614043006903194": "📆",
}
"""Custom emoji id to the emoji; the real list is longer and may change any day."""


def create(call: Call) -> Json:
    """A new topic, whose id is that of the service message that opens it."""
    chat = _managed(call)
    name, color, icon = call.text("name", NAME_LENGTH, least=1), call.get("icon_color", 0x6FB9F0), _icon(call)
    if color not in COLORS:
        raise Violation(f"icon_color {color} is none of Telegram's six")
    topic, _ = call.world.open_topic(chat, call.world.bot, name, color, icon or "")
    call.server.news.tell()
    found: Json = {"message_thread_id": topic.id, "name": name, "icon_color": color}
    return found | ({"icon_custom_emoji_id": icon} if icon else {})


def edit(call: Call) -> bool:
    """Another name or icon; what is not given stays."""
    chat = _managed(call)
    topic = call.managed_topic(chat)
    name, icon = call.text("name", NAME_LENGTH) or topic.name, _icon(call)
    changed: Json = {}
    if name != topic.name:
        changed["name"] = topic.name = name
    if icon is not None and icon != topic.icon_emoji:
        changed["icon_custom_emoji_id"] = topic.icon_emoji = icon
    if not changed:
        raise bad("TOPIC_NOT_MODIFIED")
    call.world.new_message(chat, call.world.bot, topic.id, forum_topic_edited=changed)
    call.server.news.tell()
    return True


def close(call: Call) -> bool:
    """Nobody but administrators may write there any more."""
    return _set_closed(call, closed=True)


def reopen(call: Call) -> bool:
    """Everybody may write there again."""
    return _set_closed(call, closed=False)


def delete(call: Call) -> bool:
    """The topic with every message in it."""
    chat = _managed(call)
    topic = call.managed_topic(chat)
    chat.remove_topic(topic.id)
    call.server.news.tell()
    return True


def icons(_call: Call) -> list[Json]:
    """The emoji that every bot may use for topics."""
    return [
        {
            "file_id": f"CAACAgI{number}",
            "file_unique_id": number[-12:],
            "type": "custom_emoji",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": True,
            "emoji": emoji,
            "custom_emoji_id": number,
        }
        for number, emoji in ICONS.items()
    ]


def _managed(call: Call) -> Chat:
    chat = call.writable()
    if not (chat.is_forum or chat.has_topics):
        raise bad("the chat is not a forum")
    topic = chat.topics.get(call.get("message_thread_id", 0))
    if topic is not None and topic.creator == call.world.bot.id:
        return chat
    if chat.type != "private" and chat.members.get(call.world.bot.id) not in ADMINISTRATORS:
        raise bad("not enough rights to manage topics")
    return chat


def _icon(call: Call) -> str | None:
    icon: str | None = call.get("icon_custom_emoji_id")
    if icon and icon not in ICONS:
        raise bad("DOCUMENT_INVALID")
    return icon


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat = _managed(call)
    if chat.type == "private":
        raise bad("the chat is not a supergroup")
    topic = call.managed_topic(chat)
    if topic.closed is closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    event = "forum_topic_closed" if closed else "forum_topic_reopened"
    call.world.new_message(chat, call.world.bot, topic.id, **{event: {}})
    call.server.news.tell()
    return True


METHODS: dict[str, Method] = {
    "createForumTopic": create,
    "editForumTopic": edit,
    "closeForumTopic": close,
    "reopenForumTopic": reopen,
    "deleteForumTopic": delete,
    "getForumTopicIconStickers": icons,
}
