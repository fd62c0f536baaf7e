"""What somebody does on the page: each deed is one of the person's own."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from tests.platforms.page.slack_deeds import SlackDeeds
from tests.platforms.page.telegram_deeds import TelegramDeeds
from tests.platforms.slack.channel import Channel
from tests.platforms.slack.person import Person as SlackPerson
from tests.platforms.telegram.group import Group

if TYPE_CHECKING:
    from tests.platforms.page.cast import Role
    from tests.platforms.wire import Json


async def perform(role: Role, deed: Json) -> str:
    """Do it; the answer is what the platform would show on top of the chat, mostly nothing. KeyError for no deed."""
    given = deed | {"bytes": base64.b64decode(deed.get("data", "")) if deed["do"] == "upload" else b""}
    room = role.rooms.get(str(deed.get("room")))
    if isinstance(role.person, SlackPerson):
        return await SlackDeeds(role.person, room if isinstance(room, Channel) else None, given).perform()
    return await TelegramDeeds(role.person, room if isinstance(room, Group) else None, given).perform()
