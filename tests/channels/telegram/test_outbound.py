"""What goes out to staff and to merchants they speak with, effect by effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from bot.channels.telegram.connecting import make
from bot.channels.telegram.moves import Moves
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.parts import parts
from bot.chat.effects import Card, Mark, Notice, OpenCase, Relay, Rewrite, Say
from bot.chat.events import File
from bot.service.port import Lost, Refused
from bot.store.rows import Delivery
from bot.text.nodes import Moment, Paragraph, Text, paragraph
from bot.text.plain import plain
from bot.text.split import utf16_units

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.chat.effects import Effect
    from bot.service.port import Landmarks
    from bot.service.recall import Recall
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group

pytestmark = pytest.mark.anyio

CASE = "TR-1"
OPENED = OpenCase(CASE, "session", "general", "normal")


@pytest.fixture
async def channel(telegram: TelegramStandIn) -> AsyncIterator[TelegramChannel]:
    """The bot as a channel, for effects that look nothing up."""
    async with make(telegram.token, f"{telegram.url}/bot") as bot:
        yield TelegramChannel(bot, str(bot.id), cast("Recall", None), Moves(cast("Landmarks", None), ""))


def delivery(effect: Effect, chat: int, *target: str) -> Delivery:
    """The message of an effect for a chat."""
    kind, payload = str(effect.__struct_config__.tag), msgspec.json.encode(effect).decode()
    return Delivery(1, 1, "telegram:7:5:", "telegram.7", f"telegram:7:{chat}:", kind, payload, 1, target)


def words(forum: Group) -> list[tuple[Any, str]]:
    """The topic and the text of what was written in a forum."""
    shown = forum.chat.messages.values()
    return [(each.get("message_thread_id"), each["text"]) for each in shown if "text" in each]


def test_a_case_is_opened_in_two_calls() -> None:
    """A topic, and then the card in it, so that neither is made twice when the other fails."""
    assert list(parts(OPENED)) == [OPENED, Card(CASE)]


def test_words_and_files_go_one_by_one() -> None:
    """Long words in pieces, under the name; then each file by itself; nothing of either is left out."""
    files = (File("photo/a", "a.jpg"), File("document/b", "b.log"))
    found = cast("list[Relay]", list(parts(Relay(CASE, (paragraph("word " * 2_000),), files, "Noor", "r"))))
    texts = [plain(each.words) for each in found if each.document]
    assert "".join("".join(texts).split()) == "Noor:" + "word" * 2_000
    assert all(utf16_units(each) <= 4_096 for each in texts)
    assert [each.files for each in found if not each.document] == [(files[0],), (files[1],)]
    assert {(each.ref, each.case) for each in found} == {("r", CASE)}


async def test_a_case_has_a_topic(
    telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """Made in a forum; what is for the case is written into it."""
    forum = telegram.forum("Desk", [telegram.user("Noor")])
    target = await channel.send(delivery(OPENED, forum.id))
    topic = (await forum.topic("TR-1 · general")).id
    assert target == (f"t{topic}", f"i{forum.topics[0].icon_emoji}")
    await channel.send(delivery(Relay(CASE, (paragraph("from Ana"),)), forum.id, *target))
    await channel.send(delivery(Notice(CASE, (paragraph("of the bot's own"),)), forum.id, *target))
    assert words(forum) == [(topic, "from Ana"), (topic, "of the bot's own")]
    lawful()


async def test_a_group_without_topics(
    telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """The messages of all cases stand among one another."""
    group = telegram.group("Desk", [telegram.user("Noor")], bot="administrator")
    target = await channel.send(delivery(OPENED, group.id))
    assert target == ("t",)
    await channel.send(delivery(Relay(CASE, (paragraph("from Ana"),)), group.id, *target))
    assert words(group) == [(None, "from Ana")]
    lawful()


def _reply(words: str) -> Relay:
    return Relay(CASE, (paragraph(words),), by="Noor", to="merchant")


async def test_staff_are_read_under_their_name(
    telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """Their words are words: nothing in them becomes a mention, a link or a format."""
    ana = telegram.user("Ana")
    await ana.start()
    (sent,) = await channel.send(delivery(_reply("<b>*look*<b> [a](tg://user?id=1)"), ana.user.id))
    shown = ana.messages()[-1]
    assert (shown.text, str(shown.id)) == ("Noor: <b>*look*<b> [a](tg://user?id=1)", sent)
    assert [(each["type"], each["offset"], each["length"]) for each in shown.raw["entities"]] == [("bold", 0, 6)]
    lawful()


async def test_a_time_is_said_where_a_server_does_not_know_times(
    telegram: TelegramStandIn, channel: TelegramChannel
) -> None:
    """What is refused with a time in its reader's zone goes without it, as a new message and as an edit."""
    ana = telegram.user("Ana")
    await ana.start()
    opens = (Paragraph((Text("Open at "), Moment(1_800_000_000, "09:00 (Europe/Madrid)"))),)
    target = await channel.send(delivery(_reply("before"), ana.user.id))
    for effect, method in ((Say(opens), "sendMessage"), (Rewrite("r", opens), "editMessageText")):
        telegram.faults.fail(method, status=400)
        await channel.send(delivery(effect, ana.user.id, *target))
        shown = next(each for each in reversed(ana.messages()) if "Open at" in each.text)
        assert shown.text == "Open at 09:00 (Europe/Madrid)"
        assert not shown.raw.get("entities")
    await channel.send(delivery(Say(opens), ana.user.id))
    assert [each["type"] for each in ana.messages()[-1].raw["entities"]] == ["date_time"]


