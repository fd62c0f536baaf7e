"""What the bot says of itself before anyone has pressed Start: its commands and its descriptions, by language."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog
from telegram import BotCommand
from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telegram import Bot

_LOG: Final = structlog.get_logger(__name__)


class Profile(NamedTuple):
    """In one language: commands as (name, what it does), and the texts above Start and on the bot's page."""

    commands: Sequence[tuple[str, str]]
    description: str
    short_description: str


async def describe(bot: Bot, profiles: Mapping[str, Profile]) -> None:
    """Show the profiles, "" being for people of all other languages; best effort, and only what is not shown yet."""
    await asyncio.gather(*(_describe(bot, language, profile) for language, profile in profiles.items()))


async def _describe(bot: Bot, language: str, profile: Profile) -> None:
    code = language or None
    commands = tuple(BotCommand(name[:32], words[:256]) for name, words in profile.commands)
    # code points, as Telegram counts them
    description, short = profile.description[:512], profile.short_description[:120]
    try:
        if await bot.get_my_commands(language_code=code) != commands:
            await bot.set_my_commands(commands, language_code=code)
        if (await bot.get_my_description(code)).description != description:
            await bot.set_my_description(description, code)
        if (await bot.get_my_short_description(code)).short_description != short:
            await bot.set_my_short_description(short, code)
    except TelegramError as error:
        _LOG.warning("profile_not_shown", language=language, error=type(error).__name__)
