"""One scenario on both platforms, with the demonstration bot on the unmodified libraries."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.platforms.demo import demonstrate
from tests.platforms.page.cast import Cast
from tests.platforms.telegram.group import Group

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.people import Person, S
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def demonstration(slack: SlackStandIn, telegram: TelegramStandIn) -> AsyncIterator[Cast]:
    """The bot at work on both platforms."""
    cast = Cast(slack, telegram)
    work = asyncio.create_task(demonstrate(cast))
    try:
        await slack.sockets.connected()
        yield cast
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert slack.wire.violations + telegram.wire.violations == []


async def choose_a_shop(merchant: Person[S]) -> None:
    """The merchant begins, presses a button, and sees the choice in place of the buttons."""
    await merchant.send("/start")
    question = await merchant.next_message()
    assert "Which shop do you use?" in question.text
    await (await merchant.press(question, "WooCommerce")).answered()
    await merchant.until(lambda: "You chose" in question.text, "the question shows the choice")
    assert "WooCommerce" not in question.buttons
    assert merchant.messages()[-1].text == question.text


async def test_on_slack(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """The scenario on Slack."""
    async with demonstration(slack, telegram) as cast:
        await choose_a_shop(cast.slack_merchant)


async def test_on_telegram(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """The scenario on Telegram; what the merchant says then reaches staff in a topic, and the answer comes back."""
    async with demonstration(slack, telegram) as cast:
        ana, sam = cast.telegram_merchant, cast.telegram_staff
        await choose_a_shop(ana)
        await ana.send("It is lost")
        topic = await cast.telegram_desk.topic("#1 Ana")
        assert isinstance(cast.telegram_desk, Group)
        told = await sam.next_message(group=cast.telegram_desk, topic=topic.id)
        assert told.text == "It is lost"
        await sam.send("I look for it", group=cast.telegram_desk, topic=topic.id)
        assert (await ana.next_message()).text == "I look for it"
