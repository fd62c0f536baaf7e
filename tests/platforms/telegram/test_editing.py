"""Changing and deleting messages, reactions, pins, button presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from tests.platforms.telegram.refused import refused

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


async def test_edits_show_and_equal_ones_are_refused(telegram: TelegramStandIn, bot: Bot) -> None:
    """Text and buttons change together: buttons that an edit leaves out go; an edit that changes nothing is refused."""
    ana = telegram.user("Ana")
    await ana.start()
    await bot.send_message(ana.user.id, "Sure?", reply_markup=MARKUP)
    shown = await ana.next_message()
    with refused("Message is not modified: specified new message content and reply markup"):
        await bot.edit_message_text("Sure?", ana.user.id, shown.id, reply_markup=MARKUP)
    await bot.edit_message_reply_markup(ana.user.id, shown.id)
    assert shown.buttons == []
    await bot.edit_message_text("You said yes", ana.user.id, shown.id)
    assert shown.text == "You said yes"
    with refused("Message is not modified"):
        await bot.edit_message_reply_markup(ana.user.id, shown.id)
    await bot.send_document(ana.user.id, b"x", caption="one")
    file = await ana.next_message()
    await bot.edit_message_caption(ana.user.id, file.id, caption="two")
    assert file.text == "two"
    with refused("there is no text in the message to edit"):
        await bot.edit_message_text("three", ana.user.id, file.id)


async def test_only_own_messages_can_be_edited(telegram: TelegramStandIn, bot: Bot) -> None:
    """The bot edits neither what others wrote nor what is gone."""
    ana = telegram.user("Ana")
    said = await ana.send("hello")
    with refused("message can't be edited"):
        await bot.edit_message_text("bye", ana.user.id, said.id)
    with refused("message to edit not found"):
        await bot.edit_message_text("bye", ana.user.id, 99_999)


async def test_deleting_has_an_end(telegram: TelegramStandIn, bot: Bot) -> None:
    """Messages can be deleted for 48 hours."""
    ana = telegram.user("Ana")
    said = await ana.send("my card is 4111")
    sent = await bot.send_message(ana.user.id, "oh")
    await bot.delete_message(ana.user.id, said.id)
    assert said.deleted
    telegram.clock.advance(48 * 3600 + 1)
    with refused("message can't be deleted for everyone"):
        await bot.delete_message(ana.user.id, sent.message_id)
    with refused("message to delete not found"):
        await bot.delete_message(ana.user.id, said.id)


async def test_presses_are_answered_once_and_soon(telegram: TelegramStandIn, bot: Bot) -> None:
    """A press is answered once, within half a minute; afterwards the query is too old."""
    ana = telegram.user("Ana")
    await ana.start()
    await bot.send_message(ana.user.id, "Sure?", reply_markup=MARKUP)
    shown = await ana.next_message()
    first, second = await ana.press(shown, "Yes"), await ana.press(shown, "Yes")
    await bot.answer_callback_query(first.id, "Noted", show_alert=True)
    assert (await first.answered(), first.alert) == ("Noted", True)
    with refused("Query is too old and response timeout expired or query id is invalid"):
        await bot.answer_callback_query(first.id)
    telegram.clock.advance(31)
    with refused("Query is too old"):
        await bot.answer_callback_query(second.id)
    with pytest.raises(AssertionError, match="no button 'No'; there are \\['Yes'\\]"):
        await ana.press(shown, "No")


async def test_a_press_on_a_deleted_message_tells_little(telegram: TelegramStandIn, bot: Bot) -> None:
    """An app that still shows a deleted message sends a press on it; the message is inaccessible then."""
    ana = telegram.user("Ana")
    await ana.start()
    sent = await bot.send_message(ana.user.id, "Sure?", reply_markup=MARKUP)
    shown = await ana.next_message()
    await bot.delete_message(ana.user.id, sent.message_id)
    await ana.press_data(shown, "y")
    pressed = (await bot.get_updates())[-1].callback_query
    assert pressed is not None
    assert pressed.message is not None
    assert not pressed.message.is_accessible


async def test_reactions_and_pins(telegram: TelegramStandIn, bot: Bot) -> None:
    """The bot reacts with one of Telegram's emoji, people's reactions come when asked for, and messages are pinned."""
    ana = telegram.user("Ana")
    said = await ana.send("hello")
    await bot.set_message_reaction(ana.user.id, said.id, "👀")
    assert said.chat.reactions[said.id] == [{"type": "emoji", "emoji": "👀"}]
    with refused("REACTION_INVALID"):
        await bot.set_message_reaction(ana.user.id, said.id, "🧀")
    await bot.pin_chat_message(ana.user.id, said.id)
    assert (await bot.get_chat(ana.user.id)).pinned_message is not None
    await bot.unpin_chat_message(ana.user.id)
    assert said.chat.pinned == []
    await ana.react(said, "👍")
    assert [each.message_reaction for each in await bot.get_updates()] == [None]
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    await ana.react(said, "👍")
    assert (await bot.get_updates())[-1].message_reaction is not None


async def test_an_edit_of_a_person_arrives(telegram: TelegramStandIn, bot: Bot) -> None:
    """Somebody corrects a message: the update has the same message id."""
    ana = telegram.user("Ana")
    said = await ana.send("WoCommerce")
    await ana.edit(said, "WooCommerce")
    first, second = await bot.get_updates()
    assert first.message is not None
    assert first.message.text == "WoCommerce"
    assert second.edited_message is not None
    assert (second.edited_message.message_id, second.edited_message.text) == (said.id, "WooCommerce")
