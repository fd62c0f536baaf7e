"""Errors of the library as what becomes of a message."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.connecting import client
from bot.channels.slack.failures import meaning, reason
from bot.service.port import Later, Lost, Refused


class Answer:
    """What the library brings of an answer."""

    def __init__(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        """As `AsyncSlackResponse` names it."""
        self.status_code = status
        self.data = data
        self.headers = headers or {}


class Bare:
    """What it brings of one that is not JSON."""

    status = 500
    headers: dict[str, str] = {}  # noqa: RUF012  (as aiohttp has it)


def refusal(error: str, status: int = 200, **headers: str) -> SlackApiError:
    """A refusal with Slack's word for it."""
    return SlackApiError("", Answer(status, {"ok": False, "error": error}, headers))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "word",
    [
        "channel_not_found", "is_archived", "not_in_channel", "account_inactive", "invalid_auth", "token_revoked",
        "token_expired", "not_authed", "missing_scope", "msg_too_long", "msg_blocks_too_long", "invalid_blocks",
        "restricted_action", "message_not_found", "cant_update_message", "edit_window_closed", "no_text",
        "thread_not_found", "is_inactive", "a_new_word",
    ],
)  # fmt: skip
def test_refusals(word: str) -> None:
    """What Slack will not take at any time is refused, in its own word."""
    found = meaning(refusal(word), "b")
    assert isinstance(found, Refused)
    assert str(found) == word == reason(refusal(word))


@pytest.mark.parametrize("name", ["Retry-After", "retry-after"])
def test_a_limit_is_waited_for(name: str) -> None:
    """For as long as Slack asks, and nothing else of the channel goes either; without a time, at our own pace."""
    found = meaning(SlackApiError("", Answer(429, {"error": "ratelimited"}, {name: "7"})), "b")  # type: ignore[no-untyped-call]
    assert isinstance(found, Later)
    assert (found.after, found.bucket) == (7000, "b")
    silent = meaning(refusal("ratelimited", 429, **{"Retry-After": "soon"}), "b")
    assert isinstance(silent, Later)
    assert silent.after == 0


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refusal("service_unavailable", 503), Later),
        (refusal("external_channel_migrating"), Later),
        (SlackApiError("", Answer(503, {})), Later),  # type: ignore[no-untyped-call]
        (SlackRequestError("upload"), Later),
        (aiohttp.ConnectionTimeoutError(), Later),
        (refusal("fatal_error"), Lost),
        (refusal("internal_error", 500), Lost),
        (SlackApiError("", Answer(502, {})), Lost),  # type: ignore[no-untyped-call]
        (SlackApiError("", Bare()), Lost),  # type: ignore[no-untyped-call]
        (SlackApiError("", Answer(200, {"ok": False})), Lost),  # type: ignore[no-untyped-call]
        (aiohttp.ServerDisconnectedError(), Lost),
        (aiohttp.ClientPayloadError(), Lost),
        (TimeoutError(), Lost),
    ],
)
def test_troubles(error: Exception, expected: type[Exception]) -> None:
    """What surely was not done is tried again; of what may have been done nobody knows yet."""
    assert type(meaning(error, "b")) is expected
    assert getattr(meaning(error, "b"), "bucket", "") != "b"


def test_our_clients_repeat_nothing() -> None:
    """By itself the library would send a message again whose answer was lost; ours leaves that to delivery."""
    assert client("xoxb-", "").retry_handlers == []
    assert AsyncWebClient("xoxb-").retry_handlers
