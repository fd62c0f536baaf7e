"""The main path: a bot on the unmodified python-telegram-bot answers somebody."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_a_bot_answers() -> None:
    """A message reaches the bot by polling, its answer with buttons reaches the person, a press is answered."""
    async with TelegramStandIn() as telegram:
        ana = telegram.user("Ana", language="es")
        async with Bot(telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot") as bot:
            await ana.send("hello")
            (update,) = await bot.get_updates(timeout=5)
            assert update.message is not None
            assert update.message.from_user is not None
            assert update.message.from_user.language_code == "es"
            markup = InlineKeyboardMarkup([[InlineKeyboardButton("WooCommerce", callback_data="woo")]])
            await bot.send_message(update.message.chat_id, f"You said {update.message.text}", reply_markup=markup)
            reply = await ana.next_message()
            assert reply.text == "You said hello"
            query = await ana.press(reply, "WooCommerce")
            (pressed,) = await bot.get_updates(offset=update.update_id + 1, timeout=5, allowed_updates=Update.ALL_TYPES)
            assert pressed.callback_query is not None
            assert pressed.callback_query.data == "woo"
            await bot.answer_callback_query(pressed.callback_query.id, "Got it")
            assert await query.answered() == "Got it"
            await bot.edit_message_text("You chose WooCommerce", reply.chat.id, reply.id)
            assert (reply.text, reply.buttons) == ("You chose WooCommerce", [])
        assert telegram.wire.violations == []
