"""What takes long or goes wrong, over sockets, store and delivery, by a clock that the test moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.channels.telegram.conftest import called
from tests.desk.serving import claimed, offered, reads, service
from tests.platforms.news import PATIENCE
from tests.platforms.pace import LOOK_EVERY_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from time_machine import Traveller

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.person import Person as SlackUser
    from tests.platforms.slack.shown import Shown as SlackShown
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.person import Person as TelegramUser
    from tests.platforms.telegram.shown import Shown as TelegramShown

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
        topic, card = await called(ana, noor, forum)

        def told(words: str) -> Callable[[], bool]:
            return lambda: any(words in each.text for each in noor.messages(group=forum, topic=topic.id))

        async def does(command: str, answer: str) -> None:
            await noor.send(command, group=forum, topic=topic.id)
            await noor.until(told(answer), f"{command} is answered")

        await noor.press(card, "Claim")
        await noor.until(lambda: "Noor" in card.text, "the card follows")
        await noor.send("/reproduced not_reproduced", group=forum, topic=topic.id)
        await does("/timebox propose", "offered a time-box of 8 h")
        await ana.press(await offered(ana, "I agree"), "I agree")
        await noor.until(told("agreed to the time-box"), "Noor hears that she agrees")
        await does("/timebox begin", "the time of the time-box runs")
        await noor.until(lambda: "2026-03-31 13:00 UTC" in card.text, "eight hours of work later")

        for at, words in ((datetime(2026, 3, 31, 11, 1, tzinfo=UTC), "75 %"), (_END, "is over")):
            clock.move_to(at.replace(minute=0, hour=at.hour - 1))
            await asyncio.sleep(5 * LOOK_EVERY_MS / 1000)
            assert not told(words)()
            clock.move_to(at)
            await noor.until(told(words), words)
        await does("/timebox end not_found", "time-box has ended (not_found)")
        await reads(ana, "we used 8 h")
        await does("/solve not_reproducible", "marked the case as solved")
        await reads(ana, "solved")
    lawful()


_END = datetime(2026, 3, 31, 13, 1, tzinfo=UTC)


async def test_both_platforms_are_away_and_a_channel_is_archived(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path, clock: Traveller
) -> None:
    """429 for a minute, 503 for two, and staff's channel in the archive: what was said arrives once, in order."""
    ana, noor = telegram.user("Ana"), slack.user("Noor")
    desk = slack.channel("desk", [noor], private=True)
    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        card = await claimed(ana, noor, desk)

        telegram.faults.stay_away("sendMessage", status=429, seconds=60)
        slack.faults.stay_away("chat.postMessage", status=503, seconds=120)
        words, replies = [f"word {each}" for each in range(4)], [f"reply {each}" for each in range(4)]
        for word, reply in zip(words, replies, strict=True):
            await ana.send(word)
            await noor.send(reply, channel=desk, thread=card.id)

        def heard() -> tuple[list[str], list[str]]:
            there = noor.messages(channel=desk, thread=card.id)
            return (
                [each.text.removeprefix("Noor: ") for each in ana.messages() if each.text.startswith("Noor: ")],
                [each.text.removeprefix("Ana: ") for each in there if "word" in each.text],
            )

        await _as_time_passes(clock, lambda: sum(map(len, heard())) >= len(replies) + len(words))
        assert heard() == (replies, words)
        assert any(each.status == 429 for each in telegram.wire.calls("sendMessage"))
        assert sum(each.status == 503 for each in slack.wire.calls("chat.postMessage")) > 2

        desk.archive()
        await ana.send("Are you there?")
        await ana.until(
            lambda: any("takes no messages at the moment" in each.text for each in ana.messages()) or None,
            "Ana is told",
        )
        desk.conversation.archived = False
        await ana.send("Hello?")

        def arrived() -> list[str]:
            there = [each.text for each in noor.messages(channel=desk, thread=card.id)]
            return [each for each in there if each in {"Ana: Are you there?", "Ana: Hello?"}]

        await _as_time_passes(clock, lambda: len(arrived()) >= 2)
        assert arrived() == ["Ana: Are you there?", "Ana: Hello?"]  # nothing is lost, and the case goes on there
    lawful()


