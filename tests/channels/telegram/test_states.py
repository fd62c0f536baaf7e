"""What goes wrong on Telegram, and the state in which each message ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from tests.channels.telegram.conftest import called, opening
from tests.platforms.telegram.methods.topics import ICONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from time_machine import Traveller

    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.person import Person
    from tests.platforms.telegram.world import Topic

    Service = Callable[..., AbstractAsyncContextManager[None]]

pytestmark = pytest.mark.anyio

MINUTE = 60
"""Seconds in which a group's budget of messages is full again."""


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


@pytest.mark.usefixtures("brief_holds")
async def test_a_deleted_topic(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """A new one takes its place for good: with the card and its buttons, and then what the merchant wrote, once."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        first, _ = await called(ana, noor, forum)
        await settled(tmp_path)
        forum.delete_topic(first)
        await ana.send("It still fails.")
        again = await forum.next_topic(first.id)
        card = await noor.next_message(group=forum, topic=again.id)
        assert (await noor.next_message(group=forum, topic=again.id)).text == "Ana: It still fails."
        await settled(tmp_path)  # whatever the bot still had to say would be unsaid
        await noor.press(card, "Claim")
        await noor.until(lambda: "Claim" not in card.buttons, "the card is edited")
    async with service(staff=place(telegram, forum)):
        await ana.send("And again.")
        await noor.until(lambda: said(noor, forum, again.id)[-1] == "Ana: And again.", "it is known where")
        await noor.send("I look.", group=forum, topic=again.id)
        await ana.until(lambda: ana.messages()[-1].text == "Noor: I look.", "the topic's words are the case's")
        await settled(tmp_path)
    assert (again.name, len(telegram.wire.calls("createForumTopic")), ended(tmp_path)) == (first.name, 2, [])
    assert forum.chat.pinned[-1] == card.id
    lawful()


def said(person: Person, forum: Group, topic: int | None) -> list[str]:
    """The texts in a topic of a forum, or in General."""
    return [each.text for each in person.messages(group=forum) if each.raw.get("message_thread_id") == topic]


@pytest.mark.parametrize("when", ["at first", "again"])
async def test_a_topic_whose_answer_was_lost(
    when: str, telegram: TelegramStandIn, service: Service, tmp_path: Path
) -> None:
    """Nobody can tell whether it is there: the case goes on in General, with its card, and makes no other one."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        if when == "at first":
            telegram.faults.lose_answer("createForumTopic")
        await ana.send("/human")
        first = await forum.next_topic()
        await settled(tmp_path)
        if when == "again":
            telegram.faults.lose_answer("createForumTopic")
            forum.delete_topic(first)
        for words in ("It still fails.", "And again."):
            await ana.send(words)
        await noor.until(lambda: said(noor, forum, None)[-1:] == ["Ana: And again."], "the words arrive")
        await settled(tmp_path)
    card, *rest = [each for each in noor.messages(group=forum) if "message_thread_id" not in each.raw and each.text]
    assert "Claim" in card.buttons
    assert [each.text for each in rest][-2:] == ["Ana: It still fails.", "Ana: And again."]
    assert all(each.raw["reply_to_message"]["message_id"] == card.id for each in rest)
    assert len(telegram.wire.calls("createForumTopic")) == (1 if when == "at first" else 2)
    assert ended(tmp_path) == []


@pytest.mark.parametrize("how", ["deleted", "closed"])
async def test_a_topic_of_a_bot_that_is_no_administrator(
    how: str, telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """A deleted one it may not make again: words come to General, with their case. Its own it opens again."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        await ana.send("/human")
        topic = await forum.next_topic()
        await settled(tmp_path)
        if how == "deleted":
            forum.delete_topic(topic)
        else:
            forum.close_topic(noor, topic)
        forum.set_bot(noor, "member")
        await ana.send("It still fails.")
        there = None if how == "deleted" else topic.id
        await noor.until(lambda: said(noor, forum, there)[-1:] == ["Ana: It still fails."], "the words arrive")
        await settled(tmp_path)
    if how == "deleted":
        assert said(noor, forum, None)[-2:] == [topic.name.split(" ")[0], "Ana: It still fails."]
    assert not topic.closed
    assert ended(tmp_path) == []
    lawful()


async def test_a_closed_topic(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Whoever closed the topic reads on in it: the bot is an administrator, and may write there."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        topic, _ = await called(ana, noor, forum)
        forum.close_topic(noor, topic)
        await ana.send("It still fails.")
        await noor.until(
            lambda: "Ana: It still fails." in [each.text for each in noor.messages(group=forum, topic=topic.id)],
            "the words arrive",
        )
    lawful()


async def test_a_topic_looks_as_its_case_stands(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path, clock: Traveller
) -> None:
    """The icon of the state, closed with the case and open again with a reply; many changes at once are one."""
    ana, noor, kim = telegram.user("Ana"), telegram.user("Noor"), telegram.user("Kim")
    forum = telegram.forum("Desk", [noor, kim])

    def looks(topic: Topic, icon: str, *, closed: bool = False) -> Callable[[], bool]:
        return lambda: (ICONS[topic.icon_emoji], topic.closed) == (icon, closed)

    async with service(staff=place(telegram, forum)):
        await opening(ana)
        topic, card = await called(ana, noor, forum)
        assert looks(topic, "❗️")()
        assert telegram.wire.calls("editForumTopic") == []
        await noor.press(card, "Claim")
        await noor.until(looks(topic, "💬"), "somebody is there")
        await noor.send("/hold", group=forum, topic=topic.id)
        await noor.until(looks(topic, "📆"), "it is put aside")
        await noor.send("/solve", group=forum, topic=topic.id)
        await noor.until(looks(topic, "✅", closed=True), "the topic is closed with the case")
        await settled(tmp_path)
        clock.shift(MINUTE)
        await ana.send("It is there again.")
        await noor.until(looks(topic, "💬"), "the merchant's reply opens both")

        clock.shift(MINUTE)
        forum.close_topic(kim, topic)
        await noor.until(lambda: "Noor" in said(noor, forum, topic.id)[-1], "Kim hears who has it")
        await noor.until(lambda: not topic.closed, "it is open again, as the case is")
        forum.close_topic(noor, topic)
        await noor.until(looks(topic, "✅", closed=True), "whoever has the case solves it so")
        await noor.until(lambda: "solved" in card.text, "the card says so")
        forum.reopen_topic(kim, topic)
        await noor.until(looks(topic, "💬"), "whoever opens the topic opens the case")
        clock.shift(MINUTE)
        await noor.send("/close", group=forum, topic=topic.id)
        await noor.until(looks(topic, "✅", closed=True), "it is over")
        forum.reopen_topic(noor, topic)
        await noor.until(lambda: topic.closed, "nobody can open it again")
        await settled(tmp_path)
    assert ended(tmp_path, "state NOT IN ('sent', 'suppressed')") == []
    lawful()


@pytest.mark.paced
async def test_a_menu_counts_in_the_budget(telegram: TelegramStandIn, service: Service) -> None:
    """Once too much was written in the group, a menu does not open: whoever pressed hears that it is to be later."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=place(telegram, forum)):
        await opening(ana)
        _, card = await called(ana, noor, forum)
        await noor.press(card, "Claim")
        await noor.until(lambda: "More ▾" in card.buttons, "the card follows")
        heard = ""
        with time_machine.travel(datetime.now(UTC), tick=False):  # no budget grows while somebody presses slowly
            for _ in range(20):
                heard = await (await noor.press_data(card, "menu:desk:more")).answered()
                if heard:
                    break
        assert "in a few seconds" in heard
    assert 10 < len(telegram.wire.calls("editMessageReplyMarkup")) < 18


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


@pytest.mark.usefixtures("brief_holds")
@pytest.mark.parametrize("heard", ["from the group", "from a refusal"])
async def test_a_group_of_staff_that_moved(
    heard: str, telegram: TelegramStandIn, service: Service, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """It is followed for good, with the setting as it was: a card there for the case, and the way back from it."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    group = telegram.group("Desk", [noor], bot="administrator")
    async with service(staff=place(telegram, group)):
        await opening(ana)
        await ana.send("/human")
        await noor.until(lambda: bool(noor.messages(group=group)), "the card comes")
        await settled(tmp_path)
        if heard == "from a refusal":
            telegram.privacy_mode = True
            group.chat.members[telegram.world.bot.id] = "left"
        moved = group.migrate(noor)
        moved.chat.members[telegram.world.bot.id] = "administrator"
        await ana.send("It still fails.")
        card = await noor.next_message(group=moved)
        assert (await noor.next_message(group=moved)).text == "Ana: It still fails."
        await settled(tmp_path)  # whatever the bot still had to say would be unsaid
        await noor.press(card, "Claim")
        await noor.until(lambda: "Claim" not in card.buttons, "the card is edited")
    async with service(staff=place(telegram, group)):
        await noor.send("I look.", group=moved, reply_to=card)
        await ana.until(lambda: ana.messages()[-1].text == "Noor: I look.", "the new group is that of the staff")
        await settled(tmp_path)
    assert [each for each in ended(tmp_path) if each[0] != "card"] == []
    lawful()


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
