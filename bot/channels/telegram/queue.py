"""The list of cases in the staff's group: one message in a topic of its own, changed in place as the cases change."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.channels.telegram import posting
from bot.channels.telegram.failures import milliseconds, not_there, topic_closed, topic_gone
from bot.channels.telegram.rendering import chunks
from bot.channels.telegram.staff import TOPIC
from bot.chat.addresses import Address, parse
from bot.chat.effects import opened
from bot.desk import lists
from bot.service.worklist import Query
from bot.store.port import StoreError
from bot.text.nodes import Link, List, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.channels.telegram.moves import Moves
    from bot.channels.telegram.topics import Topics
    from bot.service.leases import Lease
    from bot.service.recall import Recall
    from bot.store.rows import Listed
    from bot.text.nodes import Block, Document, Inline

EVERY_S: Final = 30.0
"""The pause between two looks, and so between two changes: the group's budget of messages is for people."""
AFTER_FAILURE_S: Final = 300.0
_SHOWN: Final = [each for each in lists.LISTS if each != "mine"]
"""Everybody looks at the same message."""
_SUPERGROUP: Final = "-100"
"""What the ids of chats begin with whose messages have links."""

_LOG: Final = structlog.get_logger(__name__)


class _Spot(msgspec.Struct, frozen=True):
    """Where the list is: its chat, its topic (as in ids of cases), its message, "" before it is written."""

    chat: str
    topic: str
    message: str = ""


class Queue:
    """The list of the cases that go to `staff`."""

    def __init__(self, bot: Bot, recall: Recall, topics: Topics, moves: Moves, staff: str) -> None:
        """`staff` is an address on Telegram."""
        self._bot = bot
        self._recall = recall
        self._topics = topics
        self._moves = moves
        self._staff = staff
        self._last: Document | None = None

    async def run(self, lease: Lease, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Keep it as the cases are while `lease` is held, for ever."""
        pause = EVERY_S
        while True:
            await sleep(pause)
            pause = EVERY_S
            if not lease.held:
                continue
            try:
                await self.show()
            except RetryAfter as error:
                pause = max(EVERY_S, milliseconds(error) / 1000)
            except (TelegramError, StoreError) as error:
                _LOG.warning("queue_not_shown", error=type(error).__name__)
                pause = AFTER_FAILURE_S

    async def show(self) -> None:
        """Have the message say how the cases stand; nothing is called if it does already, or if there never was a case.

        Raises TelegramError and Unavailable.
        """
        chat = await self._moves.chat()
        document, empty = await self._document(chat)
        if document == self._last:
            return
        kept = await self._recall.landmarks.landmark(self._name)
        spot = msgspec.json.decode(kept, type=_Spot) if kept else None
        if spot is None and empty:
            return
        self._last = None
        await self._show(spot if spot is not None and spot.chat == chat else await self._made(chat), document)
        self._last = document

    async def _show(self, spot: _Spot, document: Document) -> None:
        to = msgspec.structs.replace(parse(self._staff), chat=spot.chat, thread=spot.topic.removeprefix(TOPIC))
        if spot.message:
            try:
                await posting.replace(self._bot, to, spot.message, document, ())
            except BadRequest as error:
                if not not_there(error):
                    raise
            else:
                return
        try:
            message = await self._write(to, document)
        except BadRequest as error:
            if not (topic_gone(error) or topic_closed(error)):
                raise
            spot = await self._made(spot.chat)
            message = await self._write(msgspec.structs.replace(to, thread=spot.topic.removeprefix(TOPIC)), document)
        await self._keep(msgspec.structs.replace(spot, message=message))

    async def _made(self, chat: str) -> _Spot:
        """A topic for it, which is kept before anything is written there."""
        to = msgspec.structs.replace(parse(self._staff), chat=chat)
        return await self._keep(_Spot(chat, await self._topics.create(to, self._recall.staff_word(lists.TITLE))))

    async def _keep(self, spot: _Spot) -> _Spot:
        await self._recall.landmarks.set_landmark(self._name, msgspec.json.encode(spot).decode())
        return spot

    async def _write(self, to: Address, document: Document) -> str:
        (message,) = await posting.write(self._bot, to, document)
        with contextlib.suppress(TelegramError):  # whoever may not pin can still scroll up
            await self._bot.pin_chat_message(int(to.chat), int(message), disable_notification=True)
        return message

    @property
    def _name(self) -> str:
        return f"queue:{self._staff}"

    async def _document(self, chat: str) -> tuple[Document, bool]:
        """The lists, each with its first cases and the way to their topics; and whether there are none at all."""
        word = self._recall.staff_word
        blocks: list[Block] = [Paragraph((Text(word(lists.TITLE), bold=True),))]
        for name in _SHOWN:
            page = await self._recall.cases(Query(list=name), "")
            if not page.cases:
                continue
            items = [await self._line(each, chat) for each in page.cases]
            more = [(Text("…"),)] if page.following is not None else []
            blocks += [Paragraph((Text(word(lists.LISTS[name]), bold=True),)), List((*items, *more))]
        empty = len(blocks) == 1
        if empty:
            blocks.append(Paragraph((Text(word(lists.NONE)),)))
        return chunks(tuple(blocks))[0], empty

    async def _line(self, listed: Listed, chat: str) -> tuple[Inline, ...]:
        case, word = listed.case, self._recall.staff_word
        facts = [case.title, word(f"desk_is_{case.status}"), word(f"desk_is_{case.priority}"), case.queue, case.locale]
        if case.due is not None:
            facts.append(f"{word('desk_card_due')} {datetime.fromtimestamp(case.due / 1000, UTC):%Y-%m-%d %H:%M} UTC")
        natives = await self._recall.copies(listed.address, self._staff, opened(case.id))
        topics = [each.removeprefix(TOPIC) for each in natives if each.startswith(TOPIC)]
        name = Text(case.id)
        if topics and topics[-1] and chat.startswith(_SUPERGROUP):
            link = f"https://t.me/c/{chat.removeprefix(_SUPERGROUP)}/{topics[-1]}"
            return (Link(link, (name,)), Text(" · " + " · ".join(facts)))
        return (name, Text(" · " + " · ".join(facts)))
