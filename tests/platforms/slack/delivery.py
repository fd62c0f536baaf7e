"""Deliveries to the app over HTTP, signed as Slack signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlencode

import aiohttp

if TYPE_CHECKING:
    from tests.platforms.loopback import Loopback
    from tests.platforms.wire import Json

Kind: TypeAlias = Literal["events_api", "interactive", "slash_commands"]

PATIENCE = 3.0
"""Seconds until a delivery that was not acknowledged counts as failed."""
MAX_REDIRECTS = 2


@dataclass(frozen=True)
class Answer:
    """What the app answered to a delivery, in either mode."""

    taken: bool
    reason: str = ""
    """Why it was not taken, in Slack's words: http_timeout, http_error, connection_failed, too_many_redirects."""
    body: Any = None
    """JSON of the answer, or its text; None when it is empty."""
    again: bool = True
    """Whether the app wants another attempt."""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class Http:
    """One address of the app that gets everything."""

    def __init__(self, server: Loopback, secret: str, url: str, patience: float) -> None:
        self._server = server
        self._patience = patience
        self._secret = secret
        self.url = url

    async def deliver(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        """One attempt; the ones after the first say so in their headers."""
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        headers = {"Content-Type": content_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            return await self._server.clock.within(self._patience, self._post(body, headers))
        except TimeoutError:
            return Answer(taken=False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(taken=False, reason="too_many_redirects")
        except (aiohttp.ClientError, OSError):
            return Answer(taken=False, reason="connection_failed")

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        stamp = str(int(self._server.clock.now()))
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(self._secret, stamp, body)}
        sent = self._server.http.post(self.url, data=body, headers=headers | signed, max_redirects=MAX_REDIRECTS)
        async with sent as response:
            text = await response.text()
            again = response.headers.get("X-Slack-No-Retry") != "1"
            if not 200 <= response.status < 300:
                return Answer(taken=False, reason="http_error", body=text or None, again=again)
            return Answer(taken=True, body=json.loads(text) if text.startswith("{") else text or None)
