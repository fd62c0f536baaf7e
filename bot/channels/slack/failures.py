"""What the library's errors mean for a message: never, not now, or nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

FAILURES: Final = (SlackApiError, SlackRequestError, aiohttp.ClientError, TimeoutError)
"""What a call of the library raises."""
NOT_DONE: Final = (*FAILURES, Refused, Later)
"""What a call raises for which the client of a workspace is looked up first."""

SHUT_REASONS: Final = frozenset({"is_archived", "channel_not_found", "not_in_channel"})
"""What Slack says of a channel that somebody has to see to: of the staff's, everything waits for that."""
NOT_FOUND: Final = "channel_not_found"
"""What Slack says, too, of a channel that has another id now, which it tells beside that: see `moves`."""
_BUSY: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_AWAY: Final = frozenset({"service_unavailable", "request_timeout", "team_added_to_org", "external_channel_migrating"})
_HALFWAY: Final = frozenset({"fatal_error", "internal_error"})
"""After these, Slack says, some of it may have been done."""
_SECOND_MS: Final = 1000
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = 503


def reason(error: Exception) -> str:
    """Slack's own word for what it refused, or ours; "" for what is no refusal."""
    if isinstance(error, (Refused, Later)):
        return str(error)
    data = getattr(getattr(error, "response", None), "data", None)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def meaning(error: Exception, bucket: str) -> Refused | Later | Lost:
    """What becomes of the message that failed so; `bucket` is that of its channel."""
    if isinstance(error, SlackApiError):
        return _answered(error, bucket)
    if isinstance(error, SlackRequestError):
        return Later("Slack did not take the bytes of a file")
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)):
        return Later("Slack cannot be reached")
    return Lost(type(error).__name__)


def _answered(error: SlackApiError, bucket: str) -> Refused | Later | Lost:
    said, status = reason(error), _status(error)
    if status == _TOO_MANY or said in _BUSY:
        return Later("too many requests", _retry_after(error), bucket)
    if status == _UNAVAILABLE or said in _AWAY:
        return Later(said or "Slack is out of order")
    if status >= _SERVER_ERROR or said in _HALFWAY or not said:
        return Lost(said or f"status {status}")
    return Refused(said[:200])


def _status(error: SlackApiError) -> int:
    """The HTTP status; where the answer was not even JSON, the library brings the bare response."""
    response: Any = error.response
    found = getattr(response, "status_code", None) or getattr(response, "status", 0)
    return found if isinstance(found, int) else 0


def _retry_after(error: SlackApiError) -> int:
    """Milliseconds that Slack asks to wait."""
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    value = next((each for name, each in headers.items() if name.lower() == "retry-after"), "")
    return int(value) * _SECOND_MS if value.isdecimal() else 0
