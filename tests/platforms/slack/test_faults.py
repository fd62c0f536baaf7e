"""Misbehaviour on demand, and what slack_sdk and slack-bolt make of it: the traps that the product must know."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from tests.platforms.bolt import app_for, in_socket_mode, over_http

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]


async def test_a_limit_names_its_delay(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """429 carries the seconds in a header; the library waits only with the handler for it."""
    ana = slack.user("Ana")
    slack.faults.rate_limit("chat.postMessage", retry_after=30)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ana.user.id, text="one")
    assert (refused.value.response["error"], refused.value.response.headers["Retry-After"]) == ("ratelimited", "30")
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.rate_limit("chat.postMessage", retry_after=0)
    await client.chat_postMessage(channel=ana.user.id, text="two")
    assert [each.text for each in ana.messages()] == ["two"]


async def test_a_broken_server_answers_no_json(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """A 503 is a page; nothing happened."""
    slack.faults.fail(status=503)
    with pytest.raises(SlackApiError):
        await client.auth_test()


async def test_a_lost_answer_is_sent_twice_by_the_library(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """The default handler repeats a call whose connection ended, although it was carried out: the message is doubled.

    Which is why the product sends without that handler.
    """
    ana = slack.user("Ana")
    slack.faults.lose_answer("chat.postMessage")
    await client.chat_postMessage(channel=ana.user.id, text="one")
    assert [each.text for each in ana.messages()] == ["one", "one"]
    client.retry_handlers.clear()
    slack.faults.lose_answer("chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel=ana.user.id, text="two")
    assert [each.text for each in ana.messages()] == ["one", "one", "two"]


async def test_an_event_is_acknowledged_before_its_listener(
    slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """A listener of an event that fails loses it: Slack was told 200 before and does not repeat it."""
    caplog.set_level(logging.CRITICAL)
    app, begun = app_for(slack), asyncio.Event()

    @app.event("message")
    async def fails() -> None:
        begun.set()
        raise OSError("the disk is full")

    async with over_http(slack, app):
        await slack.user("Ana").send("hello")
        await begun.wait()
        await slack.news.until(lambda: slack.wire.deliveries("message") or None, "the delivery ends")
        assert [each.status for each in slack.wire.deliveries("message")] == [200]
        slack.clock.advance(400)
        await asyncio.sleep(0.1)
    assert len(slack.wire.deliveries("message")) == 1


async def test_before_authorize_runs_before_the_acknowledgement(
    slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """A middleware there that fails is a 500, and the event comes again: where the product writes what it got."""
    caplog.set_level(logging.CRITICAL)
    attempts = []

    async def inbox(body: dict[str, Any], next: Any) -> None:  # noqa: A002 — slack-bolt passes arguments by name
        attempts.append(body["type"])
        if attempts.count("event_callback") == 1:
            raise OSError("the disk is full")
        await next()

    app = app_for(slack, before_authorize=inbox)

    @app.event("message")
    async def message() -> None:
        """Take it."""

    async with over_http(slack, app):
        await slack.user("Ana").send("hello")
        await slack.news.until(lambda: len(slack.wire.deliveries("message")) == 2, "the event comes again")
    assert [each.status for each in slack.wire.deliveries("message")] == [0, 200]
    assert slack.wire.deliveries("message")[0].answer is not None


async def test_a_listener_that_raises_after_ack_loses_the_ack(
    slack: SlackStandIn, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception right after ack() takes the acknowledgement back: the person sees a warning."""
    caplog.set_level(logging.CRITICAL)
    app = app_for(slack)

    @app.action("go")
    async def go(ack: Any) -> None:
        await ack()
        raise OSError("the disk is full")

    ana = slack.user("Ana")
    await client.chat_postMessage(channel=ana.user.id, text="?", blocks=BLOCKS)
    async with over_http(slack, app):
        answer = await (await ana.press(await ana.next_message(), "Go")).answer()
    assert not answer.taken


async def test_a_connection_that_slack_leaves_is_closed_under_what_came(
    slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """Asked to connect anew, the library closes at once: what it has not acknowledged yet is brought again."""
    caplog.set_level(logging.CRITICAL)
    attempts, begun, may = [], asyncio.Event(), asyncio.Event()

    async def inbox(req: Any, next: Any) -> None:  # noqa: A002 — slack-bolt passes arguments by name
        attempts.append(req.headers["x-slack-retry-num"][0])
        begun.set()
        await may.wait()
        await next()

    app = app_for(slack, before_authorize=inbox)

    @app.event("message")
    async def message() -> None:
        """Take it."""

    async with in_socket_mode(slack, app):
        await slack.user("Ana").send("hello")
        await begun.wait()
        await slack.sockets.disconnect()
        await slack.sockets.connected()
        may.set()
        await slack.news.until(lambda: len(slack.wire.deliveries("message")) == 2, "the event comes again")
    assert attempts == ["0", "1"]


async def test_what_nobody_listens_to_is_a_failure(
    slack: SlackStandIn, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A press without listener is 404, which Slack shows to the person and, for events, repeats."""
    caplog.set_level(logging.CRITICAL)
    ana = slack.user("Ana")
    await client.chat_postMessage(channel=ana.user.id, text="?", blocks=BLOCKS)
    async with over_http(slack, app_for(slack)):
        answer = await (await ana.press(await ana.next_message(), "Go")).answer()
        assert (answer.taken, answer.reason) == (False, "http_error")
        await ana.send("hello")
        await slack.news.until(lambda: len(slack.wire.deliveries("message")) >= 2, "the event comes again")


async def test_a_listener_that_does_not_acknowledge_is_a_failure(
    slack: SlackStandIn, client: AsyncWebClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The library waits three seconds for ack(), here less, and answers 404; what the listener does goes on."""
    caplog.set_level(logging.CRITICAL)
    app, done = app_for(slack), asyncio.Event()

    @app.action("go")
    async def go() -> None:
        await asyncio.sleep(0.1)
        done.set()

    (listener,) = app._async_listeners
    assert listener.ack_timeout == 3
    listener.ack_timeout = 0
    ana = slack.user("Ana")
    await client.chat_postMessage(channel=ana.user.id, text="?", blocks=BLOCKS)
    async with over_http(slack, app):
        answer = await (await ana.press(await ana.next_message(), "Go")).answer()
        assert (answer.taken, answer.reason) == (False, "http_error")
        await done.wait()
