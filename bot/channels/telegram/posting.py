"""Messages of the bot's own in a chat: written, changed and taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity, ReplyParameters
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.failures import not_there, unchanged
from bot.channels.telegram.keyboards import rows
from bot.channels.telegram.rendering import chunks, rendered
from bot.chat.addresses import parse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot, Message

    from bot.channels.telegram.rendering import Entity
    from bot.chat.addresses import Address
    from bot.chat.effects import Button
    from bot.text.nodes import Document

_Answer = TypeVar("_Answer")

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


async def write(
    bot: Bot, to: Address, document: Document, buttons: Sequence[Button] = (), about: str = ""
) -> tuple[str, ...]:
    """Write one message, as a reply to the message `about` while that is there; its id. Raises TelegramError."""
    text, found = rendered(document)

    async def send(found: Sequence[Entity]) -> Message:
        return await bot.send_message(
            chat_id=int(to.chat),
            message_thread_id=int(to.thread) if to.thread else None,
            text=text,
            entities=entities(found),
            reply_markup=keyboard(buttons),
            link_preview_options=NO_PREVIEW,
            reply_parameters=ReplyParameters(int(about), allow_sending_without_reply=True) if about else None,
        )

    return (str((await _with_times(send, found)).message_id),)


async def replace(bot: Bot, to: Address, message: str, document: Document, buttons: Sequence[Button]) -> None:
    """Have a message read like the first piece of a document, which it may already. Raises TelegramError."""
    text, found = rendered(chunks(document)[0])

    async def edit(found: Sequence[Entity]) -> object:
        return await bot.edit_message_text(
            text,
            chat_id=int(to.chat),
            message_id=int(message),
            entities=entities(found),
            reply_markup=keyboard(buttons),
            link_preview_options=NO_PREVIEW,
        )

    try:
        await _with_times(edit, found)
    except TelegramError as error:
        if not unchanged(error):
            raise


async def _with_times(post: Callable[[Sequence[Entity]], Awaitable[_Answer]], found: Sequence[Entity]) -> _Answer:
    """Post a text with its entities; where that is refused, without times in their reader's zone.

    A server of an older Bot API does not know those; the text says the time by itself.
    """
    classic = [each for each in found if not each.at]
    try:
        return await post(found)
    except BadRequest as error:
        if len(classic) == len(found) or unchanged(error) or not_there(error):
            raise
    return await post(classic)


async def topic_link(address: str) -> str:
    """Where a conversation in a topic of a supergroup can be read on; "" for any other one."""
    place = parse(address)
    group = place.chat.removeprefix("-100")
    return f"https://t.me/c/{group}/{place.thread}" if place.thread and group != place.chat else ""


def entities(found: Sequence[Entity]) -> list[MessageEntity]:
    """Entities as the library has them."""
    return [_moment(each) if each.at else _entity(each) for each in found]


def _entity(found: Entity) -> MessageEntity:
    return MessageEntity(found.type, found.offset, found.length, url=found.url or None)


def _moment(found: Entity) -> MessageEntity:
    """A time as Telegram shows it in its reader's time zone: https://core.telegram.org/bots/api#date-time-entity-formatting."""
    at = datetime.fromtimestamp(found.at, UTC)
    return MessageEntity(found.type, found.offset, found.length, unix_time=at, date_time_format="wDt")


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """Buttons as an inline keyboard; None for none."""
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=token) for label, token in row] for row in rows(buttons)]
    )
