"""How tests run an app on slack-bolt against the stand-in: over HTTP or in Socket Mode."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tests.platforms.slack import SlackStandIn


def app_for(slack: SlackStandIn, **options: Any) -> AsyncApp:
    """An app with the credentials that the stand-in gave it in its first workspace."""
    client = AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/")
    return AsyncApp(token=slack.bot_token, signing_secret=slack.access.signing_secret, client=client, **options)


@asynccontextmanager
async def over_http(slack: SlackStandIn, app: AsyncApp) -> AsyncIterator[str]:
    """The app behind a Request URL, which is yielded."""

    async def handle(request: web.Request) -> web.Response:
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        asked = AsyncBoltRequest(body=await request.text(), query=request.query_string, headers=headers)
        response = await app.async_dispatch(asked)
        return web.Response(
            status=response.status, text=response.body, headers=response.first_headers_without_set_cookie()
        )

    routes = web.Application()
    routes.router.add_post("/slack/events", handle)
    runner = web.AppRunner(routes, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        await slack.set_request_url(url)
        yield url
    finally:
        await runner.cleanup()


@asynccontextmanager
async def in_socket_mode(slack: SlackStandIn, app: AsyncApp, connections: int = 1) -> AsyncIterator[None]:
    """The app on so many websockets."""
    handlers = [AsyncSocketModeHandler(app, slack.access.app_token) for _ in range(connections)]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.sockets.connected(connections)
        yield
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]
