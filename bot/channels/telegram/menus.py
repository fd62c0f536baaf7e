"""The menus under a card, opened and closed in place, and what is said to whoever presses what there is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.keyboards import BACK, choices, tokens
from bot.channels.telegram.posting import keyboard

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.staff import Shown
    from bot.service.desk import Desk
    from bot.service.recall import Recall

MOST_ANSWERED: Final = 200
"""Code points that a press can be answered with."""

_LOG: Final = structlog.get_logger(__name__)


class Menus:
    """What the buttons under the cards of `desk` offer now."""

    def __init__(self, bot: Bot, recall: Recall, desk: Desk) -> None:
        """`recall` has the cards."""
        self._bot = bot
        self._recall = recall
        self._desk = desk

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

    async def outdated(self, shown: Shown) -> str:
        """How the case stands, if what was pressed cannot be done with it any more; else "". Raises Unavailable."""
        address = await self._desk.whose(shown.natives)
        if address is None or shown.data in tokens((await self._recall.card(address)).buttons):
            return ""
        return (await self._recall.state(address))[:MOST_ANSWERED]