async def test_a_message_is_rewritten_and_taken_away(
    telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """With a document it reads so, also when it reads so already; without one it goes; an unsent one is refused."""
    ana = telegram.user("Ana")
    await ana.start()
    target = await channel.send(delivery(_reply("before"), ana.user.id))
    for _ in range(2):
        await channel.send(delivery(Rewrite("r", (paragraph("after"),)), ana.user.id, *target))
    assert ana.messages()[-1].text == "after"
    await channel.send(delivery(Rewrite("r"), ana.user.id, *target))
    assert "after" not in [each.text for each in ana.messages()]
    with pytest.raises(Refused, match="the message was not sent"):
        await channel.send(delivery(Rewrite("r"), ana.user.id))
    lawful()


@pytest.mark.parametrize("state", ["note", "queued", "sent", "refused", "uncertain", "undone"])
async def test_every_mark_is_one_that_telegram_has(
    state: Any, telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """What became of a message of staff is a reaction on it."""
    noor = telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    said = await noor.send("words", group=forum)
    assert await channel.send(delivery(Mark(CASE, str(said.id), state), forum.id)) == ()
    assert len(said.chat.reactions[said.id]) == 1
    lawful()


async def test_a_file_that_cannot_be_had_is_named(
    telegram: TelegramStandIn, channel: TelegramChannel, lawful: Callable[[], None]
) -> None:
    """Staff read which file it was and why it did not come."""
    forum = telegram.forum("Desk", [telegram.user("Noor")])
    target = await channel.send(delivery(OPENED, forum.id))
    effect = Relay(CASE, files=(File("F1", "a.log"),))
    await channel.send(delivery(effect, forum.id, *target)._replace(address="slack:T1:D1:"))
    assert words(forum)[-1][1] == "a.log: this file cannot be passed on (its channel is not connected)"
    lawful()


async def test_only_what_harms_nobody_is_sent_again(channel: TelegramChannel) -> None:
    """Nobody can look for a message here: edits and marks are made again, what people wrote is not said twice."""
    relay, mark = delivery(Relay(CASE, (paragraph("words"),)), 5), delivery(Mark(CASE, "1", "sent"), 5)
    with pytest.raises(Lost):
        await channel.find(relay)
    assert (channel.repeats(relay), channel.repeats(mark)) == (False, True)
