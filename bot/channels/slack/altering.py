"""A person's words that were sent already, and read otherwise now: in as many messages as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from slack_sdk.errors import SlackApiError

from bot.channels.slack.content import plain_content
from bot.channels.slack.failures import reason
from bot.channels.slack.posting import name, post, unless
from bot.service.port import Refused

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chat.addresses import Address
    from bot.chat.effects import Rewrite
    from bot.service.recall import Recall
    from bot.store.rows import Delivery

_GONE: Final = "message_not_found"


async def alter(
    client: AsyncWebClient, recall: Recall, delivery: Delivery, rewrite: Rewrite, to: Address
) -> tuple[str, ...]:
    """Have one message of a text read like a piece of the new one; its id if there was none to be changed.

    Raises SlackApiError, and Refused where nothing of the text was sent.
    """
    if not delivery.target:
        raise Refused("what it is about was not sent")
    pieces = await recall.pieces(delivery.address, delivery.destination, rewrite.ref)
    shown = plain_content(rewrite.document)
    for at, ts in pieces.items():
        if rewrite.last and at > rewrite.piece:
            await unless(_GONE, client.chat_delete(channel=to.chat, ts=ts))
    if rewrite.piece in pieces:
        ts = pieces[rewrite.piece]
        try:
            await client.chat_update(channel=to.chat, ts=ts, text=shown.text, blocks=shown.blocks, parse="none")
        except SlackApiError as error:
            if reason(error) != _GONE:
                raise
        else:
            return ()
    if rewrite.case:
        thread = await recall.thread(delivery.address, rewrite.case, delivery.destination)
        to = msgspec.structs.replace(to, thread=thread)
    return await post(client, to, name(delivery), [shown])
