"""From an update to what is kept, the same for webhook and polling; a pressed button is answered at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.inbound import arrival, pressed
from bot.channels.telegram.staff import done, moved
from bot.text.locales import negotiate

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.inbound import Me, Press
    from bot.channels.telegram.moves import Moves
    from bot.flow.library import Library
    from bot.service.desk import Desk
    from bot.service.intake import Intake

_LOG = structlog.get_logger(__name__)


class Ingest:
    """Brings updates to `intake`, and those of staff to `desk`."""

    def __init__(self, bot: Bot, me: Me, moves: Moves, intake: Intake, desk: Desk, library: Library) -> None:
        """`me` is the bot that `bot` speaks for; `library` has the words that a press is answered with.

        `moves` knows the chat of the staff.
        """
        self._moves = moves
        self._library = library
        self.me = me
        self._bot = bot
        self._intake = intake
        self._desk = desk
        self._answering: set[asyncio.Task[None]] = set()

    async def take(self, raw: object) -> None:
        """Keep an update, parsed from JSON. Raises Busy and StoreError: then it is to be brought again."""
        me = self.me._replace(staff_chat=await self._moves.chat())
        if chat := moved(raw, me):
            await self._moves.follow(chat)
            return
        did = done(raw, me)
        if press := pressed(raw):
            # the telephone shows a spinner until then; whether it comes changes nothing else
            task = asyncio.create_task(self._answer(press, stale=press.stale and did is None))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        if did is not None:
            await self._desk.bring(*did)
            return
        found = arrival(raw, me)
        if found is not None:
            await self._intake.submit(found)

    async def _answer(self, press: Press, *, stale: bool) -> None:
        words = ""
        if stale:
            locale = negotiate([press.language], self._library.languages)
            words = self._library.word("already_answered", locale)
        try:
            await self._bot.answer_callback_query(press.query, text=words or None, show_alert=bool(words))
        except TelegramError as error:
            _LOG.info("press_not_answered", error=type(error).__name__)
