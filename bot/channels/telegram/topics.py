"""The place of a case in the staff's group: a topic of its own, where there are topics, and the card in it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram import posting
from bot.channels.telegram.failures import NO_ICON, meaning, not_there, topic_closed, topic_gone, topic_unchanged
from bot.channels.telegram.icons import Icons
from bot.channels.telegram.rendering import chunks
from bot.channels.telegram.staff import TOPIC
from bot.chat.addresses import parse
from bot.service.port import Lost, Replaced

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from telegram import Bot

    from bot.chat.addresses import Address
    from bot.desk.case import Status
    from bot.service.recall import Recall
    from bot.store.rows import Delivery

NO_FORUM: Final = "not a forum"
TITLE_LIMIT: Final = 128
"""Code points of a topic's name."""
_MOVED: Final = "@"
"""What stands before the chat among the ids of a case that was opened after its group had moved there."""
_ICON: Final = "i"
"""What stands before the icon of the topic, as an id of Telegram's, among the ids of a case."""
_SHUT: Final = "closed"
"""What is among them while the topic is closed."""
_OPENED: Final = "open"
DONE: Final = frozenset({"solved", "closed"})
"""States of a case in which its topic is closed."""
_MOST_TRIES: Final = 5
"""Attempts to send a message within which a topic is made for it: whatever is wrong, no topics without an end."""

_LOG: Final = structlog.get_logger(__name__)


class Topics:
    """The topics of cases, and what stands in them for good."""

    def __init__(self, bot: Bot, recall: Recall) -> None:
        """`recall` has the cards."""
        self._bot = bot
        self._recall = recall
        self._icons = Icons(bot)

    async def open(self, delivery: Delivery, to: Address, title: str, status: Status = "new") -> tuple[str, ...]:
        """A new topic; General where there are none, and where nobody can tell whether one was made.

        Raises TelegramError.
        """
        icon = await self._icons.of(status)
        natives = [await self.create(to, title, icon)]
        if icon and natives != [TOPIC]:
            natives.append(f"{_ICON}{icon}")
        # ids of messages count within a chat: they are of no use after it has moved
        if to.chat != parse(delivery.destination).chat:
            natives.append(f"{_MOVED}{to.chat}")
        return tuple(natives)

    async def create(self, to: Address, title: str, icon: str = "") -> str:
        """The same, as its id alone."""
        try:
            topic = await self._bot.create_forum_topic(
                int(to.chat), title[:TITLE_LIMIT], icon_custom_emoji_id=icon or None
            )
        except BadRequest as error:
            if icon and NO_ICON in str(error).lower():
                return await self.create(to, title)
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
        known = found is not None and found.id == case
        try:
            if found is not None and known:
                natives = await self.open(delivery, to, f"{case} · {found.queue}", found.status)
            else:
                natives = await self.open(delivery, to, case, "closed")
        except BadRequest as error:
            _LOG.warning("topic_not_made", reason=str(error)[:200])
            return
        with contextlib.suppress(TelegramError):  # the topic is there, and the next change of the case writes its card
            natives += await self._show(delivery._replace(target=natives), to)
        raise Replaced(natives)

    async def reopen(self, delivery: Delivery, to: Address) -> bool:
        """Open a topic again that somebody closed; whether that could be done."""
        try:
            await self._bot.reopen_forum_topic(int(to.chat), int(place(delivery, to).thread))
        except BadRequest:
            return False
        return True

    async def found(self, chat: str, topic: str, *, closed: bool) -> None:
        """Somebody has closed a topic, or opened it again: what it is known to be counts no more. Raises Unavailable.

        Whichever process looks after the topic next is to know it.
        """
        await self._recall.landmarks.set_landmark(_by_hand(chat, topic), _SHUT if closed else _OPENED)

    async def shut(self, chat: str, topic: str, *, closed: bool) -> None:
        """Close a topic or open it again, which it may be already. Raises TelegramError."""
        change = self._bot.close_forum_topic if closed else self._bot.reopen_forum_topic
        try:
            await change(int(chat), int(topic))
        except BadRequest as error:
            if not topic_unchanged(error):
                raise
        if await self._recall.landmarks.landmark(_by_hand(chat, topic)):
            await self._recall.landmarks.set_landmark(_by_hand(chat, topic), "")

    async def card(self, delivery: Delivery, to: Address, case: str) -> tuple[str, ...]:
        """Show in its topic how the case stands: by the icon, by whether it is closed, and then by the card.

        Each call to Telegram is an attempt of its own, because each counts in the group's budget. The id of the card if
        it is a new one. Raises TelegramError, and Replaced as long as there is more to be done.
        """
        there = place(delivery, to)
        if there.thread:
            await self._look(delivery, there, case)
        return await self._show(delivery, to)

    async def _look(self, delivery: Delivery, there: Address, case: str) -> None:
        """Have the topic look as its case stands, by at most one call. Raises Replaced when one was made."""
        found = await self._recall.case(delivery.address)
        status: Status = found.status if found is not None and found.id == case else "closed"
        icon, closed = await self._icons.of(status), status in DONE
        shown = f"{_ICON}{icon}"
        if icon and shown not in delivery.target:
            await self._altered(
                self._bot.edit_forum_topic(int(there.chat), int(there.thread), icon_custom_emoji_id=icon)
            )
            raise Replaced((*_kept(delivery, _ICON), shown))
        by_hand = await self._recall.landmarks.landmark(_by_hand(there.chat, there.thread))
        if closed != (by_hand == _SHUT if by_hand else _SHUT in delivery.target):
            await self._altered(self.shut(there.chat, there.thread, closed=closed))
            raise Replaced((*_kept(delivery, _SHUT), *([_SHUT] if closed else [])))

    async def _altered(self, call: Awaitable[object]) -> None:
        """Await a change of a topic; what Telegram will not have is let be, until the case changes again."""
        try:
            await call
        except BadRequest as error:
            if topic_gone(error) or topic_closed(error):
                raise
            if not topic_unchanged(error):
                _LOG.warning("topic_not_altered", reason=str(error)[:200])

    async def _show(self, delivery: Delivery, to: Address) -> tuple[str, ...]:
        """Write and pin the card once, and edit it ever after; its id if it is a new one. Raises TelegramError."""
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


def _by_hand(chat: str, topic: str) -> str:
    """Where it is kept whether a topic is closed that somebody has closed or opened since it was looked at last."""
    return f"telegram.topic:{chat}:{topic}"


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
    return next((each for each in reversed(delivery.target) if each.isdecimal()), "")


def _kept(delivery: Delivery, gone: str) -> list[str]:
    """The ids of a case that still count, without those that begin so."""
    topics = [each for each in delivery.target if each.startswith(TOPIC)]
    others = [each for each in delivery.target if not (each.isdecimal() or each.startswith((TOPIC, gone)))]
    return [*filter(None, (*topics[-1:], card_of(delivery))), *others]
