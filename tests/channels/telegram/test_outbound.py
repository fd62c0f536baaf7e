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
from bot.service.port import Later, Lost, Refused
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
    assert list(parts(OPENED)) == [OPENED, Card(CASE, first=True)]


def test_words_and_albums_go_one_by_one() -> None:
    """Long words in pieces, under the name; then as many files at once as Telegram takes; nothing is left out."""
    kinds = ["photo", "video", "document", "audio", "animation", "animation"]
    large = 40_000_000  # by their ids Telegram's own are passed on, however large they are together
    known = (File(f"{kind}/{at}", f"{at}", large) for at, kind in enumerate(kinds))
    files = (*known, File("F1", "1"), File("/2", "2", large), File("F3", "3", large))
    found = cast("list[Relay]", list(parts(Relay(CASE, (paragraph("word " * 2_000),), files, "Noor", "r"))))
    texts = [plain(each.words) for each in found if each.document]
    assert "".join("".join(texts).split()) == "Noor:" + "word" * 2_000
    assert all(utf16_units(each) <= 4_096 for each in texts)
    groups = [[each.name for each in one.files] for one in found if not one.document]
    assert groups == [["0", "1"], ["2"], ["3"], ["4"], ["5"], ["1", "2"], ["3"]]
    assert {(each.ref, each.case) for each in found} == {("r", CASE)}


@pytest.fixture
async def album(telegram: TelegramStandIn) -> tuple[Group, Relay]:
    """A forum, and two documents on their way to it that were sent to the bot."""
    ana = telegram.user("Ana")
    sent = [await ana.upload(each, each.encode()) for each in ("a.log", "b.log")]
    files = [File(f"document/{each.raw['document']['file_id']}", each.raw["document"]["file_name"]) for each in sent]
    return telegram.forum("Desk", [telegram.user("Noor")]), Relay(CASE, files=tuple(files), ref="relay:1")


async def test_an_album_is_a_media_group(
    channel: TelegramChannel, album: tuple[Group, Relay], lawful: Callable[[], None]
) -> None:
    """In one call, and each message has its id; a file that cannot be had is named below the first."""
    forum, relay = album
    target = await channel.send(delivery(OPENED, forum.id))
    wrong = msgspec.structs.replace(relay, files=(File("F1", "c.log"), *relay.files))
    natives = await channel.send(delivery(wrong, forum.id, *target))
    shown = [each for each in forum.chat.messages.values() if "document" in each]
    assert [str(each["message_id"]) for each in shown] == list(natives[1:])
    assert natives[0] == natives[1]
    assert len({each["media_group_id"] for each in shown}) == 1
    assert shown[0]["caption"] == "c.log: this file cannot be passed on (it did not come from Telegram)"
    lawful()


async def test_what_is_no_album_for_telegram_goes_one_by_one(
    telegram: TelegramStandIn, channel: TelegramChannel, album: tuple[Group, Relay]
) -> None:
    """Where it refuses the whole, or one of the files; one that was refused is named, one that has to wait waits."""
    forum, relay = album
    target = await channel.send(delivery(OPENED, forum.id))
    gone = msgspec.structs.replace(relay, files=(relay.files[0], File("document/unknown", "x.log"), relay.files[1]))
    telegram.faults.rate_limit("sendDocument", retry_after=0)
    with pytest.raises(Later):  # nothing has left yet
        await channel.send(delivery(gone, forum.id, *target))
    natives = await channel.send(delivery(gone, forum.id, *target))
    first, refused, last = [each for each in forum.chat.messages.values() if str(each["message_id"]) in natives]
    assert (first["document"]["file_name"], last["document"]["file_name"]) == ("a.log", "b.log")
    assert refused["text"].startswith("x.log: this file cannot be passed on (")


async def test_an_album_that_breaks_off_is_uncertain(
    telegram: TelegramStandIn, channel: TelegramChannel, album: tuple[Group, Relay]
) -> None:
    """When some of it has left, none of it is sent again; and neither is one whose answer was lost."""
    forum, relay = album
    target = await channel.send(delivery(OPENED, forum.id))
    gone = msgspec.structs.replace(relay, files=(*relay.files, File("document/unknown", "x.log")))
    telegram.faults.lose_answer("sendDocument")
    with pytest.raises(Lost):
        await channel.send(delivery(gone, forum.id, *target))
    telegram.faults.lose_answer("sendMediaGroup")
    with pytest.raises(Lost):
        await channel.send(delivery(relay, forum.id, *target))
    assert not channel.repeats(delivery(relay, forum.id, *target))


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
