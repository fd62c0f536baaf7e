"""What the bot can learn about chats and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.platforms.telegram.call import ADMINISTRATORS
from tests.platforms.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.platforms.telegram.call import Call, Method
    from tests.platforms.telegram.world import Chat
    from tests.platforms.wire import Json

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
ACCEPTED_GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}


def as_member(status: str, user: Json) -> Json:
    """The Bot API's ChatMember."""
    found: Json = {"status": status, "user": user}
    if status == "creator":
        found["is_anonymous"] = False
    if status == "administrator":
        found |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(RIGHTS, True)
        found |= {"can_pin_messages": True, "can_manage_topics": True}
    if status == "kicked":
        found["until_date"] = 0
    return found


def member(call: Call, chat: Chat, number: int) -> Json:
    """What somebody is in a chat."""
    return as_member(chat.members.get(number, "left"), call.world.users[number].json())


def get_chat(call: Call) -> Json:
    """Everything about a chat."""
    chat = call.chat()
    found = {**chat.json(), "accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": ACCEPTED_GIFTS}
    if chat.pinned:
        found["pinned_message"] = chat.messages[chat.pinned[-1]]
    return found


def get_member(call: Call) -> Json:
    """What somebody is in a chat."""
    chat = call.chat()
    if call.need("user_id") not in call.world.users:
        raise bad("invalid user_id specified")
    return member(call, chat, call.get("user_id"))


def get_administrators(call: Call) -> list[Json]:
    """Who runs a group; other bots would be left out."""
    chat = call.chat()
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [member(call, chat, number) for number, status in chat.members.items() if status in ADMINISTRATORS]


def get_count(call: Call) -> int:
    """How many are in a chat."""
    return sum(status not in {"left", "kicked"} for status in call.chat().members.values())


def leave(call: Call) -> bool:
    """The bot goes."""
    call.chat().members[call.world.bot.id] = "left"
    call.server.news.tell()
    return True


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": get_count,
    "leaveChat": leave,
}
