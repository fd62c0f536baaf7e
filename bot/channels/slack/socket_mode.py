"""Socket Mode: payloads by websockets that the service opens itself.

Slack closes each every few hours, and says so before (https://docs.slack.dev/apis/events-api/using-socket-mode). The
library would close it at once, under payloads that are not acknowledged yet, and be deaf until it has another one. Here
another one is there first, and the one that Slack leaves takes nothing in any more, finishes what it has, acknowledges
it, and only then closes; as both do when the service stops.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import TYPE_CHECKING, Final

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_sdk.socket_mode.aiohttp import SocketModeClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.async_app import AsyncApp
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

CONNECTIONS: Final = 2
"""Websockets: one may break without a word, and what comes meanwhile takes the other one."""
TICKET_S: Final = 25.0
"""How long the address of a connection is tried: Slack takes each once, and not for long."""
PING_S: Final = 10.0
"""Between two looks whether a connection still stands; and before another one while there are too many."""
PATIENCE_S: Final = 3.0
"""How long what came may take to be acknowledged before its connection closes; Slack does not wait longer either."""
TOO_MANY: Final = "too_many_websockets"


async def listen(app: AsyncApp, app_token: str, *, ticket_s: float = TICKET_S, ping_s: float = PING_S) -> None:
    """Take what comes until cancelled; what came by then is finished and acknowledged, anything else comes again."""
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_keep(lambda: _Client(app, app_token, ticket_s, ping_s)))


async def _keep(make: Callable[[], _Client]) -> None:
    """Keep one connection until cancelled: the next one stands before the last one goes."""
    held: list[_Client] = []
    try:
        while True:
            held.append(make())
            await held[-1].connect()
            while len(held) > 1:
                await held[0].finish()
                del held[0]
            await held[-1].farewell.wait()
            if held[-1].reason == TOO_MANY:
                await held[-1].finish()
                await asyncio.sleep(held[-1].ping_interval)
    finally:
        for each in held:
            await each.finish()


class _Client(SocketModeClient):
    """The library's client for one connection. If that breaks it is made anew; if Slack leaves it, `farewell` says so.

    The library would try an address that does not serve any more again and again.
    """

    def __init__(self, app: AsyncApp, app_token: str, ticket_s: float, ping_s: float) -> None:
        super().__init__(app_token, app.logger, app.client, ping_interval=ping_s)
        self.farewell = asyncio.Event()
        self.reason = ""
        self._app = app
        self._ticket_s = ticket_s
        self._under_way: set[asyncio.Task[None]] = set()
        self.socket_mode_request_listeners.append(self._take)

    async def connect(self) -> None:
        while not self.closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._ticket_s):
                    await super().connect()  # type: ignore[no-untyped-call]
                    return
            self.wss_uri = None

    async def enqueue_message(self, message: str) -> None:
        """Begin with a message at once, and know that it is under way."""
        told = json.loads(message)
        if told.get("type") == "disconnect":
            self.reason = str(told.get("reason"))
            self.farewell.set()
            return
        task = asyncio.create_task(self.run_message_listeners(told, message))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Take no more in, acknowledge what came, and close."""
        self.auto_reconnect_enabled = False
        if self.message_receiver is not None:
            self.message_receiver.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=PATIENCE_S)
        with contextlib.suppress(Exception):
            await self.close()  # type: ignore[no-untyped-call]

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        begun = time.time()
        answer = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, answer, begun)
