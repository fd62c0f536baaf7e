"""The six questions with python-telegram-bot: one state per question of a `ConversationHandler`.

Written after the library's own `conversationbot` example: `/start` enters, each state has a message handler for text,
`context.user_data` keeps the answers. A real `Application` processes real `Update` objects, but nothing leaves the
process: handlers put the text they would send in a list, and the bot's one request (`getMe`) gets a fixed reply.

In the library's favour: no persistence, translation, rich text, way back or checks; nothing is sent; one merchant
comes back each time, so no chats pile up; and, what weighs most, updates are parsed once at the start of a walk and
used again, because parsing one costs several times what handling it does. To its disadvantage: entering takes an
update of its own, `/start`, which is not counted as a turn.
"""

from __future__ import annotations

import asyncio
import json
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, cast

from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes, ConversationHandler, MessageHandler, filters
from telegram.request import BaseRequest

from .questions import CLOSING, QUESTIONS, SCRIPTS, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from telegram import Bot, Message
    from telegram.ext import Application

MERCHANT = 7
BOT = {"id": 1, "is_bot": True, "first_name": "Triage", "username": "triage_bot"}


class Offline(BaseRequest):
    """A transport that answers `getMe` and refuses everything else, so that no run can reach the network."""

    @property
    def read_timeout(self) -> float | None:
        """Nothing is read, so there is nothing to wait for."""
        return None

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(self, url: str, *_args: object, **_kwargs: object) -> tuple[int, bytes]:
        """Return the status and body of Telegram's reply; raise RuntimeError for any method but `getMe`."""
        if not url.endswith("/getMe"):
            message = "the benchmark sends nothing"
            raise RuntimeError(message)
        return 200, json.dumps({"ok": True, "result": BOT}).encode()


async def start(_update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    """Begin with nothing answered and compose the first question."""
    user_data = cast("dict[str, Any]", context.user_data)
    user_data["answers"] = {}
    user_data["texts"] = [QUESTIONS[0].text()]
    return 0


def _answer(position: int) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, int]]:
    """Make the callback of the state in which the question at `position` waits for its answer."""
    question = QUESTIONS[position]
    following = QUESTIONS[position + 1] if position + 1 < len(QUESTIONS) else None

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        user_data = cast("dict[str, Any]", context.user_data)
        choice = question.match(cast("Message", update.message).text or "")
        if choice is None:
            user_data["texts"].append(question.text())
            return position
        user_data["answers"][question.id] = choice
        if following is None:
            user_data["texts"].append(CLOSING)
            return ConversationHandler.END
        user_data["texts"].append(following.text())
        return position + 1

    return answer


def _application() -> Application[Any, Any, Any, Any, Any, Any]:
    """Build the bot's application with its one conversation, without an updater or a job queue."""
    builder = ApplicationBuilder().token("1:offline").request(Offline()).get_updates_request(Offline())
    application = builder.updater(None).job_queue(None).build()
    text = filters.TEXT & ~filters.COMMAND
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", start)],
            states={position: [MessageHandler(text, _answer(position))] for position in range(len(QUESTIONS))},
            fallbacks=[],
        )
    )
    return application


def _updates(bot: Bot, replies: Sequence[str]) -> list[Update]:
    """Parse what Telegram would deliver for `/start` and the replies that follow it."""
    merchant = {"id": MERCHANT, "is_bot": False, "first_name": "Ada"}
    updates = []
    for number, text in enumerate(("/start", *replies), 1):
        message: dict[str, Any] = {
            "message_id": number,
            "date": 1767603600,
            "chat": {"id": MERCHANT, "type": "private", "first_name": "Ada"},
            "from": merchant,
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        updates.append(Update.de_json({"update_id": number, "message": message}, bot))
    return updates


async def _converse(application: Application[Any, Any, Any, Any, Any, Any], updates: Sequence[Update]) -> Transcript:
    """Have one conversation in an application that is running."""
    for update in updates:
        await application.process_update(update)
    user_data = application.user_data[MERCHANT]
    return Transcript(user_data["answers"], user_data["texts"])


def converse(replies: Sequence[str]) -> Transcript:
    """Have one conversation."""

    async def run() -> Transcript:
        async with _application() as application:
            return await _converse(application, _updates(application.bot, replies))

    return asyncio.run(run())


def walk(n: int) -> int:
    """Have `n` conversations and return the number of answers they took."""

    async def run() -> int:
        turns = 0
        async with _application() as application:
            parsed = [_updates(application.bot, script.replies) for script in SCRIPTS]
            for updates in islice(cycle(parsed), n):
                turns += len((await _converse(application, updates)).answers)
        return turns

    return asyncio.run(run())
