"""Misbehaviour on demand, and what python-telegram-bot makes of it: the traps that the product must know."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.ext import Application, MessageHandler, Updater
from telegram.ext.filters import ALL
from telegram.warnings import PTBUserWarning

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_a_limit_names_its_delay(telegram: TelegramStandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """429 carries the seconds; nothing was sent. Without PTB_TIMEDELTA the library warns of its own exception."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    ana = telegram.user("Ana")
    await ana.start()
    telegram.faults.rate_limit("sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(ana.user.id, "one")
    assert refused.value.retry_after == timedelta(seconds=7)
    await bot.send_message(ana.user.id, "two")
    assert [each.text for each in ana.messages()] == ["/start", "two"]


async def test_a_broken_server_answers_no_json(telegram: TelegramStandIn, bot: Bot) -> None:
    """A 502 is a page; the library makes a network error of it."""
    telegram.faults.fail(status=502)
    with pytest.raises(NetworkError):
        await bot.get_me()
    await bot.get_me()


async def test_a_lost_answer_is_ambiguous(telegram: TelegramStandIn, bot: Bot) -> None:
    """The message is there although the library saw only an error, be it a closed connection or its own patience."""
    ana = telegram.user("Ana")
    await ana.start()
    telegram.faults.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(ana.user.id, "one")
    telegram.faults.lose_answer("sendMessage", after=60)
    with pytest.raises(TimedOut):
        await bot.send_message(ana.user.id, "two", read_timeout=0.2)
    assert [each.text for each in ana.messages()] == ["/start", "one", "two"]


async def test_an_update_of_unknown_shape_stops_the_library(
    telegram: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """An update that the library cannot parse is asked for again and again, and everything behind it waits.

    Which is why the product polls for raw JSON.
    """
    caplog.set_level(logging.CRITICAL)
    telegram.updates.add_raw({"message": {"message_id": 1, "date": "soon", "chat": {"id": 1, "type": "private"}}})
    await telegram.user("Ana").send("hello")
    queue: asyncio.Queue[object] = asyncio.Queue()
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
        with pytest.warns(PTBUserWarning, match="Please use"):
            raw = await bot.do_api_request("getUpdates")
        assert [each["message"]["date"] == "soon" for each in raw] == [True, False]
        async with Updater(bot, queue) as updater:
            await updater.start_polling()
            await telegram.news.until(lambda: len(telegram.wire.calls("getUpdates")) > 5 or None, "it asks and asks")
            assert queue.empty()
            telegram.updates.drop()
            await updater.stop()


async def test_a_queue_that_fails_kills_the_poller(telegram: TelegramStandIn, caplog: pytest.LogCaptureFixture) -> None:
    """An exception of the update queue ends the library's polling for good, while it says that it runs."""
    caplog.set_level(logging.CRITICAL)

    class Failing(asyncio.Queue[object]):
        async def put(self, item: object) -> None:
            del item
            raise OSError("the disk is full")

    await telegram.user("Ana").send("hello")
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot, Updater(bot, Failing()) as updater:
        await updater.start_polling()
        await telegram.news.until(lambda: telegram.wire.calls("getUpdates") or None, "the library polls")
        await asyncio.sleep(0.3)
        polls = len(telegram.wire.calls("getUpdates"))
        await asyncio.sleep(0.3)
        assert updater.running
        assert len(telegram.wire.calls("getUpdates")) == polls
        with pytest.raises(OSError, match="the disk is full"):
            await updater.stop()


async def test_a_future_update_survives_as_json(telegram: TelegramStandIn) -> None:
    """What a newer Bot API sends is kept beside what the library knows."""
    telegram.updates.add_raw({"widget_query": {"id": "1", "data": "x"}})
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
        (update,) = await bot.get_updates()
    assert isinstance(update, Update)
    assert update.to_dict()["widget_query"] == {"id": "1", "data": "x"}


async def test_what_the_library_has_queued_is_lost_with_it(
    telegram: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """It has told Telegram that it has all of them; a handler that fails tells nobody, and what waits is in memory."""
    caplog.set_level(logging.CRITICAL)
    handled, busy, forever = [], asyncio.Event(), asyncio.Event()

    async def handle(update: Update, _: object) -> None:
        assert update.message is not None
        handled.append(update.message.text)
        if update.message.text == "one":
            raise OSError("the disk is full")
        busy.set()
        await forever.wait()

    app = Application.builder().token(telegram.token).base_url(f"{telegram.url}/bot").build()
    app.add_handler(MessageHandler(ALL, handle))
    ana = telegram.user("Ana")
    for words in ("one", "two", "three"):
        await ana.send(words)
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling()
        await busy.wait()
        await app.updater.stop()
        (fetcher,) = (each for each in asyncio.all_tasks() if each.get_name().endswith(":update_fetcher"))
        fetcher.cancel()  # as when the process is interrupted
        with pytest.raises(asyncio.CancelledError):
            await app.stop()
        assert app.update_queue.empty()
        assert await app.bot.get_updates() == ()
        app._running = False
    assert handled == ["one", "two"]
