"""Sending texts, files and albums; what is refused about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import Forbidden, InvalidToken, TelegramError

from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.telegram.refused import refused
from tests.platforms.telegram.world import File

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


async def test_a_text_keeps_its_entities(telegram: TelegramStandIn, bot: Bot) -> None:
    """Entities arrive as given, in UTF-16 units, beside those that Telegram finds itself; white space around goes."""
    ana = telegram.user("Ana")
    await ana.start()
    entities = [MessageEntity(MessageEntity.BOLD, 2, 3)]
    sent = await bot.send_message(ana.user.id, "  🙂a see https://example.org/x \n", entities=entities)
    assert sent.text == "🙂a see https://example.org/x"
    assert [(each.type, each.offset, each.length) for each in sent.entities] == [("bold", 0, 3), ("url", 8, 21)]
    html = await bot.send_message(ana.user.id, "<b>A &amp; <i>B</i></b>", parse_mode="HTML")
    assert html.text == "A & B"
    assert [(each.type, each.offset, each.length) for each in html.entities] == [("bold", 0, 5), ("italic", 4, 1)]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"text": "  "}, "message text is empty"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "a", "entities": [MessageEntity("bold", 0, 2)]}, "entity ends after the end of the text"),
        ({"text": "a", "entities": [MessageEntity("bold", 1, 1)]}, "entity begins after the end of the text"),
        ({"text": "🙂", "entities": [MessageEntity("bold", 1, 1)]}, "entity begins in a middle of a UTF-16 symbol"),
        ({"text": "🙂🙂", "entities": [MessageEntity("bold", 0, 3)]}, "entity ends in a middle of a UTF-16 symbol"),
        ({"text": "a", "entities": [MessageEntity("bold", 0, 0)]}, "is empty"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: can't find end tag"),
        ({"text": "a < b <c>", "parse_mode": "HTML"}, "can't parse entities: unsupported start tag"),
        ({"text": "a</b>", "parse_mode": "HTML"}, "can't parse entities: unmatched end tag"),
        ({"text": "a", "message_thread_id": 7}, "message thread not found"),
        ({"text": "a", "reply_parameters": ReplyParameters(999)}, "message to be replied not found"),
        pytest.param(
            {"text": "a", "api_kwargs": {"colour": "red"}},
            "Additional properties are not allowed ('colour' was",
            marks=NEEDS_SPECS,
        ),
        ({"text": "a", "parse_mode": "MarkdownV2"}, "the stand-in reads entities and HTML"),
    ],
)
async def test_a_wrong_text_is_refused(
    telegram: TelegramStandIn, bot: Bot, arguments: dict[str, Any], reason: str
) -> None:
    """Each rule about texts is kept, with the words of the real server where that has any."""
    ana = telegram.user("Ana")
    await ana.start()
    with refused(reason):
        await bot.send_message(ana.user.id, **arguments)
    assert len(ana.messages()) == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[InlineKeyboardButton("a", callback_data="x" * 65)]], "BUTTON_DATA_INVALID"),
        ([[InlineKeyboardButton("a")]], "Text buttons are unallowed"),
        ([[InlineKeyboardButton("", callback_data="x")]], "Button text must be non-empty"),
        ([[InlineKeyboardButton("a", url="javascript:1")]], "Wrong HTTP URL"),
        ([[InlineKeyboardButton("a", callback_data="x")] * 9], "reply markup is too long"),
        ([[InlineKeyboardButton("a", callback_data="x")]] * 101, "reply markup is too long"),
        ([[InlineKeyboardButton("a", callback_data="x", url="https://a.example")]], "a button does one thing"),
    ],
)
async def test_wrong_buttons_are_refused(
    telegram: TelegramStandIn, bot: Bot, rows: list[list[InlineKeyboardButton]], reason: str
) -> None:
    """Each rule about inline keyboards is kept."""
    ana = telegram.user("Ana")
    await ana.start()
    with refused(reason):
        await bot.send_message(ana.user.id, "Which?", reply_markup=InlineKeyboardMarkup(rows))


async def test_a_bot_knows_only_who_spoke_to_it(telegram: TelegramStandIn, bot: Bot) -> None:
    """Somebody who never wrote is no chat; who blocks the bot gets nothing; both have the real server's words."""
    ana = telegram.user("Ana")
    with refused("Chat not found"):
        await bot.send_message(ana.user.id, "Hello?")
    await ana.start()
    await ana.block()
    with refused("Forbidden: bot was blocked by the user", Forbidden):
        await bot.send_message(ana.user.id, "Hello?")
    await ana.unblock()
    await bot.send_message(ana.user.id, "Hello!")
    updates = await bot.get_updates()
    statuses = [each.my_chat_member.new_chat_member.status for each in updates if each.my_chat_member]
    assert statuses == ["kicked", "member"]


