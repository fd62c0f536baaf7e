"""A merchant on Telegram, from the first word on, through sockets, store and delivery."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.telegram.conftest import opening, question

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


def rows(folder: Path, sql: str) -> list[Any]:
    """What the database holds."""
    with closing(sqlite3.connect(folder / "triage.db")) as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_merchant_answers_by_buttons_and_by_words(
    mode: str,
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    lawful: Callable[[], None],
) -> None:
    """In Spanish, in both modes: the choice stands below the question, which has a button to change it."""
    ana = telegram.user("Ana", language="es")
    async with service(mode):
        first = await opening(ana, "from-the-web-site")
        label, text = first.buttons[0], first.text
        press = await ana.press(first, label)
        await press.answered()
        await ana.until(lambda: first.text != text, "the question shows the choice")
        assert first.text.startswith(text)
        assert label in first.text[len(text) :]
        assert label not in first.buttons
        second = await question(ana)
        await ana.send(second.buttons[0])
        third = await ana.next_message()
        assert third.text != second.text
        assert telegram.wire.calls("answerCallbackQuery")
    lawful()


async def test_duplicates_change_nothing(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    lawful: Callable[[], None],
) -> None:
    """An update that is delivered twice is applied once."""
    ana = telegram.user("Ana")
    async with service():
        telegram.faults.duplicate(1)
        await opening(ana)
        await ana.send("/status")
        await ana.next_message()
    texts = [each.text for each in ana.messages()]
    assert texts[0] == "/start"
    assert texts.count(texts[1]) == 1
    lawful()


async def test_telegram_out_of_order(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    lawful: Callable[[], None],
) -> None:
    """After 429, 5xx and a broken poll the messages arrive all the same."""
    ana = telegram.user("Ana")
    telegram.faults.rate_limit("sendMessage", retry_after=1)
    telegram.faults.fail("sendMessage", status=502)
    telegram.faults.fail("getUpdates", status=500)
    async with service():
        await opening(ana)
    lawful()


async def test_a_blocked_bot_is_refused(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    tmp_path: Path,
) -> None:
    """What cannot be delivered ends as refused with Telegram's reason; others are served on."""
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    await ana.start()
    await ana.block()
    async with service():
        await opening(bea)
        await telegram.news.until(
            lambda: any(each.status == 403 for each in telegram.wire.calls("sendMessage")), "Telegram refuses"
        )
    assert ("refused",) in rows(tmp_path, "SELECT DISTINCT state FROM outbox")


async def test_what_cannot_be_read_is_parked(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    tmp_path: Path,
) -> None:
    """An update of a shape that nobody knows holds nobody up: it is parked, and a new kind is passed over."""
    telegram.updates.add_raw({"message": {"message_id": "x", "date": "soon", "text": "4539 1488 0343 6467"}})
    telegram.updates.add_raw({"widget_query": {"id": "1"}})
    ana = telegram.user("Ana")
    async with service():
        await opening(ana)
    ((payload,),) = rows(tmp_path, "SELECT payload FROM parked")
    assert "unreadable" in payload
    assert "4539" not in payload


async def test_a_restart_goes_on(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    lawful: Callable[[], None],
) -> None:
    """What is said while the service is down is answered when it is back, in the same conversation."""
    ana = telegram.user("Ana")
    async with service():
        first = await opening(ana)
    press = await ana.press(first, first.buttons[0])
    async with service():
        await press.answered()
        assert (await question(ana)).text != first.text
    lawful()


async def test_a_lost_answer(
    telegram: TelegramStandIn,
    service: Callable[..., AbstractAsyncContextManager[None]],
    lawful: Callable[[], None],
) -> None:
    """A message whose answer was lost does not stop the conversation: the question comes."""
    ana = telegram.user("Ana")
    telegram.faults.lose_answer("sendMessage")
    async with service():
        await opening(ana)
    lawful()
