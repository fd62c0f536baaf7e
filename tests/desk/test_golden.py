"""What takes long or goes wrong, over sockets, store and delivery, by a clock that the test moves."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.desk.serving import service

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from time_machine import Traveller

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

DESK = """
people:
  noor: {name: Noor, accounts: ["telegram:BOT:NOOR"]}
calendars:
  office:
    zone: Europe/Amsterdam
    week: {mon-fri: "09:00-17:00"}
    dates: {2026-03-30: []}
calendar: office
time_box: {lengths: [8h]}
"""
"""The clocks of Amsterdam go forward on Sunday, 29 March 2026; the Monday after it is a holiday of the office."""


async def test_a_time_box_over_a_holiday_and_the_change_of_clocks(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: Traveller,
) -> None:
    """Not reproduced, offered, agreed to, two hours on Friday and six on Tuesday by summer time, and nothing found."""
    clock.move_to(datetime(2026, 3, 27, 14, 0, tzinfo=UTC))  # 15:00 in Amsterdam
    ana, noor = slack.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    bot = str(telegram.world.bot.id)
    (tmp_path / "desk.yaml").write_text(DESK.replace("BOT", bot).replace("NOOR", str(noor.user.id)))
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))
    async with service(slack, telegram, tmp_path, f"telegram:{bot}:{forum.id}:"):
        await ana.send("/human")
        topic = await forum.next_topic()
        card = await noor.next_message(group=forum, topic=topic.id)

        def told(words: str) -> Callable[[], bool]:
            return lambda: any(words in each.text for each in noor.messages(group=forum, topic=topic.id))

        async def does(command: str, answer: str) -> None:
            await noor.send(command, group=forum, topic=topic.id)
            await noor.until(told(answer), f"{command} is answered")

        await noor.press(card, "Claim")
        await noor.until(lambda: "Noor" in card.text, "the card follows")
        await noor.send("/reproduced not_reproduced", group=forum, topic=topic.id)
        await does("/timebox propose", "offered a time-box of 8 h")
        await ana.until(lambda: "I agree" in ana.messages()[-1].buttons or None, "Ana is asked")
        await ana.press(ana.messages()[-1], "I agree")
        await noor.until(told("agreed to the time-box"), "Noor hears that she agrees")
        await does("/timebox begin", "the time of the time-box runs")
        await noor.until(lambda: "2026-03-31 13:00 UTC" in card.text, "eight hours of work later")

        for at, words in ((datetime(2026, 3, 31, 11, 1, tzinfo=UTC), "75 %"), (_END, "is over")):
            clock.move_to(at.replace(minute=0, hour=at.hour - 1))
            await asyncio.sleep(1.5)  # timers look once a second
            assert not told(words)()
            clock.move_to(at)
            await noor.until(told(words), words)
        await does("/timebox end not_found", "time-box has ended (not_found)")
        await ana.until(lambda: "we used 8 h" in ana.messages()[-1].text or None, "Ana reads the report")
        await does("/solve not_reproducible", "marked the case as solved")
        await ana.until(lambda: "solved" in ana.messages()[-1].text or None, "Ana hears of it")
    assert slack.wire.violations == []
    lawful()


_END = datetime(2026, 3, 31, 13, 1, tzinfo=UTC)


async def test_both_platforms_are_away_and_a_channel_is_archived(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path, clock: Traveller
) -> None:
    """429 for a minute, 503 for two: what was said arrives once, in order. What is refused is told to the operator."""
    ana, noor = telegram.user("Ana"), slack.user("Noor")
    desk = slack.channel("desk", [noor], private=True)
    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.start("")
        await ana.next_message()
        await ana.send("/human")
        card = await noor.next_message(channel=desk)
        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in ana.messages()[-1].text or None, "Ana hears who is there")

        telegram.faults.stay_away("sendMessage", status=429, seconds=60)
        slack.faults.stay_away("chat.postMessage", status=503, seconds=120)
        words, replies = [f"word {each}" for each in range(4)], [f"reply {each}" for each in range(4)]
        for word, reply in zip(words, replies, strict=True):
            await ana.send(word)
            await noor.send(reply, channel=desk, thread=card.id)
        heard: dict[str, list[str]] = {}
        for _ in range(40):
            clock.shift(5)
            await asyncio.sleep(0.25)
            heard = {
                "ana": [each.text[len("Noor: ") :] for each in ana.messages() if each.text.startswith("Noor: ")],
                "noor": [
                    each.text.removeprefix("Ana: ")
                    for each in noor.messages(channel=desk, thread=card.id)
                    if "word" in each.text
                ],
            }
            if heard == {"ana": replies, "noor": words}:
                break
        assert heard == {"ana": replies, "noor": words}
        assert any(each.status == 429 for each in telegram.wire.calls("sendMessage"))
        assert sum(each.status == 503 for each in slack.wire.calls("chat.postMessage")) > 2

        desk.archive()
        await ana.send("Are you there?")
        async with asyncio.timeout(20):
            while ("relay", "is_archived") not in _refused(tmp_path):  # noqa: ASYNC110  (a database tells nobody)
                await asyncio.sleep(0.05)
        desk.conversation.archived = False
        await ana.send("Hello?")
        await noor.until(
            lambda: any("Hello?" in each.text for each in noor.messages(channel=desk, thread=card.id)) or None,
            "the case goes on in its thread",
        )
    assert slack.wire.violations == []
    lawful()


def _refused(folder: Path) -> list[tuple[str, str]]:
    """Kind and reason of what a platform would not take."""
    with closing(sqlite3.connect(folder / "triage.db")) as database:
        return database.execute("SELECT kind, reason FROM outbox WHERE state = 'refused' ORDER BY id").fetchall()
