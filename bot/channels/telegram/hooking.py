"""Telling Telegram where the webhook is: by one process, and only where Telegram knows something else."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Final

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.updates import KINDS

if TYPE_CHECKING:
    from telegram import Bot

    from bot.service.leases import Lease

CONNECTIONS: Final = 40
"""Updates that Telegram delivers at the same time; those of one chat come one by one all the same."""
_STAND_BY_S: Final = 0.25
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0

_LOG: Final = structlog.get_logger(__name__)


def marked(url: str, secret: str) -> str:
    """The address with a mark of the secret, which Telegram never tells: another secret makes another address."""
    return f"{url}?v={hashlib.sha256(secret.encode()).hexdigest()[:8]}"


async def hook(bot: Bot, url: str, secret: str, lease: Lease) -> None:
    """Have Telegram bring updates to `url`, as soon as `lease` is held and Telegram can be reached."""
    there = marked(url, secret)
    pause = _FIRST_PAUSE_S
    while True:
        if not lease.held:
            await asyncio.sleep(_STAND_BY_S)
            continue
        try:
            info = await bot.get_webhook_info()
            known = (info.url, set(info.allowed_updates or ()), info.max_connections)
            if known != (there, set(KINDS), CONNECTIONS):
                await bot.set_webhook(
                    there, secret_token=secret, allowed_updates=list(KINDS), max_connections=CONNECTIONS
                )
                _LOG.info("webhook_set", url=url)
        except TelegramError as error:
            _LOG.warning("webhook_not_set", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        else:
            return
