"""What staff open and close by hand: the menus under a card, and topics. Each change counts in the group's budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.keyboards import BACK, choices, tokens
from bot.channels.telegram.posting import keyboard
from bot.channels.telegram.staff import TOPIC
from bot.channels.telegram.topics import DONE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.channels.telegram.staff import Done, Shown
    from bot.channels.telegram.topics import Topics
    from bot.service.desk import Desk
    from bot.service.recall import Recall

MOST_ANSWERED: Final = 200
"""Code points that a press can be answered with."""

_LOG: Final = structlog.get_logger(__name__)


class Menus:
    """What the buttons under the cards of `desk` offer now, and which of its topics are open."""

    def __init__(
        self, bot: Bot, recall: Recall, topics: Topics, desk: Desk, admits: Callable[[], Awaitable[bool]]
    ) -> None:
        """`recall` has the cards; `admits` tells whether something may be changed in the group now."""
        self._bot = bot
        self._recall = recall
        self._topics = topics
        self._desk = desk
        self.admits = admits

    async def turn(self, shown: Shown, data: str = BACK) -> None:
        """Show the menu of the button with that data, or all buttons; best effort. Raises Unavailable."""
        address = await self._desk.whose(shown.natives)
        if address is None:
            return
        buttons = choices((await self._recall.card(address)).buttons, data)
        try:
            await self._bot.edit_message_reply_markup(shown.chat, shown.message, reply_markup=keyboard(buttons))
        except TelegramError as error:
            _LOG.info("menu_not_shown", error=type(error).__name__)  # it is pressed again

    async def settle(self, did: Done, chat: str) -> None:
        """Have a topic that somebody closed or opened be as its case is now; best effort. Raises Unavailable."""
        address = await self._desk.whose(did.natives)
        case = await self._recall.case(address) if address is not None else None
        topic = next((each.removeprefix(TOPIC) for each in did.natives if each.startswith(TOPIC)), "")
        closed = case is not None and case.status in DONE
        if case is None or not topic or did.shut is None:
            return
        await self._topics.found(chat, topic, closed=did.shut)
        if closed == did.shut or not await self.admits():
            return
        try:
            await self._topics.shut(chat, topic, closed=closed)
        except TelegramError as error:
            _LOG.info("topic_not_shut", error=type(error).__name__)

    async def outdated(self, shown: Shown) -> str:
        """How the case stands, if what was pressed cannot be done with it any more; else "". Raises Unavailable."""
        address = await self._desk.whose(shown.natives)
        if address is None or shown.data in tokens((await self._recall.card(address)).buttons):
            return ""
        return (await self._recall.state(address))[:MOST_ANSWERED]
