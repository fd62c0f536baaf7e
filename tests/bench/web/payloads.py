"""What platforms post: a merchant's words as a signed HTTP request, ready for the wire."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Platform = Literal["slack", "telegram"]

SECRET: Final = "0123456789abcdef0123456789abcdef"
"""The webhook's at Telegram, and the signing secret at Slack."""
PATHS: Final = {"slack": "/slack/events", "telegram": "/telegram/webhook"}
SAID: Final = (
    *("/start", "WooCommerce", "Orders stay pending after the payment", "I don't know", "/why"),
    *("Since yesterday", "/back", "For all payment methods", "Yes", "No", "Only for some customers"),
)
"""What each merchant says, one after another, and then again."""
TEAM: Final = "T0000000BENCH"
APP: Final = "A0000000BENCH"


def request(platform: Platform, merchant: int, place: int) -> bytes:
    """The HTTP request with what `merchant` says as their `place`-th message (from 0)."""
    body = json.dumps(_BODIES[platform](merchant, place)).encode()
    lines = [
        f"POST {PATHS[platform]} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in _signed(platform, body).items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _signed(platform: Platform, body: bytes) -> Mapping[str, str]:
    if platform == "telegram":
        return {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={signature}"}


def _telegram(merchant: int, place: int) -> dict[str, Any]:
    someone = {"id": 1_000_000 + merchant, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    chat = {"id": 1_000_000 + merchant, "type": "private", "first_name": "Ana"}
    text = SAID[place % len(SAID)]
    message = {"message_id": place + 1, "from": someone, "chat": chat, "date": int(time.time()), "text": text}
    return {"update_id": merchant * 1_000 + place, "message": message}


def _slack(merchant: int, place: int) -> dict[str, Any]:
    ts = f"{int(time.time())}.{place:06}"
    event = {
        "type": "message",
        "channel": f"D{merchant:09}B",
        "channel_type": "im",
        "user": f"U{merchant:09}B",
        "text": SAID[place % len(SAID)].removeprefix("/"),
        "ts": ts,
        "event_ts": ts,
        "team": TEAM,
    }
    return {
        "token": "verification",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{merchant:06}{place:06}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": "U0000000BOT", "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


_BODIES: Final = {"slack": _slack, "telegram": _telegram}
