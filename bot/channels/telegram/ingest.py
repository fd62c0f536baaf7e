"""From an update to what is kept, the same for webhook and polling; a pressed button is answered at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.inbound import arrival, pressed
from bot.channels.telegram.staff import done

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.inbound import Me
    from bot.service.desk import Desk
    from bot.service.intake import Intake

_LOG = structlog.get_logger(__name__)


class Ingest:
    """Brings updates to `intake`, and those of staff to `desk`."""

    def __init__(self, bot: Bot, me: Me, intake: Intake, desk: Desk) -> None:
        """`me` is the bot that `bot` speaks for."""
        self.me = me
        self._bot = bot
        self._intake = intake
        self._desk = desk
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, raw: object) -> None:
        """Keep an update, parsed from JSON. Raises Busy and StoreError: then it is to be brought again."""
        if query := pressed(raw):
            # the telephone shows a spinner until then; whether it comes changes nothing else
            task = asyncio.create_task(self._answer(query))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        did = done(raw, self.me)
        if did is not None:
            await self._desk.bring(*did)
            return
        found = arrival(raw, self.me)
        if found is not None:
            await self._intake.submit(found)

    async def _answer(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            _LOG.info("press_not_answered", error=type(error).__name__)
