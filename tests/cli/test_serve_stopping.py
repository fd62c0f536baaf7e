"""`triage serve` stopped while events pour in: what it acknowledged is in the store, and it ends well."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.app import STOP_S
from bot.channels.slack.socket_mode import CONNECTIONS
from bot.channels.telegram.webhook import PATH, SECRET
from bot.web.server import GRACE_S
from tests.ports import free_port
from tests.programs import Program
from tests.service.world import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

CLIENTS = 16
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The stand-ins run on asyncio."""
    return "asyncio"


def update(number: int) -> dict[str, object]:
    """Somebody else's first word each time."""
    someone = {"id": 1000 + number, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    chat = {"id": 1000 + number, "type": "private", "first_name": "Ana"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": someone, "text": "hi"}}


async def pour(http: httpx.AsyncClient, numbers: Iterator[int], kept: set[str]) -> None:
    """Bring updates until nobody answers; those that were acknowledged are `kept`."""
    while True:
        number = next(numbers)
        try:
            answer = await http.post(PATH, json=update(number))
        except httpx.TransportError:
            return
        if answer.status_code == 200:
            kept.add(str(number))


def acknowledged(slack: SlackStandIn) -> set[str]:
    """The keys of what people said that Slack has an acknowledgement for."""
    told = (each.arguments["event"] for each in slack.wire.deliveries("message") if each.status)
    return {f"m:{each['channel']}:{each['ts']}" for each in told if each.get("text") == "hi"}


async def talk(slack: SlackStandIn) -> None:
    """Somebody else says hello on Slack each time, as long as there is a connection."""
    for number in itertools.count():
        await slack.user(f"Ana {number}").send("hi")
        await asyncio.sleep(0.05)


async def ready(http: httpx.AsyncClient) -> None:
    """Wait until the service is ready."""
    while True:
        try:
            if (await http.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)


async def test_what_was_acknowledged_is_kept(telegram: TelegramStandIn, slack: SlackStandIn, tmp_path: Path) -> None:
    """After SIGTERM the exit code is 0, within the time it gives itself, and all that was acknowledged is there.

    By a webhook, and in Socket Mode.
    """
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    settings = {
        "TRIAGE_DATABASE_URL": f"sqlite:///{tmp_path}/triage.db",
        "TRIAGE_HTTP_PORT": str(port),
        "TRIAGE_TELEGRAM_TOKEN": telegram.token,
        "TRIAGE_TELEGRAM_API_URL": f"{telegram.url}/bot",
        "TRIAGE_TELEGRAM_WEBHOOK_SECRET": "secret",
        "TRIAGE_SLACK_BOT_TOKEN": slack.bot_token,
        "TRIAGE_SLACK_APP_TOKEN": slack.access.app_token,
        "TRIAGE_SLACK_API_URL": f"{slack.url}/api/",
    }
    serving = Program("serve", environment={**inherited, **settings})
    log = asyncio.create_task(asyncio.to_thread(serving.stderr.read))
    kept: set[str] = set()
    numbers = itertools.count(1)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", headers={SECRET: "secret"}, timeout=30
        ) as http:
            await ready(http)
            clients = [asyncio.create_task(pour(http, numbers, kept)) for _ in range(CLIENTS)]
            await slack.sockets.connected(CONNECTIONS)
            talking = asyncio.create_task(talk(slack))
            await until(lambda: len(kept) >= 100 and len(acknowledged(slack)) > 0)
            before = len(kept)
            serving.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(serving.wait, GRACE_S + STOP_S + 5) == 0
            talking.cancel()
            await asyncio.gather(*clients)
    finally:
        serving.send_signal(signal.SIGKILL)
        said = (await log).decode()
        serving.close()
    assert len(kept) >= before
    with closing(sqlite3.connect(tmp_path / "triage.db")) as db:
        there = {key for (key,) in db.execute("SELECT key FROM events")}
    assert (kept | acknowledged(slack)) - there == set()
    assert '"event": "stopped"' in said
    assert "Traceback" not in said
