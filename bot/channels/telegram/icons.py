"""The icons of topics, by the state of their case: whichever of Telegram's own come nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.error import BadRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot

    from bot.desk.case import Status

_WANTED: Final[Mapping[Status, tuple[str, ...]]] = {
    "new": ("❗", "‼"),
    "open": ("💬", "🗣"),
    "pending": ("❓", "👀"),
    "on_hold": ("📆", "☕"),
    "solved": ("✅", "🏁"),
    "closed": ("📁", "🏁", "✅"),
}
"""The emoji of a state, the best one first: Telegram says which there are, and changes that now and then."""
_VARIANT: Final = "\N{VARIATION SELECTOR-16}"
"""What may stand behind an emoji, or not."""


class Icons:
    """Telegram's icons, which are asked for once."""

    def __init__(self, bot: Bot) -> None:
        """Ask for nothing yet."""
        self._bot = bot
        self._ids: dict[str, str] | None = None

    async def of(self, status: Status) -> str:
        """The id of the icon for a case in that state; "" if there is none. Raises TelegramError."""
        if self._ids is None:
            try:
                stickers = await self._bot.get_forum_topic_icon_stickers()
            except BadRequest:
                stickers = ()
            self._ids = {(each.emoji or "").rstrip(_VARIANT): each.custom_emoji_id or "" for each in stickers}
        return next((found for emoji in _WANTED[status] if (found := self._ids.get(emoji, ""))), "")
