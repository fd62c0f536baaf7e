"""The bot itself: made from its token, introduced to Telegram, and told what to show people."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from typing import Final

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.inbound import Me
from bot.channels.telegram.requests import Requests

API_URL: Final = "https://api.telegram.org/bot"
_PAUSE_S: Final = 2.0
_TOKEN: Final = re.compile(r"(\d{1,20}):[\w-]{20,}")

_LOG: Final = structlog.get_logger(__name__)


class BadToken(ValueError):  # noqa: N818
    """Telegram, or how it reads, does not know the token; the message says what to do, without it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("this is no token of a bot. Copy the one that @BotFather gave, such as 123456789:AAE…")


def account(token: str) -> str:
    """The id of the bot that a token is for; raises BadToken."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise BadToken
    return found[1]


def make(token: str, api_url: str) -> Bot:
    """The bot, not connected yet. The library logs what servers answer, so it is silenced."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # or the library warns of its own errors
    url = api_url or API_URL
    request = Requests(url)
    files = url.removesuffix("/bot") + "/file/bot"
    return Bot(token, base_url=url, base_file_url=files, request=request, get_updates_request=request)


async def introduce(bot: Bot) -> Me:
    """Who the bot is, as soon as Telegram can be reached; raises BadToken."""
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            raise BadToken from None
        except TelegramError as error:
            _LOG.warning("telegram_cannot_be_reached", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_S)
            continue
        return Me(str(bot.id), bot.username)
