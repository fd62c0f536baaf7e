"""Socket Mode, as long as the service runs: connected anew whatever becomes of a connection."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.connecting import make
from bot.channels.slack.socket_mode import CONNECTIONS, listen
from tests.channels.slack.test_connecting import Taking
from tests.channels.telegram.conftest import anyio_backend
from tests.platforms.news import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.slack import SlackStandIn

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio


@contextlib.asynccontextmanager
async def listening(slack: SlackStandIn, ingest: Taking) -> AsyncIterator[None]:
    """Listen meanwhile, with less patience than usual."""
    app = make(ingest, slack.bot_token, f"{slack.url}/api/", "")  # type: ignore[arg-type]
    task = asyncio.create_task(listen(app, slack.access.app_token, ticket_s=0.3, ping_s=0.1))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def heard(slack: SlackStandIn, ingest: Taking, words: str) -> None:
    """Somebody says something, and it is taken."""
    await slack.user("Ana").send(words)
    async with asyncio.timeout(PATIENCE):
        while words not in [each["event"].get("text") for each in ingest.taken]:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.01)


async def test_a_ticket_that_is_used_up_is_given_up(slack: SlackStandIn) -> None:
    """The first connections fail after Slack has taken their tickets: new ones are asked for."""
    ingest = Taking()
    slack.sockets.failing = CONNECTIONS
    async with listening(slack, ingest):
        await slack.sockets.connected(CONNECTIONS)
        await heard(slack, ingest, "hello")


async def test_it_connects_anew(slack: SlackStandIn) -> None:
    """Slack asks for it, or a connection breaks without a word and the next one fails."""
    ingest = Taking()
    async with listening(slack, ingest):
        await slack.sockets.connected(CONNECTIONS)
        await slack.sockets.disconnect()
        await slack.sockets.connected(CONNECTIONS)
        slack.sockets.failing = 1
        await slack.sockets.drop()
        await slack.sockets.connected(CONNECTIONS)
        await heard(slack, ingest, "hello again")
