"""The webhook: who is let in, what is kept before it is acknowledged, and what Telegram is told otherwise."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.channels.telegram.webhook import MOST, PATH, SECRET, route
from bot.service.intake import Busy

pytestmark = pytest.mark.anyio

PASS = {SECRET: "s3cret"}


class Taking:
    """What comes after the secret: it notes, and does as it is told."""

    def __init__(self) -> None:
        self.taken: list[object] = []
        self.failure: Exception | None = None

    async def take(self, raw: object) -> None:
        """Take an update, as `Ingest` does."""
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        self.taken.append(raw)


@pytest.fixture
def ingest() -> Taking:
    """What the updates are handed to."""
    return Taking()


@pytest.fixture
def http(ingest: Taking) -> httpx.AsyncClient:
    """The address that Telegram calls."""
    app = Starlette(routes=[route(ingest, "s3cret")])  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://triage")


async def test_an_update_is_kept_and_acknowledged(http: httpx.AsyncClient, ingest: Taking) -> None:
    """200 with nothing in it, which would be a call of the Bot API; a newer update comes as it is."""
    answer = await http.post(PATH, content=b'{"update_id": 1, "not_yet": {"known": []}}', headers=PASS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert ingest.taken == [{"update_id": 1, "not_yet": {"known": []}}]


@pytest.mark.parametrize("given", [{}, {SECRET: ""}, {SECRET: "s3cre"}, {SECRET: "s3crets"}, {SECRET: "S3CRET"}])
async def test_who_does_not_know_the_secret_is_refused(
    http: httpx.AsyncClient, ingest: Taking, given: dict[str, str]
) -> None:
    """Whatever is in the body: it is not read."""
    assert (await http.post(PATH, content=b"{", headers=given)).status_code == 403
    assert ingest.taken == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"update_id": NaN}'])
async def test_what_is_no_json_is_refused(http: httpx.AsyncClient, ingest: Taking, body: bytes) -> None:
    """Broken, no text, nested without end."""
    assert (await http.post(PATH, content=body, headers=PASS)).status_code == 400
    assert ingest.taken == []


async def test_too_much_is_refused(http: httpx.AsyncClient, ingest: Taking) -> None:
    """Before all of it is read."""
    assert (await http.post(PATH, content=b" " * (MOST + 1), headers=PASS)).status_code == 413
    assert ingest.taken == []


async def test_what_is_not_kept_comes_again(http: httpx.AsyncClient, ingest: Taking) -> None:
    """Telegram is told that it was not, whatever the failure, whose words do not reach the log."""
    for failure in (Busy(), RuntimeError("my card is 4111 1111 1111 1111")):
        ingest.failure = failure
        with capture_logs() as logged:
            answer = await http.post(PATH, content=b'{"update_id": 1}', headers=PASS)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "4111" not in str(logged)
    ingest.failure = None
    assert (await http.post(PATH, content=b'{"update_id": 1}', headers=PASS)).status_code == 200
