"""Socket Mode: payloads by websockets that the service opens itself."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Final

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.socket_mode.aiohttp import SocketModeClient

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

CONNECTIONS: Final = 2
"""Websockets: Slack closes each every few hours, and what comes meanwhile takes the other one."""
TICKET_S: Final = 25.0
"""How long the address of a connection is tried: Slack takes each once, and not for long."""
PING_S: Final = 10.0
"""Between two looks whether a connection still stands."""


async def listen(app: AsyncApp, app_token: str, *, ticket_s: float = TICKET_S, ping_s: float = PING_S) -> None:
    """Take what comes until cancelled; what is not acknowledged by then comes again."""

    async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        begun = time.time()
        answer = await run_async_bolt_app(app, request)
        await send_async_response(client, request, answer, begun)

    clients = [_Client(app, app_token, ticket_s, ping_s) for _ in range(CONNECTIONS)]
    try:
        for each in clients:
            each.socket_mode_request_listeners.append(take)
            await each.connect()
        await asyncio.Event().wait()
    finally:
        for each in clients:
            with contextlib.suppress(Exception):
                await each.close()  # type: ignore[no-untyped-call]


class _Client(SocketModeClient):
    """The library's client, which would try an address that does not serve any more again and again."""

    def __init__(self, app: AsyncApp, app_token: str, ticket_s: float, ping_s: float) -> None:
        super().__init__(app_token, app.logger, app.client, ping_interval=ping_s)
        self._ticket_s = ticket_s

    async def connect(self) -> None:
        while not self.closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._ticket_s):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return
            self.wss_uri = None
