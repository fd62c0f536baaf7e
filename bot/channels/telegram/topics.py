"""The place of a case in the staff's group: a topic of its own, where there are topics, and the card in it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import posting
from bot.channels.telegram.failures import meaning, not_there
from bot.channels.telegram.rendering import chunks
from bot.channels.telegram.staff import TOPIC
from bot.chat.addresses import parse
from bot.service.port import Lost, Replaced

if TYPE_CHECKING:
    from telegram import Bot

    from bot.chat.addresses import Address
    from bot.service.recall import Recall
    from bot.store.rows import Delivery

NO_FORUM: Final = "not a forum"
TITLE_LIMIT: Final = 128
"""Code points of a topic's name."""
_MOVED: Final = "@"
"""What stands before the chat among the ids of a case that was opened after its group had moved there."""
_MOST_TRIES: Final = 5
"""Attempts to send a message within which a topic is made for it: whatever is wrong, no topics without an end."""

_LOG: Final = structlog.get_logger(__name__)


class Topics:
    """The topics of cases, and what stands in them for good."""

    def __init__(self, bot: Bot, recall: Recall) -> None:
        """`recall` has the cards."""
        self._bot = bot
        self._recall = recall

    async def open(self, delivery: Delivery, to: Address, title: str) -> tuple[str, ...]:
        """A new topic; General where there are none, and where nobody can tell whether one was made.

        Raises TelegramError.
        """
        topic = await self.create(to, title)
        # ids of messages count within a chat: they are of no use after it has moved
        moved = to.chat != parse(delivery.destination).chat
        return (topic, f"{_MOVED}{to.chat}") if moved else (topic,)

    async def create(self, to: Address, title: str) -> str:
        """The same, as its id alone."""
        try:
            topic = await self._bot.create_forum_topic(int(to.chat), title[:TITLE_LIMIT])
        except BadRequest as error:
            if NO_FORUM not in str(error).lower():
                raise
            return TOPIC
        except TelegramError as error:
            if not isinstance(meaning(error, ""), Lost):
                raise
            return TOPIC  # to make another one could leave two topics of one case
        return f"{TOPIC}{topic.message_thread_id}"

    async def replace(self, delivery: Delivery, to: Address, case: str) -> None:
        """Make the topic of a case again, with its card. Raises Replaced then; returns if the bot may not."""
        if delivery.attempts > _MOST_TRIES:
            return
        found = await self._recall.case(delivery.address)
        title = f"{case} · {found.queue}" if found is not None and found.id == case else case
        try:
            natives = await self.open(delivery, to, title)
        except BadRequest as error:
            _LOG.warning("topic_not_made", reason=str(error)[:200])
            return
        with contextlib.suppress(TelegramError):  # the topic is there, and the next change of the case writes its card
            natives += await self.card(delivery._replace(target=natives), to)
        raise Replaced(natives)

    async def reopen(self, delivery: Delivery, to: Address) -> bool:
        """Open a topic again that somebody closed; whether that could be done."""
        try:
            await self._bot.reopen_forum_topic(int(to.chat), int(place(delivery, to).thread))
        except BadRequest:
            return False
        return True

    async def card(self, delivery: Delivery, to: Address) -> tuple[str, ...]:
        """Show the card as the case stands: written and pinned once, edited ever after; its id if it is a new one.

        Raises TelegramError.
        """
        found = await self._recall.card(delivery.address)
        document = chunks(found.document)[0]
        if message := card_of(delivery):
            try:
                await posting.replace(self._bot, to, message, document, found.buttons)
            except BadRequest as error:
                if not not_there(error):
                    raise
            else:
                return ()
        natives = await posting.write(self._bot, place(delivery, to), document, found.buttons)
        with contextlib.suppress(TelegramError):  # whoever may not pin can still scroll up
            await self._bot.pin_chat_message(int(to.chat), int(natives[0]), disable_notification=True)
        return natives


def has_place(delivery: Delivery, to: Address) -> bool:
    """Whether the case that a message is about was opened in the chat where it goes."""
    if to.chat != parse(delivery.destination).chat:
        return f"{_MOVED}{to.chat}" in delivery.target
    return any(each.startswith(TOPIC) for each in delivery.target)


def place(delivery: Delivery, to: Address) -> Address:
    """Where the case of a message is: its topic, or General."""
    topics = [each for each in delivery.target if each.startswith(TOPIC)]
    return msgspec.structs.replace(to, thread=topics[-1].removeprefix(TOPIC))


def card_of(delivery: Delivery) -> str:
    """The message with the card of the case, "" before it is written."""
    return next((each for each in reversed(delivery.target) if not each.startswith((TOPIC, _MOVED))), "")
