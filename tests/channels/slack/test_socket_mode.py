"""Socket Mode, as long as the service runs: connected anew whatever becomes of a connection."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.slack.connecting import make
from bot.channels.slack.socket_mode import CONNECTIONS, PING_S, TICKET_S, TOO_MANY, listen
from bot.service.intake import Busy
from tests.channels.slack.test_connecting import Taking
from tests.channels.telegram.conftest import anyio_backend
from tests.meanwhile import meanwhile
from tests.platforms.news import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from tests.platforms.slack import SlackStandIn

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio


class Slow(Taking):
    """Keeps what it gets as soon as it may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.may = asyncio.Event()

    async def take(self, payload: Mapping[str, Any]) -> Any:
        """Take a payload, as `Ingest` does."""
        self.begun.append(payload["event"]["text"])
        await self.may.wait()
        return await super().take(payload)

    async def has_begun(self, *words: str) -> None:
        """Wait until it has begun with all of that, once each."""
        async with asyncio.timeout(PATIENCE):
            while sorted(self.begun) != sorted(words):  # noqa: ASYNC110  (it tells nobody)
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def listening(
    slack: SlackStandIn, ingest: Taking, ticket_s: float = TICKET_S, ping_s: float = PING_S
) -> AsyncIterator[None]:
    """Listen meanwhile."""
    app = make(ingest, slack.bot_token, f"{slack.url}/api/")  # type: ignore[arg-type]
    async with meanwhile(listen(app, slack.access.app_token, ticket_s=ticket_s, ping_s=ping_s)):
        yield


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
    async with listening(slack, ingest, ticket_s=1):
        await slack.sockets.connected(CONNECTIONS)
        await heard(slack, ingest, "hello")


async def test_it_connects_anew(slack: SlackStandIn) -> None:
    """Slack asks for it, or a connection breaks without a word and the next one fails."""
    ingest = Taking()
    async with listening(slack, ingest, ticket_s=1, ping_s=0.5):
        await slack.sockets.connected(CONNECTIONS)
        await slack.sockets.disconnect()
        await slack.sockets.connected(CONNECTIONS)
        slack.sockets.failing = 1
        await slack.sockets.drop()
        await slack.sockets.connected(CONNECTIONS)
        await heard(slack, ingest, "hello again")


async def test_what_came_is_acknowledged_before_it_stops(slack: SlackStandIn) -> None:
    """When the service is to stop: not before it is kept, but then, and once; only after that the connections close."""
    ingest = Slow()
    app = make(ingest, slack.bot_token, f"{slack.url}/api/")  # type: ignore[arg-type]
    task = asyncio.create_task(listen(app, slack.access.app_token))
    await slack.sockets.connected(CONNECTIONS)
    said = [f"{at}" for at in range(5)]
    for each in said:
        await slack.user("Ana").send(each)
    await ingest.has_begun(*said)
    task.cancel()
    await asyncio.sleep(0.05)
    assert slack.wire.deliveries("message") == []
    ingest.may.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await slack.news.until(lambda: not slack.sockets.connections, "they are closed")
    await slack.news.until(lambda: len(slack.wire.deliveries("message")) == len(said), "all came to an end")
    assert [each.status for each in slack.wire.deliveries("message")] == [200] * len(said)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_slack_leaves_every_connection_at_once(slack: SlackStandIn, reason: str) -> None:
    """Others take what comes, and what came on the old ones is acknowledged there: nothing is brought a second time."""
    ingest = Slow()
    async with listening(slack, ingest):
        await slack.sockets.connected(CONNECTIONS)
        before = [f"before {at}" for at in range(4)]
        for each in before:
            await slack.user("Ana").send(each)
        await ingest.has_begun(*before)
        for _ in range(CONNECTIONS):
            await slack.sockets.disconnect(reason)
        await slack.sockets.connected(CONNECTIONS)
        await slack.user("Ana").send("after")
        await ingest.has_begun(*before, "after")
        ingest.may.set()
        await slack.news.until(lambda: len(slack.wire.deliveries("message")) == 5, "all are acknowledged")
    assert [each.status for each in slack.wire.deliveries("message")] == [200] * 5
    assert sorted(ingest.begun) == sorted([*before, "after"])


async def test_too_many_connections_are_not_tried_over_and_over(slack: SlackStandIn) -> None:
    """One goes, and after a while one more is asked for."""
    ingest = Taking()
    async with listening(slack, ingest, ping_s=1):  # a connection that is silent for four seconds would be made anew
        await slack.sockets.connected(CONNECTIONS)
        await slack.sockets.disconnect(TOO_MANY)
        await slack.sockets.connected(CONNECTIONS)
        await heard(slack, ingest, "hello")
    assert len(slack.wire.calls("apps.connections.open")) == CONNECTIONS + 1


async def test_an_event_that_is_not_kept_comes_again(slack: SlackStandIn) -> None:
    """It is not acknowledged, so Slack brings it once more."""
    ingest = Taking()
    ingest.failure = Busy()
    async with listening(slack, ingest):
        await slack.sockets.connected(CONNECTIONS)
        await slack.user("Ana").send("hello")
        async with asyncio.timeout(PATIENCE):
            while not ingest.taken:
                if slack.wire.deliveries("message"):
                    ingest.failure = None
                slack.clock.advance(1)
                await asyncio.sleep(0.01)
    assert slack.wire.deliveries("message")[0].status == 0
    assert [each["event"]["text"] for each in ingest.taken] == ["hello"]
