"""What the library's errors mean for a message: never, not now, or nobody knows."""

from __future__ import annotations

import re
from datetime import timedelta

import aiohttp
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.service.port import Later, Lost, Refused

UNCHANGED = "message is not modified"
"""What Telegram says of an edit that is there already."""

_OUR_FAULT = re.compile(r"\(4(?!29)\d\d\)$")
"""The end of what the library says of a 4xx that it has no name for, such as 413."""
_NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
"""What Telegram says of a topic that was deleted."""
_TOPIC_CLOSED = "topic_closed"
"""What it says of one that is closed to a bot that is no administrator (any more)."""
_TOPIC_UNCHANGED = "topic_not_modified"
NO_ICON = "document_invalid"
"""What it says of an icon that is none (any more)."""
_NOT_THERE = "message to edit not found"
_SHUT = ("chat not found", "not enough rights to send", "chat_write_forbidden")
_UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


def unchanged(error: TelegramError) -> bool:
    """Whether an edit was refused because the message reads so already."""
    return isinstance(error, BadRequest) and UNCHANGED in str(error).lower()


def topic_gone(error: TelegramError) -> bool:
    """Whether the topic was deleted."""
    return isinstance(error, BadRequest) and any(each in str(error).lower() for each in _NO_TOPIC)


def topic_closed(error: TelegramError) -> bool:
    """Whether the bot may not write into the topic because it is closed."""
    return isinstance(error, BadRequest) and _TOPIC_CLOSED in str(error).lower()


def topic_unchanged(error: TelegramError) -> bool:
    """Whether a topic is already as it was to be."""
    return isinstance(error, BadRequest) and _TOPIC_UNCHANGED in str(error).lower()


def not_there(error: TelegramError) -> bool:
    """Whether the message to be edited was deleted."""
    return isinstance(error, BadRequest) and _NOT_THERE in str(error).lower()


def shut(error: TelegramError) -> bool:
    """Whether somebody has to see to a group before the bot can write there again."""
    said = str(error).lower()
    return isinstance(error, Forbidden) or (isinstance(error, BadRequest) and any(each in said for each in _SHUT))


def not_taken(error: TelegramError) -> bool:
    """Whether what was sent was refused, and not the place that it was sent to."""
    if topic_gone(error) or topic_closed(error) or shut(error):
        return False
    return isinstance(error, BadRequest) or _OUR_FAULT.search(str(error)) is not None


def meaning(error: TelegramError, bucket: str) -> Refused | Later | Lost:
    """What becomes of the message that failed so; `bucket` is that of its chat."""
    if isinstance(error, RetryAfter):
        return Later("too many requests", milliseconds(error), bucket)
    if isinstance(error, (BadRequest, Forbidden)):
        return Refused(str(error)[:200])
    if isinstance(error, (InvalidToken, Conflict)):
        return Later(type(error).__name__)  # an operator sees to it; the message is not lost meanwhile
    if _OUR_FAULT.search(str(error)):
        return Refused(str(error)[:200])
    if isinstance(error, NetworkError):
        cause = error.__cause__
        if isinstance(cause, _UNSENT):
            return Later("Telegram cannot be reached")
        if cause is None or isinstance(cause, TelegramError):
            return Later("Telegram is out of order")  # it answered, with a 5xx
    return Lost(type(error).__name__)


def milliseconds(error: RetryAfter) -> int:
    """How long Telegram asks to wait."""
    after = error.retry_after
    seconds = after.total_seconds() if isinstance(after, timedelta) else after
    return int(seconds * 1000)
