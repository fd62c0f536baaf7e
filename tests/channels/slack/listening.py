"""The product's own way in, beside the service of a test: over HTTP, or in Socket Mode."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pydantic import SecretStr
from starlette.applications import Starlette

from bot.channels.slack.connecting import PATH
from bot.channels.slack.socket_mode import CONNECTIONS
from bot.cli.slack import Slack
from bot.settings import Settings
from bot.web.server import WebServer
from tests.meanwhile import meanwhile
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.channels.slack.outgoing import Desk
    from tests.platforms.slack import SlackStandIn


def platform(slack: SlackStandIn, mode: str, staff: str = "") -> Slack:
    """Slack as the settings have it, by "http" or "socket"."""
    return Slack(
        Settings(
            slack_bot_token=SecretStr(slack.bot_token),
            slack_signing_secret=SecretStr(slack.access.signing_secret if mode == "http" else ""),
            slack_app_token=SecretStr(slack.access.app_token if mode == "socket" else ""),
            slack_api_url=f"{slack.url}/api/",
            staff=staff,
        )
    )


@contextlib.asynccontextmanager
async def listening(slack: SlackStandIn, desk: Desk, mode: str) -> AsyncIterator[None]:
    """Hear people while this lasts."""
    assert desk.platform is not None
    if mode == "http":
        port = free_port()
        async with WebServer(Starlette(routes=desk.platform.routes(desk.service)), "127.0.0.1", port) as server:
            server.listen()
            await slack.set_request_url(f"http://127.0.0.1:{port}{PATH}")
            yield
        return
    async with meanwhile(desk.platform.run(desk.service)):
        await slack.sockets.connected(CONNECTIONS)
        yield
