"""Messages of ours in a place of Slack: written with a mark in their metadata, found by it, changed and taken away."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec
from slack_sdk.errors import SlackApiError

from bot.channels.slack.failures import reason
from bot.chat.addresses import parse
from bot.service.port import Lost

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.channels.slack.content import Content
    from bot.chat.addresses import Address
    from bot.store.rows import Delivery

EVENT: Final = "triage_message"
"""The `event_type` of the metadata of our messages."""
PAGE: Final = 200
_FILE: Final = "#"
"""What stands in the id of a file between that of its message and its place there; the first has just the former."""
MOST_PAGES: Final = 25
"""Of messages that are looked through for one of ours."""


def name(delivery: Delivery) -> str:
    """What tells a message of ours from all others, also from those of another database."""
    return f"{delivery.id}.{hashlib.blake2b(delivery.payload.encode(), digest_size=8).hexdigest()}"


async def post(client: AsyncWebClient, to: Address, mark: str, pieces: Sequence[Content]) -> tuple[str, ...]:
    """Write pieces, those behind the first into its thread; their ids."""
    natives: list[str] = []
    for piece in pieces:
        answer = await client.chat_postMessage(
            channel=to.chat,
            thread_ts=to.thread or (natives[0] if natives else None),
            text=piece.text,
            blocks=piece.blocks or None,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT, "event_payload": {"message": mark, "parts": len(pieces)}},
        )
        natives.append(answer["ts"])
    return tuple(natives)


async def find(client: AsyncWebClient, to: Address, mark: str) -> tuple[str, ...] | None:
    """The ids of what was posted with that mark; None if not all of it was."""
    found = [each async for each in _marked(client, to, mark)]
    if not found:
        return None
    ts, parts = found[0]
    if len(found) < parts and not to.thread:
        found = [each async for each in _marked(client, msgspec.structs.replace(to, thread=ts), mark)]
    return tuple(sorted(ts for ts, _ in found)) if len(found) >= parts else None


async def rewrite(
    client: AsyncWebClient, to: Address, mark: str, natives: Sequence[str], pieces: Sequence[Content]
) -> None:
    """Have messages read like the pieces: what is left of either is taken away, or posted."""
    for ts, piece in zip(natives, pieces, strict=False):
        await client.chat_update(channel=to.chat, ts=ts, text=piece.text, blocks=piece.blocks, parse="none")
    for ts in natives[len(pieces) :]:
        await unless("message_not_found", client.chat_delete(channel=to.chat, ts=ts))
    for piece in pieces[len(natives) :]:
        await post(client, to, mark, [piece])


def copies(natives: Sequence[str]) -> tuple[str, ...]:
    """The ids of files by those of the messages that show them, "" for none: of one message each file has another."""
    before = [natives[:at].count(each) for at, each in enumerate(natives)]
    return tuple(f"{each}{_FILE}{n}" if each and n else each for each, n in zip(natives, before, strict=True))


def messages(natives: Iterable[str]) -> tuple[str, ...]:
    """The messages that ids are of, those of files among them."""
    return tuple(dict.fromkeys(each.partition(_FILE)[0] for each in natives))


async def permalink(client: AsyncWebClient, address: str) -> str:
    """Where a conversation can be read on: its thread, or the place it is in."""
    place = parse(address)
    if place.thread:
        answer = await client.chat_getPermalink(channel=place.chat, message_ts=place.thread)
        return str(answer["permalink"])
    return "https://slack.com/app_redirect?" + urlencode({"team": place.account, "channel": place.chat})


async def unless(error: str, call: Any) -> None:
    """Make a call; that `error` is no failure, because what was wanted is so already."""
    try:
        await call
    except SlackApiError as failure:
        if reason(failure) != error:
            raise


async def _marked(client: AsyncWebClient, to: Address, mark: str) -> AsyncIterator[tuple[str, int]]:
    """The ids of the messages with that mark, and of how many parts each is one; raises Lost if it is too far back."""
    cursor = None
    for _ in range(MOST_PAGES):
        where: dict[str, Any] = {"channel": to.chat, "include_all_metadata": True, "limit": PAGE, "cursor": cursor}
        if to.thread:
            answer = await client.conversations_replies(ts=to.thread, **where)
        else:
            answer = await client.conversations_history(**where)
        for each in answer["messages"]:
            metadata = each.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and payload.get("message") == mark:
                yield each["ts"], int(payload.get("parts", 1))
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise Lost("too many messages to look through")
