"""The service of the shipped flows on Telegram's stand-in, in this process."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import time_machine
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.platforms.oracle import TelegramOracle
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.platforms.slack.person import Person as SlackPerson
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.person import Person
    from tests.platforms.telegram.shown import Shown
    from tests.platforms.telegram.world import Topic

SECRET = "a-secret-of-the-webhook"


@pytest.fixture
def anyio_backend() -> str:
    """The service runs on asyncio."""
    return "asyncio"


@pytest.fixture
def service(telegram: TelegramStandIn, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[None]]:
    """Makes contexts in which the product serves, by "polling" or "webhook", on one database; `staff` as in settings.

    With the webhook `told` by the test, or by the product itself.
    """

    @contextlib.asynccontextmanager
    async def run(
        mode: str = "polling", staff: str = "", secret: str = SECRET, *, told: bool = True
    ) -> AsyncIterator[None]:
        port = free_port()
        settings = Settings(
            database_url=SecretStr(new_file(tmp_path)),
            telegram_token=SecretStr(telegram.token),
            telegram_api_url=f"{telegram.url}/bot",
            telegram_webhook_secret=SecretStr(secret if mode == "webhook" else ""),
            public_url="" if told else f"http://127.0.0.1:{port}",
            staff=staff,
            http_port=port,
        )
        async with meanwhile(serve(settings)):
            try:
                await ready_at(port)  # however long the first one in a process takes
                if mode == "webhook" and told:
                    await refuses(port)
                    url = f"http://127.0.0.1:{port}/telegram/webhook"
                    telegram.start_webhook({"url": url, "secret_token": SECRET})
                yield
            finally:
                telegram.stop_webhook()

    return run


async def refuses(port: int) -> None:
    """What comes without the secret is refused."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"http://127.0.0.1:{port}/telegram/webhook", data=b"{}") as answer,
    ):
        assert answer.status == 403


async def ready_at(port: int, patience_s: float = 30) -> None:
    """Wait until the service says that it is ready."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(patience_s):
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with http.get(f"http://127.0.0.1:{port}/health/ready") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


async def opening(person: Person, payload: str = "") -> Shown:
    """Somebody presses Start; the first question that they are asked."""
    await person.start(payload)
    return await question(person)


async def called(merchant: Person | SlackPerson, staff: Person, forum: Group) -> tuple[Topic, Shown]:
    """A merchant calls a person: the topic of their case, and its card as staff have it; files may come before."""
    await merchant.send("/human")
    topic = await forum.next_topic()
    return topic, await question(staff, group=forum, topic=topic.id)


async def question(person: Person, **where: Any) -> Shown:
    """The next message with buttons."""
    while not (found := await person.next_message(**where)).buttons:
        pass
    return found


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time of day of service and platforms, which a test can move forward; who sleeps looks within a second."""
    with time_machine.travel(datetime.now(UTC)) as traveller:
        yield traveller


@pytest.fixture
def lawful(telegram: TelegramStandIn) -> Callable[[], None]:
    """Hold that every request was one that Telegram takes, and every answer one that it gives."""

    def check() -> None:
        assert TelegramOracle().faults(telegram.wire) == []

    return check
