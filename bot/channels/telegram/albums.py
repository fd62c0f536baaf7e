"""Files that leave as one: a media group, or one by one where Telegram does not take them so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram.error import TelegramError

from bot.channels.apart import one_by_one, unavailable
from bot.channels.telegram.failures import meaning, not_taken
from bot.channels.telegram.files import send, send_group
from bot.channels.telegram.posting import write
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot

    from bot.channels.telegram.files import Ready
    from bot.chat.addresses import Address
    from bot.service.port import Later, Lost, Refused

LONGEST_CAPTION: Final = 1_024
"""UTF-16 units: https://core.telegram.org/bots/api#sendphoto."""


async def album(bot: Bot, to: Address, files: Sequence[Ready], words: str = "") -> Sequence[str]:
    """Send files as one, `words` with the first; the messages' ids. Raises TelegramError, and Lost in between."""
    if not files:
        return await write(bot, to, (paragraph(words),))
    words = _shortened(words)
    if len(files) == 1:
        return (await send(bot, to, files[0], words),)
    try:
        return await send_group(bot, to, files, words)
    except TelegramError as error:
        if not not_taken(error):
            raise

    async def alone(file: Ready) -> str:
        return await send(bot, to, file, words if file is files[0] else "")

    async def refused(file: Ready, refusal: Refused) -> str:
        said = [words] if words and file is files[0] else []
        return (await write(bot, to, (paragraph("\n".join([*said, unavailable(file.name, refusal)])),)))[0]

    return await one_by_one(files, alone, refused, _meaning)


def _meaning(error: Exception) -> Refused | Later | Lost:
    if not isinstance(error, TelegramError):
        raise error
    return meaning(error, "")


def _shortened(words: str) -> str:
    units = words.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CAPTION:
        return words
    return units[: 2 * LONGEST_CAPTION - 2].decode("utf-16-le", "ignore") + "…"
