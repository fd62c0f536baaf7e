"""A person's words that were sent already, and read otherwise now: in as many messages as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.error import BadRequest

from bot.channels.telegram.failures import not_there
from bot.channels.telegram.posting import replace, write
from bot.channels.telegram.topics import place
from bot.chat.effects import opened
from bot.service.port import Refused

if TYPE_CHECKING:
    from telegram import Bot

    from bot.chat.addresses import Address
    from bot.chat.effects import Rewrite
    from bot.service.recall import Recall
    from bot.store.rows import Delivery


async def alter(bot: Bot, recall: Recall, delivery: Delivery, rewrite: Rewrite, to: Address) -> tuple[str, ...]:
    """Have one message of a text read like a piece of the new one; its id if there was none to be changed.

    Raises TelegramError, and Refused where nothing of the text was sent.
    """
    if not delivery.target:
        raise Refused("the message was not sent")
    pieces = await recall.pieces(delivery.address, delivery.destination, rewrite.ref)
    rest = [int(native) for at, native in pieces.items() if rewrite.last and at > rewrite.piece]
    if rest:
        await bot.delete_messages(int(to.chat), rest)
    if rewrite.piece in pieces:
        try:
            await replace(bot, to, pieces[rewrite.piece], rewrite.document, ())
        except BadRequest as error:
            if not not_there(error):
                raise
        else:
            return ()
    if rewrite.case:
        natives = await recall.copies(delivery.address, delivery.destination, opened(rewrite.case))
        to = place(delivery._replace(target=natives), to)
    return await write(bot, to, rewrite.document)