async def _as_time_passes(clock: Traveller, look: Callable[[], bool]) -> None:
    """Let minutes pass until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not look():
            clock.shift(5)
            await asyncio.sleep(LOOK_EVERY_MS / 1000)


PEOPLE = """
undo: 1m
people:
  noor: {name: Noor, accounts: ["slack:TEAM:NOOR"]}
  bea: {name: Bea, accounts: ["telegram:BOT:BEA"]}
"""


async def test_staff_in_slack_and_their_deputy_on_telegram(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clock: Traveller,
) -> None:
    """One case at both places: one of two has it, both see all of it in the same order, and no note leaves."""
    ana, noor, bea = telegram.user("Ana"), slack.user("Noor"), telegram.user("Bea")
    desk, forum = slack.channel("desk", [noor], private=True), telegram.forum("Desk", [bea])
    bot = str(telegram.world.bot.id)
    people = PEOPLE.replace("TEAM", slack.home.id).replace("NOOR", noor.user.id)
    (tmp_path / "desk.yaml").write_text(people.replace("BOT", bot).replace("BEA", str(bea.user.id)))
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))
    places = f"slack:{slack.home.id}:{desk.conversation.id}: telegram:{bot}:{forum.id}:"
    async with service(slack, telegram, tmp_path, places):
        await ana.start("")
        await ana.next_message()
        await ana.send("/human")
        card = await noor.next_message(channel=desk)
        topic = await forum.next_topic()
        other = await bea.next_message(group=forum, topic=topic.id)
        case = _Twins(noor, desk, card, bea, forum, other, ana, clock)
        await case.raced_for()
        await case.answered_in_slack()
        await case.passed_on()
        await case.answered_on_telegram()
        await case.tell("/solve")
        await case.read("Bea marked the case as solved")
        await noor.until(lambda: "solved" in card.text, "the card in Slack says so")
        await bea.until(lambda: "solved" in other.text, "the card on Telegram says so")

        assert case.history(case.here(), "Noor") == case.history(case.there(), "Bea")
        heard = str([each.raw for each in ana.messages()])
        assert not any(each in heard for each in ("Varnish", "cache.log", "this shop", "Wrong window", "ssign"))
    assert slack.wire.violations == []
    lawful()


class _Twins(NamedTuple):
    """A case in its thread and in its topic, each with its card; and who is about it: Noor here, Bea there, and Ana."""

    noor: SlackUser
    desk: Channel
    card: SlackShown
    bea: TelegramUser
    forum: Group
    other: TelegramShown
    ana: TelegramUser
    clock: Traveller

    async def raced_for(self) -> None:
        """Both claim it at once: one has it, and both cards say who. In the end that is Noor."""
        await asyncio.gather(self.tell("/claim"), self.noor.press(self.card, "Claim"))
        await self.read("was first and has this case")
        first = "Noor" if _has(self.here, "Noor was first") else "Bea"
        await self.noor.until(lambda: first in self.card.text, "the card in Slack says who")
        await self.bea.until(lambda: first in self.other.text, "the card on Telegram says who")
        if first == "Bea":
            await self.tell("/assign Noor")
            await self.read("gave the case to Noor")

    async def answered_in_slack(self) -> None:
        """Ana's words, Noor's reply to them and its correction are the same everywhere."""
        await self.ana.send("It fails since Friday")
        await self.read("Ana: It fails since Friday")
        asked = await self.noor.send("Which version?", channel=self.desk, thread=self.card.id)
        await self.stands("Noor: Which version?", "hourglass_flowing_sand", "👀")
        self.clock.shift(60)  # the hold is over, and the minute in which a group on Telegram takes few messages
        await self.heard("Noor: Which version?")
        await self.noor.edit(asked, "Which version of the plugin?")
        await self.heard("Noor: Which version of the plugin?")
        await self.stands("Noor: Which version of the plugin?", "white_check_mark", "👍")

    async def passed_on(self) -> None:
        """What Bea writes is a note, until Noor gives the case to her; then what Noor writes is one."""
        await self.tell("I know this shop")
        await self.stands("Bea: I know this shop", "memo", "✍")
        await self.noor.mention(self.desk, "assign Bea", thread=self.card.id)
        await self.read("Noor gave the case to Bea")
        words = "It may be Varnish"
        note = await self.noor.upload("cache.log", b"MISS", caption=words, channel=self.desk, thread=self.card.id)
        await self.stands("Noor: It may be Varnish", "memo", "✍")
        await self.noor.edit(note, "It is Varnish")
        await self.stands("Noor: It is Varnish", "memo", "✍")
        await self.bea.until(lambda: "cache.log" in str([each.raw for each in self._topic()]), "the file of the note")
        self.clock.shift(60)

    async def answered_on_telegram(self) -> None:
        """What Bea takes back stays a note on both sides; what she leaves is a reply to Ana's message."""
        await self.tell("Wrong window")
        hold = await self.bea.until(
            lambda: next((each for each in self.there() if "Undo" in each.buttons), None), "it can be taken back"
        )
        await self.bea.press(hold, "Undo")
        await self.stands("Bea: Wrong window", "memo leftwards_arrow_with_hook", "✍")
        assert not any("goes to the merchant in" in each.text for each in self.here())
        fails = next(each for each in self.there() if "It fails" in each.text)
        await self.bea.react(fails, "🎉")
        await self.noor.until(partial(_has, self.here, "Bea reacted with 🎉 to: Ana: It fails"), "Noor reads of it")
        await self.bea.send("Please update it", group=self.forum, topic=self.other.topic, reply_to=fails)
        await self.stands("Bea: Please update it", "hourglass_flowing_sand", "👀")
        self.clock.shift(60)
        assert (await reads(self.ana, "Bea: Please update it")).raw["reply_to_message"][
            "text"
        ] == "It fails since Friday"
        await self.stands("Bea: Please update it", "white_check_mark", "👍")
        await self.ana.send("Now it works")
        await self.read("Ana: Now it works")

    def here(self) -> list[SlackShown]:
        """What stands in the thread, below the card."""
        found = self.noor.messages(channel=self.desk, thread=self.card.id)
        return [each for each in found if each.id != self.card.id]

    def there(self) -> list[TelegramShown]:
        """What stands in the topic, below the card."""
        return [each for each in self._topic() if each.text and each.id != self.other.id]

    def _topic(self) -> list[TelegramShown]:
        return self.bea.messages(group=self.forum, topic=self.other.topic)

    def history(self, messages: list[Any], writer: str) -> list[str]:
        """What is to be read there, but for commands. Who writes there themselves stands before it elsewhere."""
        found = []
        for each in messages:
            words = _said(each)
            theirs = each.raw.get("bot_id") is None and not each.raw.get("from", {}).get("is_bot")
            if "reacted with" not in words and not (theirs and (words.startswith("/") or " assign " in words)):
                found.append(f"{writer}: {words}" if theirs else words)
        return found

    async def tell(self, words: str) -> None:
        """Bea writes."""
        await self.bea.send(words, group=self.forum, topic=self.other.topic)

    async def heard(self, words: str) -> None:
        """Wait until Ana reads that."""
        await reads(self.ana, words)

    async def read(self, words: str) -> None:
        """Wait until both sides read that; there is time to send as fast as the platforms let us."""
        self.clock.shift(5)
        await self.noor.until(partial(_has, self.here, words), f"Noor reads {words!r}")
        await self.bea.until(partial(_has, self.there, words), f"Bea reads {words!r}")

    async def stands(self, words: str, mark: str, other: str) -> None:
        """Wait until both sides read that, on one of them as somebody's own words, with these marks and no other."""
        self.clock.shift(5)
        await self.noor.until(lambda: _mark(self.here(), words, "Noor: ") == mark, f"{words} {mark} in Slack")
        await self.bea.until(lambda: _mark(self.there(), words, "Bea: ") == other, f"{words} {other} on Telegram")


def _has(messages: Callable[[], list[Any]], words: str) -> bool:
    return any(words in each.text for each in messages())


def _said(message: Any) -> str:
    """What a message says in its last line: before it stands what it replies to, where that cannot be linked."""
    return str(message.text.rpartition("\n")[2])


def _mark(messages: list[Any], words: str, own: str) -> str | None:
    """What the bot has put on a message; None if there is none that says so."""
    for each in messages:
        if _said(each) in {words, words.removeprefix(own)}:
            if "ts" in each.raw:
                return " ".join(reaction["name"] for reaction in each.raw.get("reactions", []))
            return " ".join(reaction["emoji"] for reaction in each.chat.reactions.get(each.id, []))
    return None
