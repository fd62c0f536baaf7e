"""Polling and webhook: order, conflicts, expiry, repetition."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import Conflict

from tests.platforms.news import PATIENCE
from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.telegram.refused import refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


class Taker:
    """A webhook that answers what it is told to, 200 otherwise, and keeps what it got."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[dict[str, Any], str | None]] = []
        self.answers: list[web.Response] = []
        self.arrived = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        """Take an update."""
        async with self.arrived:
            self.got.append((await request.json(), request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
            self.arrived.notify_all()
        return self.answers.pop(0) if self.answers else web.Response()

    async def count(self, number: int) -> list[dict[str, Any]]:
        """The updates, once there are so many."""
        async with asyncio.timeout(PATIENCE), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= number)
        return [update for update, _ in self.got]


@asynccontextmanager
async def taking() -> AsyncIterator[Taker]:
    """A webhook on loopback."""
    taker = Taker()
    routes = web.Application()
    routes.router.add_post("/hook", taker.handle)
    runner = web.AppRunner(routes, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    taker.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield taker
    finally:
        await runner.cleanup()


async def test_an_offset_confirms(telegram: TelegramStandIn, bot: Bot) -> None:
    """Updates come again until a higher offset confirms them; a negative offset counts from the end."""
    ana = telegram.user("Ana")
    for text in ("one", "two", "three"):
        await ana.send(text)
    first = await bot.get_updates(limit=2)
    assert [each.message.text for each in first if each.message] == ["one", "two"]
    assert len(await bot.get_updates()) == 3
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [each.message.text for each in rest if each.message] == ["three"]
    await ana.send("four")
    last = await bot.get_updates(offset=-1)
    assert [each.message.text for each in last if each.message] == ["four"]


async def test_a_poll_waits(telegram: TelegramStandIn, bot: Bot) -> None:
    """A long poll returns with the first update, and empty when its time is over."""
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.news.until(lambda: telegram.updates.polled, "the poll")
    await telegram.user("Ana").send("hello")
    assert len(await waiting) == 1
    empty = asyncio.create_task(bot.get_updates(offset=2_000_000_000, timeout=30))
    while not empty.done():
        telegram.clock.advance(31)
        await asyncio.sleep(0.01)
    assert await empty == ()


async def test_a_second_poller_ends_the_first(telegram: TelegramStandIn, bot: Bot) -> None:
    """Of two polls the older is ended with 409; so is one while a webhook is set, and beside one no webhook lives."""
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.news.until(lambda: telegram.updates.polled, "the first poll")
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with refused("terminated by other getUpdates request; make sure that only one", Conflict):
            await first
        await bot.set_webhook("http://127.0.0.1:9/none")
        with refused("terminated by setWebhook request", Conflict):
            await second
    with refused("can't use getUpdates method while webhook is active; use deleteWebhook", Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_what_nobody_fetches_is_lost(telegram: TelegramStandIn, bot: Bot) -> None:
    """Messages wait for a day, presses for 150 seconds."""
    ana = telegram.user("Ana")
    said = await ana.send("hello")
    await ana.press_data(said, "x")
    telegram.clock.advance(151)
    assert [each.message is None for each in await bot.get_updates()] == [False]
    telegram.clock.advance(24 * 3600)
    assert await bot.get_updates() == ()
    assert [each.kind for each in telegram.updates.expired] == ["callback_query", "message"]


async def test_a_webhook_gets_updates_with_its_secret(telegram: TelegramStandIn, bot: Bot) -> None:
    """What waited when the webhook was set arrives too, each with the secret header; the info tells the address."""
    ana = telegram.user("Ana")
    await ana.send("one")
    async with taking() as taker:
        await bot.set_webhook(taker.url, secret_token="s-3", max_connections=5, allowed_updates=["message"])
        await ana.send("two")
        updates = await taker.count(2)
        assert [each["message"]["text"] for each in updates] == ["one", "two"]
        assert {secret for _, secret in taker.got} == {"s-3"}
        info = await bot.get_webhook_info()
        assert (info.url, info.max_connections, info.allowed_updates) == (taker.url, 5, ("message",))
        await bot.delete_webhook(drop_pending_updates=True)


async def test_a_webhook_is_asked_again(telegram: TelegramStandIn, bot: Bot) -> None:
    """An update that is not taken comes again, at once and then after pauses that double; its chat waits meanwhile."""
    ana, tom = telegram.user("Ana"), telegram.user("Tom")
    async with taking() as taker:
        taker.answers = [web.Response(status=500), web.Response(status=503)]
        await bot.set_webhook(taker.url)
        await ana.send("one")
        await ana.send("two")
        await taker.count(2)
        await tom.send("other chat")
        assert [each["message"]["text"] for each in await taker.count(3)] == ["one", "one", "other chat"]
        await telegram.news.until(lambda: len(telegram.wire.deliveries("message")) >= 3, "the other chat's message")
        telegram.clock.advance(2)
        assert [each["message"]["text"] for each in await taker.count(5)][3:] == ["one", "two"]
        assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 503"


async def test_a_press_may_overtake_a_message(telegram: TelegramStandIn, bot: Bot) -> None:
    """While a message is not taken, a press of the same person in the same chat goes on: their queues differ."""
    ana = telegram.user("Ana")
    async with taking() as taker:
        taker.answers = [web.Response(status=500, headers={"Retry-After": "100"})]
        await bot.set_webhook(taker.url)
        said = await ana.send("one")
        await taker.count(1)
        await ana.press_data(said, "x")
        assert "callback_query" in (await taker.count(2))[1]


async def test_a_webhook_that_is_away_loses_old_presses(telegram: TelegramStandIn, bot: Bot) -> None:
    """A press that nobody took within 150 seconds is dropped."""
    ana = telegram.user("Ana")
    said = await ana.send("one")
    async with taking() as taker:
        await bot.set_webhook("http://127.0.0.1:9/none")
        await ana.press_data(said, "x")
        telegram.clock.advance(151)
        await bot.set_webhook(taker.url)
        await ana.press_data(said, "y")
        await taker.count(2)
        assert {update.get("callback_query", {}).get("data") for update, _ in taker.got} == {None, "y"}


async def test_duplicates_and_disorder_on_demand(telegram: TelegramStandIn, bot: Bot) -> None:
    """The script of faults repeats updates and turns their order round."""
    ana = telegram.user("Ana")
    await ana.send("one")
    telegram.faults.duplicate()
    assert len({each.update_id for each in await bot.get_updates()}) == 1
    await ana.send("two")
    telegram.faults.reorder(2)
    assert [each.message.text for each in await bot.get_updates() if each.message] == ["two", "one"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"url": "ftp://example.org"}, "bad webhook"),
        ({"url": "https://example.org", "secret_token": "not allowed"}, "secret token contains unallowed"),
        ({"url": "https://example.org", "max_connections": 101}, "max_connections is not 1 to 100"),
        pytest.param(
            {"url": "https://example.org", "allowed_updates": ["messages"]}, "is not one of", marks=NEEDS_SPECS
        ),
    ],
)
async def test_a_wrong_webhook_is_refused(
    telegram: TelegramStandIn, bot: Bot, arguments: dict[str, Any], reason: str
) -> None:
    """Each rule of setWebhook is kept."""
    with refused(reason):
        await bot.set_webhook(**arguments)
    assert telegram.webhook is None


async def test_every_way_to_call_is_understood(telegram: TelegramStandIn) -> None:
    """Methods have no case, and arguments come in the address, as form or as JSON; a wrong token is refused."""
    ana = telegram.user("Ana")
    await ana.start()
    address = f"{telegram.url}/bot{telegram.token}/SENDMESSAGE"
    arguments = {"chat_id": str(ana.user.id), "text": "hi"}
    async with httpx.AsyncClient() as http:
        answers = [
            await http.get(address, params=arguments),
            await http.post(address, data=arguments),
            await http.post(address, json={**arguments, "chat_id": ana.user.id}),
            await http.get(f"{telegram.url}/bot1:x/getMe"),
        ]
    assert [each.status_code for each in answers] == [200, 200, 200, 401]
    assert answers[3].json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
