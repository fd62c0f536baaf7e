"""Calls to Telegram on shared connections: whether one was made at all can be told from what it fails on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.connecting import make
from bot.channels.telegram.failures import meaning
from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_what_was_never_sent_is_sent_later() -> None:
    """Nobody listens there, so nothing was taken: trying again cannot say it twice."""
    bot = make("7000000001:AAF-test-token-0123456789abcdefghijk", "http://127.0.0.1:1/bot")
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(1, "words")
    assert type(meaning(caught.value, "b")) is Later
    await bot.request.shutdown()


async def test_connections_are_shared_and_closed(telegram: TelegramStandIn) -> None:
    """A broken connection costs its own call alone, and none stays open: that would be a warning, and fail."""
    ana = telegram.user("Ana")
    await ana.start()
    bot = make(telegram.token, f"{telegram.url}/bot")
    await bot.send_message(ana.user.id, "before the bot is introduced")
    telegram.faults.lose_answer("sendMessage")
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(ana.user.id, "its answer is lost")
    assert type(meaning(caught.value, "b")) is Lost
    telegram.clock.advance(10)
    await bot.send_message(ana.user.id, "and on")
    await bot.request.shutdown()


async def test_a_call_that_an_older_server_does_not_know_is_refused(telegram: TelegramStandIn) -> None:
    """It is not taken for a wrong token, which stops everything until an operator has seen to it."""
    ana = telegram.user("Ana")
    await ana.start()
    bot = make(telegram.token, f"{telegram.url}/bot")
    with pytest.raises(BadRequest, match="method not found") as caught:
        await bot.send_dice(ana.user.id)
    assert type(meaning(caught.value, "b")) is Refused
    telegram.wire.violations.clear()  # the stand-in has no dice, and tells of it
    await bot.request.shutdown()
