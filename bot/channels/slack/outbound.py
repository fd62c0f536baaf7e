"""What goes out: effects as calls of Slack's Web API.

Every message carries the number of its row in its metadata, so that one whose answer was lost is found again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.channels.slack.content import Content, content, edited, plain_content
from bot.channels.slack.failures import FAILURES, meaning
from bot.channels.slack.rendering import chunks
from bot.chat.addresses import parse
from bot.chat.effects import Ask, Edit, OpenCase, Relay, Say
from bot.chat.people import SLACK
from bot.service.port import Later, Lost, Rate, Refused
from bot.text.nodes import paragraph
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.chat.events import File
    from bot.service.port import Files
    from bot.service.recall import Recall
    from bot.store.rows import Delivery

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

Sendable = Say | Ask | Edit | OpenCase | Relay

CARRIER: Final = SLACK.name
STAFF_LOCALE: Final = "en"
EVENT: Final = "triage_message"
"""The `event_type` of the metadata of our messages."""
PAGE: Final = 200
MOST_PAGES: Final = 25
"""Of messages that are looked through for one of ours."""

_DECODER: Final = msgspec.json.Decoder(Sendable)


def parts(effect: Effect) -> Sequence[Effect]:
    """See `Channel.parts`: texts of one message each, the buttons under the last; files one by one."""
    if isinstance(effect, (Say, Ask)):
        *before, last = chunks(effect.document) or [(paragraph("…"),)]
        return [*map(Say, before), msgspec.structs.replace(effect, document=last)]
    if isinstance(effect, Relay):
        texts = [plain(each) for each in chunks((paragraph(effect.text),))]
        return [*(Relay(effect.case, each) for each in texts), *(Relay(effect.case, "", (f,)) for f in effect.files)]
    return (effect,)


class SlackChannel:
    """The app in every workspace that installed it, as one channel of the service."""

    carrier = CARRIER

    def __init__(self, client_for: Clients, recall: Recall, files: Mapping[str, Files]) -> None:
        """`client_for` a workspace's id raises Refused where the app is not installed; its clients retry nothing.

        `files` are where merchants' files are, by the name of the channel they came by.
        """
        self._client_for = client_for
        self._recall = recall
        self._files = files

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `parts`."""
        return parts(effect)

    def rates(self, destination: Address) -> Sequence[Rate]:
        """See `Channel.rates`: https://docs.slack.dev/apis/web-api/rate-limits, of chat.postMessage."""
        return (Rate(f"{CARRIER}:{destination.account}", 20, 5), Rate(_bucket(destination), 4, 1))

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`."""
        to = parse(delivery.destination)
        client = await self._client_for(to.account)
        try:
            return await self._send(client, delivery, _DECODER.decode(delivery.payload), to)
        except FAILURES as error:
            raise meaning(error, _bucket(to)) from None

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`: reads the conversation for the metadata of the message. An edit is simply made again."""
        to, effect = parse(delivery.destination), _DECODER.decode(delivery.payload)
        if isinstance(effect, Edit):
            return None
        if isinstance(effect, Relay) and effect.files:
            raise Lost("a file carries no metadata")
        client = await self._client_for(to.account)
        found: list[str] = []
        try:
            async for payload, ts in _ours(client, to):
                if payload.get("message") == _name(delivery):
                    found.append(ts)
                    if len(found) == payload.get("parts"):
                        return tuple(sorted(found))
        except FAILURES as error:
            failure = meaning(error, _bucket(to))
            raise (Later(str(failure)) if isinstance(failure, Lost) else failure) from None
        return None

    def repeats(self, delivery: Delivery) -> bool:
        """See `Channel.repeats`: questions, edits and files are sent again, other texts are not."""
        return delivery.kind in {"ask", "edit"} or (delivery.kind == "relay" and '"files"' in delivery.payload)

    async def _send(self, client: AsyncWebClient, delivery: Delivery, effect: Sendable, to: Address) -> tuple[str, ...]:
        match effect:
            case Say() | Ask():
                return await self._post(client, delivery, to, [content(effect)])
            case Edit():
                return await self._edit(client, delivery, effect, to)
            case OpenCase():
                card = await self._recall.card(delivery.address, STAFF_LOCALE)
                title = paragraph(f"{effect.case}: {effect.queue}, {effect.priority}", bold=True)
                return await self._post(client, delivery, to, [plain_content(each) for each in chunks((title, *card))])
            case Relay(_, text, ()):
                return await self._post(client, delivery, to, [plain_content((paragraph(text),))])
            case Relay(_, _, files):
                return await self._pass_on(client, delivery, to, files[0])

    async def _post(
        self, client: AsyncWebClient, delivery: Delivery, to: Address, pieces: Sequence[Content]
    ) -> tuple[str, ...]:
        natives: list[str] = []
        mark = {"message": _name(delivery), "parts": len(pieces)}
        for piece in pieces:
            answer = await client.chat_postMessage(
                channel=to.chat,
                thread_ts=to.thread or None,
                text=piece.text,
                blocks=piece.blocks or None,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT, "event_payload": mark},
            )
            natives.append(answer["ts"])
        return tuple(natives)

    async def _edit(self, client: AsyncWebClient, delivery: Delivery, effect: Edit, to: Address) -> tuple[str, ...]:
        """Write the question anew, with what was chosen in place of its buttons."""
        if not delivery.target:
            raise Refused("the question was not sent")
        question = await self._recall.question(delivery.address, effect.ref)
        if not question:
            raise Refused("the words of the question are kept no more")
        text, blocks = edited(question, effect)
        await client.chat_update(channel=to.chat, ts=delivery.target[-1], text=text, blocks=blocks, parse="none")
        return delivery.target

    async def _pass_on(self, client: AsyncWebClient, delivery: Delivery, to: Address, file: File) -> tuple[str, ...]:
        """Upload a file again, from wherever it is; one that cannot be had is named."""
        source = self._files.get(parse(delivery.address).channel)
        try:
            if source is None:
                raise Refused("its channel is not connected")  # noqa: TRY301  (as `fetch` would)
            data = await source.fetch(delivery.address, file)
        except Refused as refusal:
            words = paragraph(f"{file.name or '…'}: this file cannot be passed on ({refusal})")
            return await self._post(client, delivery, to, [plain_content((words,))])
        await client.files_upload_v2(
            content=data,
            filename=file.name or "file",
            channel=to.chat,
            thread_ts=to.thread or None,
            request_file_info=False,
        )
        return ()


async def _ours(client: AsyncWebClient, to: Address) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """The payloads of the metadata of our messages at a place, with their ids; raises Lost if there are too many."""
    cursor = None
    for _ in range(MOST_PAGES):
        where: dict[str, Any] = {"channel": to.chat, "include_all_metadata": True, "limit": PAGE, "cursor": cursor}
        if to.thread:
            answer = await client.conversations_replies(ts=to.thread, **where)
        else:
            answer = await client.conversations_history(**where)
        for each in answer["messages"]:
            metadata = each.get("metadata") or {}
            if metadata.get("event_type") == EVENT:
                yield metadata["event_payload"], each["ts"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise Lost("too many messages to look through")


def _name(delivery: Delivery) -> str:
    """What tells a message of ours from all others, also from those of another database."""
    return f"{delivery.id}.{hashlib.blake2b(delivery.payload.encode(), digest_size=8).hexdigest()}"


def _bucket(to: Address) -> str:
    return f"{to.channel}:{to.account}:{to.chat}"