async def test_reply_keyboards_belong_to_the_app(telegram: TelegramStandIn, bot: Bot) -> None:
    """A reply keyboard shows below the chat until it is removed, and is no part of the message."""
    ana = telegram.user("Ana")
    await ana.start()
    sent = await bot.send_message(ana.user.id, "Share?", reply_markup=ReplyKeyboardMarkup([["Yes"]]))
    assert sent.reply_markup is None
    assert telegram.keyboards[ana.user.id]["keyboard"] == [[{"text": "Yes"}]]
    await bot.send_message(ana.user.id, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert telegram.keyboards == {}


async def test_files_go_both_ways(telegram: TelegramStandIn, bot: Bot) -> None:
    """A file of a person can be fetched for an hour, sent on by its id, and one of the bot arrives with its name."""
    ana = telegram.user("Ana")
    await ana.upload("log.txt", b"line", caption="my log")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"line"
    again = await bot.send_document(ana.user.id, update.message.document.file_id, caption="yours")
    assert again.document is not None
    assert again.document.file_name == "log.txt"
    own = await bot.send_document(ana.user.id, b"answer", filename="answer.txt")
    assert own.document is not None
    assert (own.document.file_name, own.document.file_size) == ("answer.txt", 6)
    assert (await bot.send_photo(ana.user.id, b"picture")).photo[0].file_size == 7
    telegram.clock.advance(3601)
    with refused("Not Found", TelegramError):
        await file.download_as_bytearray()


async def test_files_have_limits(telegram: TelegramStandIn, bot: Bot) -> None:
    """A file above 20 MB cannot be fetched, one that nobody sent cannot be sent, an empty one neither."""
    ana = telegram.user("Ana")
    await ana.start()
    telegram.world.files["big"] = File("big", "big.bin", bytes(20 * 1024 * 1024 + 1), "application/octet-stream")
    with refused("file is too big"):
        await bot.get_file("big")
    with refused("wrong file identifier"):
        await bot.send_document(ana.user.id, "unknown")
    with refused("file must be non-empty"):
        await bot.send_document(ana.user.id, b"", filename="empty.txt")
    with refused("message caption is too long"):
        await bot.send_document(ana.user.id, b"x", caption="x" * 1025)


async def test_albums_arrive_as_messages_of_one_group(telegram: TelegramStandIn, bot: Bot) -> None:
    """An album is several messages with one media_group_id, in both directions; kinds that do not mix are refused."""
    ana = telegram.user("Ana")
    await ana.upload("1.jpg", b"1", kind="photo", album="77", caption="both")
    await ana.upload("2.jpg", b"2", kind="photo", album="77")
    updates = await bot.get_updates()
    assert [each.message.media_group_id for each in updates if each.message] == ["77", "77"]
    sent = await bot.send_media_group(ana.user.id, [InputMediaPhoto(b"1", caption="a"), InputMediaPhoto(b"2")])
    assert len({each.media_group_id for each in sent}) == 1
    with refused("can't use the media of the specified type"):
        await bot.send_media_group(ana.user.id, [InputMediaPhoto(b"1"), InputMediaDocument(b"2")])
    with refused("2-10"):
        await bot.send_media_group(ana.user.id, [InputMediaPhoto(b"1")])


async def test_copies_and_forwards(telegram: TelegramStandIn, bot: Bot) -> None:
    """A copy hides where it comes from, a forward says it, a reply shows what it answers; what is gone has a name."""
    ana, sam = telegram.user("Ana"), telegram.user("Sam")
    said = await ana.send("my order is lost")
    await sam.start()
    copied = await bot.copy_message(sam.user.id, ana.user.id, said.id)
    first = await sam.next_message()
    assert (first.id, first.text) == (copied.message_id, "my order is lost")
    forwarded = await bot.forward_message(sam.user.id, ana.user.id, said.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.to_dict()["sender_user"]["first_name"] == "Ana"
    several = await bot.copy_messages(sam.user.id, ana.user.id, [said.id, 99_999])
    assert len(several) == 1
    answer = await bot.send_message(ana.user.id, "Which one?", reply_parameters=ReplyParameters(said.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "my order is lost"
    with refused("message to copy not found"):
        await bot.copy_message(sam.user.id, ana.user.id, 99_999)
    with refused("message to forward not found"):
        await bot.forward_message(sam.user.id, ana.user.id, 99_999)


async def test_what_is_not_imitated_says_so(telegram: TelegramStandIn, bot: Bot) -> None:
    """A method that the stand-in lacks is refused and noted; the library takes 404 for a wrong token."""
    ana = telegram.user("Ana")
    await ana.start()
    with refused("method not found", InvalidToken):
        await bot.send_dice(ana.user.id)
    assert [re.sub(":.*", "", each) for each in telegram.wire.violations] == ["telegram sendDice"]


async def test_other_kinds_of_messages(telegram: TelegramStandIn, bot: Bot) -> None:
    """Voice, video, contact and location arrive as what they are, and several messages are deleted at once."""
    ana = telegram.user("Ana")
    await ana.start()
    sent = [
        await bot.send_voice(ana.user.id, b"sound"),
        await bot.send_video(ana.user.id, b"film", filename="film.mp4"),
        await bot.send_contact(ana.user.id, "+31 20 000 0000", "Support"),
        await bot.send_location(ana.user.id, 52.37, 4.89),
    ]
    kinds = [("voice", "video", "contact", "location")[index] in each.to_dict() for index, each in enumerate(sent)]
    assert kinds == [True] * 4
    await bot.delete_messages(ana.user.id, [each.message_id for each in sent[:2]] + [99_999])
    assert [each.id for each in ana.messages()][1:] == [each.message_id for each in sent[2:]]
    assert await bot.close()
    assert await bot.log_out()
