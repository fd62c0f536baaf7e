"""The request URL: who is let in, what is kept before it is acknowledged, and what Slack is told otherwise."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.channels.slack.connecting import MOST, PATH, make, route
from bot.service.intake import Busy
from tests.channels.slack.payloads import message, pressed
from tests.channels.telegram.conftest import anyio_backend
from tests.platforms.slack.delivery import signature

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["anyio_backend"]

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


pytestmark = pytest.mark.anyio


class Taking:
    """What comes after the signature: it notes, and does as it is told."""

    def __init__(self) -> None:
        self.taken: list[Mapping[str, Any]] = []
        self.answer: Any = ""
        self.failure: Exception | None = None

    async def take(self, payload: Mapping[str, Any]) -> Any:
        """Take a payload, as `Ingest` does."""
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.taken.append(payload)
        return self.answer


@pytest.fixture
def ingest() -> Taking:
    """What the payloads are handed to."""
    return Taking()


@pytest.fixture
def http(ingest: Taking) -> httpx.AsyncClient:
    """The request URL."""
    app = make(ingest, "xoxb-1", "http://127.0.0.1:1/api/")  # type: ignore[arg-type]
    transport = httpx.ASGITransport(Starlette(routes=[route(app, SECRET)]))
    return httpx.AsyncClient(transport=transport, base_url="http://triage")


async def post(http: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    """Deliver a body as Slack does; headers may be said otherwise."""
    stamp = headers.pop("stamp", str(int(time.time())))
    kind = "application/json" if body[:1] in b"{[" else "application/x-www-form-urlencoded"
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(SECRET, stamp, body)}
    return await http.post(PATH, content=body, headers={"Content-Type": kind, **signed, **headers})


def interaction(payload: dict[str, Any]) -> bytes:
    """The body of an interaction."""
    return urlencode({"payload": json.dumps(payload)}).encode()


async def test_an_event_is_kept_and_acknowledged(http: httpx.AsyncClient, ingest: Taking) -> None:
    """200 with nothing in it, after it was taken."""
    answer = await post(http, json.dumps(message()).encode())
    assert (answer.status_code, answer.text) == (200, "")
    assert ingest.taken == [message()]


async def test_the_challenge_is_answered_and_not_kept(http: httpx.AsyncClient, ingest: Taking) -> None:
    """Slack tries an address before it uses it."""
    answer = await post(http, json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"}).encode())
    assert "c1" in answer.text
    assert ingest.taken == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Signature": ""},
        {"stamp": "1"},
        {"stamp": "later"},
        {"X-Slack-Request-Timestamp": "1732000000"},
    ],
)
async def test_what_slack_did_not_sign_is_refused(
    http: httpx.AsyncClient, ingest: Taking, headers: dict[str, str]
) -> None:
    """A wrong or missing signature, an old one, one of another time: nothing is looked at."""
    assert (await post(http, b"{", **headers)).status_code == 401
    assert ingest.taken == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_payload_is_refused(http: httpx.AsyncClient, ingest: Taking, body: bytes) -> None:
    """Not JSON, not an object, nested without end."""
    assert (await post(http, body)).status_code == 400
    assert ingest.taken == []


async def test_too_much_is_refused(http: httpx.AsyncClient) -> None:
    """Before all of it is read."""
    assert (await post(http, b" " * (MOST + 1))).status_code == 413


async def test_an_event_that_is_not_kept_comes_again(http: httpx.AsyncClient, ingest: Taking) -> None:
    """Slack is told that it was not taken, whatever the failure; then its repetition is taken."""
    for failure in (Busy(), RuntimeError("a secret in the text")):
        ingest.failure = failure
        with capture_logs() as logged:
            assert (await post(http, json.dumps(message()).encode())).status_code == 503
        assert "a secret" not in str(logged)
    ingest.failure = None
    retried = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"}
    assert (await post(http, json.dumps(message()).encode(), **retried)).status_code == 200


async def test_whoever_pressed_something_that_is_not_kept_is_told(http: httpx.AsyncClient, ingest: Taking) -> None:
    """Slack does not bring those again: a command and a form say so, a press is acknowledged."""
    ingest.failure = Busy()
    command = urlencode({"command": "/triage", "team_id": "T1", "user_id": "U1", "trigger_id": "1"}).encode()
    said = (await post(http, command)).json()
    assert "try again" in said["text"]
    form = interaction({"type": "view_submission", "view": {}, "user": {"id": "U1"}})
    assert (await post(http, form)).json()["response_action"] == "push"
    assert (await post(http, interaction(pressed("start")))).status_code == 200


async def test_an_answer_goes_with_the_acknowledgement(http: httpx.AsyncClient, ingest: Taking) -> None:
    """What is wrong in a form stands in it at once."""
    ingest.answer = {"response_action": "errors", "errors": {"name": "Please write a name."}}
    form = interaction({"type": "view_submission", "view": {}, "user": {"id": "U1"}})
    assert (await post(http, form)).json() == ingest.answer


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"type": "event_callback", "event": {"type": "not_yet_known"}}).encode(),
        json.dumps({"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1}).encode(),
        json.dumps({"type": "event_callback"}).encode(),
        interaction({"type": "block_actions", "actions": []}),
        interaction({"type": "block_suggestion"}),
        interaction({"type": "not_yet_known"}),
        urlencode({"command": "/another"}).encode(),
        urlencode({"ssl_check": "1", "token": "t"}).encode(),
    ],
)
async def test_nothing_that_slack_signs_is_unknown(http: httpx.AsyncClient, ingest: Taking, body: bytes) -> None:
    """The library answers 404 to what has no listener, or whose listener is late; here it is never asked for one."""
    assert (await post(http, body)).status_code == 200
    assert len(ingest.taken) == (b"ssl_check" not in body)
    assert make(ingest, "xoxb-1", "http://127.0.0.1:1/api/")._async_listeners == []  # type: ignore[arg-type]
