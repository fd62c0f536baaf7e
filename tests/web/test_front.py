"""The front: what it says of the process's health, and when it knows a platform's routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import structlog
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.store.port import Unavailable
from bot.web.front import LIVE, METRICS, READY, Front

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def reached() -> None:
    """A store that answers."""


async def away() -> None:
    """A store that does not."""
    raise Unavailable("away")


async def figures() -> bytes:
    """What is counted."""
    return b"triage_events_total 3.0\n"


async def hello(_: Request) -> Response:
    """Answer."""
    return PlainTextResponse("hello")


async def broken(_: Request) -> Response:
    """Fail on what somebody wrote."""
    raise RuntimeError("opensesame")


def client(front: Front) -> httpx.AsyncClient:
    """Somebody who asks it."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://triage")


async def test_ready_when_all_is_there() -> None:
    """It lives at once, and is ready when the service runs, every platform was introduced and the store answers."""
    front = Front(["slack", "telegram"])
    async with client(front) as http:

        async def waits_for() -> list[str]:
            answer = await http.get(READY)
            waits: list[str] = answer.json()["waits_for"]
            assert answer.status_code == (503 if waits else 200)
            return waits

        assert (await http.get(LIVE)).status_code == 200
        assert await waits_for() == ["service", "slack", "telegram"]
        front.serve(away, figures)
        assert await waits_for() == ["slack", "store", "telegram"]
        front.serve(reached, figures)
        front.open("telegram", [])
        assert await waits_for() == ["slack"]
        front.open("slack", [])
        assert await waits_for() == []


async def test_not_ready_any_more() -> None:
    """While it stops it is alive, but not ready: whoever balances load sends new requests elsewhere."""
    front = Front([])
    front.serve(reached, figures)
    front.stop()
    async with client(front) as http:
        answer = await http.get(READY)
        assert (answer.status_code, answer.json()["status"]) == (503, "stopping")
        assert (await http.get(LIVE)).status_code == 200


async def test_what_comes_early_is_to_come_again() -> None:
    """Before a platform was introduced its requests are put off, not refused; what never was there is not found."""
    front = Front(["slack"])
    front.serve(reached, figures)
    async with client(front) as http:
        early = await http.post("/slack/events")
        assert (early.status_code, early.headers["Retry-After"]) == (503, "1")
        front.open("slack", [Route("/slack/events", hello, methods=["POST"])])
        assert (await http.post("/slack/events")).text == "hello"
        assert (await http.get("/nothing")).status_code == 404
        assert (await http.get("/slack/events")).status_code == 405


async def test_figures() -> None:
    """They are there when there is a service that counts."""
    front = Front([])
    async with client(front) as http:
        assert (await http.get(METRICS)).status_code == 503
        front.serve(reached, figures)
        answer = await http.get(METRICS)
    assert answer.text == "triage_events_total 3.0\n"
    assert answer.headers["Content-Type"].startswith("text/plain; version=")


async def test_a_defect_is_an_answer() -> None:
    """A route that fails is answered with 500, and the log has no word of what it failed on."""
    front = Front(["slack"])
    front.open("slack", [Route("/slack/events", broken)])
    with structlog.testing.capture_logs() as said:
        async with client(front) as http:
            assert (await http.get("/slack/events")).status_code == 500
    assert said == [{"event": "request_failed", "error": "RuntimeError", "log_level": "error"}]
