"""What goes wrong on Telegram, and the state in which each message ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.telegram.conftest import opening

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group

    Service = Callable[..., AbstractAsyncContextManager[None]]

pytestmark = pytest.mark.anyio


def ended(folder: Path, where: str = "state <> 'sent'") -> list[Any]:
    """Kind, state and reason of messages."""
    with closing(sqlite3.connect(folder / "triage.db")) as database:
        return database.execute(f"SELECT kind, state, reason FROM outbox WHERE {where} ORDER BY id").fetchall()


async def settled(folder: Path) -> None:
    """Wait until every message has ended in one state or another."""
    async with asyncio.timeout(30):
        while ended(folder, "state IN ('queued', 'sending')"):  # noqa: ASYNC110  (a database tells nobody)
            await asyncio.sleep(0.05)


def place(telegram: TelegramStandIn, group: Group) -> str:
    """The setting for staff who are there."""
    return f"telegram:{telegram.world.bot.id}:{group.id}:"


async def test_a_deleted_question(telegram: TelegramStandIn, service: Service, tmp_path: Path) -> None:
    """It cannot be edited any more, which is refused with Telegram's words; the conversation goes on."""
    ana = telegram.user("Ana")
    async with service():
        first = await opening(ana)
        label = first.buttons[0]
        del first.chat.messages[first.id]
        await ana.send(label)
        await ana.next_message()
        await settled(tmp_path)
    assert ended(tmp_path) == [("edit", "refused", "Message to edit not found")]


async def test_an_edit_that_is_there_already(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """An edit whose answer was lost is made again; that nothing is left to change counts as sent."""
    ana = telegram.user("Ana")
    telegram.faults.lose_answer("editMessageText")
    async with service():
        first = await opening(ana)
        await ana.send(first.buttons[0])
        await ana.until(
            lambda: [each.status for each in telegram.wire.calls("editMessageText")] == [0, 400], "it is made again"
        )
        await settled(tmp_path)
    assert ended(tmp_path) == []
    lawful()


async def test_a_text_whose_answer_was_lost(telegram: TelegramStandIn, service: Service, tmp_path: Path) -> None:
    """Nobody can tell whether it arrived, so it is not said twice; the question behind it comes."""
    ana = telegram.user("Ana")
    telegram.faults.lose_answer("sendMessage")
    async with service():
        await opening(ana)
    texts = [each.text for each in ana.messages()]
    assert len(texts) == len(set(texts))
    assert [each[:2] for each in ended(tmp_path)] == [("say", "uncertain")]


@pytest.mark.parametrize("kind", ["private", "group"])
async def test_a_limit_is_waited_for(
    kind: str, telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """429 in a private chat and in a group: as long as Telegram asks, and then everything arrives in its order."""
    ana = telegram.user("Ana")
    group = telegram.group("Shop", [ana], bot="administrator") if kind == "group" else None
    telegram.faults.rate_limit("sendMessage", retry_after=1, times=2)
    async with service():
        await ana.send("/start", group=group)
        await telegram.news.until(
            lambda: [each.status for each in telegram.wire.calls("sendMessage")][:3] == [429, 429, 200], "it is waited"
        )
        await settled(tmp_path)
    assert ended(tmp_path) == []
    lawful()


async def test_a_second_poller(telegram: TelegramStandIn, service: Service) -> None:
    """409 ends a poll; the service polls on, and nothing is lost."""
    ana = telegram.user("Ana")
    async with service():
        await opening(ana)
        await telegram.news.until(lambda: telegram.updates.polled, "the service polls")
        assert await telegram.updates.poll(0, 1, 0) == []
        await telegram.news.until(
            lambda: any(each.status == 409 for each in telegram.wire.calls("getUpdates")), "the poll ends"
        )
        await ana.send("/status")
        await ana.next_message()


@pytest.mark.parametrize("how", ["deleted", "closed"])
async def test_a_topic_that_cannot_be_written_into(
    how: str, telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Deleted, or closed when the bot is no administrator: what the merchant writes comes to General, with its case."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        await ana.send("/human")
        topic = await forum.next_topic()
        await noor.next_message(group=forum, topic=topic.id)
        if how == "deleted":
            forum.delete_topic(topic)
        else:
            forum.close_topic(noor, topic)
            forum.set_bot(noor, "member")
        await ana.send("It still fails.")
        await noor.until(
            lambda: "It still fails." in [each.text for each in noor.messages(group=forum)], "the words arrive"
        )
    general = [each.text for each in noor.messages(group=forum) if "message_thread_id" not in each.raw]
    assert general[-2:] == [topic.name.split(" ")[0], "It still fails."]
    assert "relay" not in [each[0] for each in ended(tmp_path)]
    lawful()


async def test_a_closed_topic(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Whoever closed the topic reads on in it: the bot is an administrator, and may write there."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        await ana.send("/human")
        topic = await forum.next_topic()
        await noor.next_message(group=forum, topic=topic.id)
        forum.close_topic(noor, topic)
        await ana.send("It still fails.")
        await noor.until(
            lambda: "It still fails." in [each.text for each in noor.messages(group=forum, topic=topic.id)],
            "the words arrive",
        )
    lawful()


async def test_a_group_that_moved(telegram: TelegramStandIn, service: Service, tmp_path: Path) -> None:
    """What was on its way to the group arrives in the supergroup that it became."""
    ana = telegram.user("Ana")
    group = telegram.group("Shop", [ana], bot="administrator")
    await ana.send("/start", group=group)
    moved = group.migrate(ana)
    async with service():
        while not (await ana.next_message(group=moved)).buttons:
            pass
    assert ended(tmp_path) == []


async def test_a_press_that_is_too_old(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Telegram takes no answer to it any more; what was pressed counts all the same."""
    ana = telegram.user("Ana")
    async with service():
        first = await opening(ana)
    await ana.press(first, first.buttons[0])
    telegram.clock.advance(100)
    async with service():
        await telegram.news.until(
            lambda: any(each.status == 400 for each in telegram.wire.calls("answerCallbackQuery")), "it is too late"
        )
        await ana.until(lambda: len(first.buttons) == 1, "the question shows the choice")
    lawful()
