"""Deliveries to the app in Socket Mode: each goes to one connection, and counts once it is acknowledged there."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.platforms.slack.delivery import Answer, Kind

if TYPE_CHECKING:
    from tests.platforms.loopback import Loopback
    from tests.platforms.wire import Json

MAX_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    """One websocket of the app."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    """Envelope to whoever waits for its acknowledgement."""
    received: list[Json] = field(default_factory=list)


class Sockets:
    """The websockets of one app."""

    def __init__(self, server: Loopback, app_id: str, patience: float) -> None:
        self._server = server
        self._app_id = app_id
        self._patience = patience
        self._tickets: set[str] = set()
        self.connections: list[Connection] = []
        self.failing = 0
        """How many of the next connections fail; their tickets are used up all the same."""

    def ticket(self) -> str:
        """The address of one new connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"{self._server.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        if self.failing:
            self.failing -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket)
        self.connections.append(connection)
        if len(self.connections) > MAX_CONNECTIONS:
            await self._say_goodbye(connection, "too_many_websockets")
        else:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.connections),
                    "connection_info": {"app_id": self._app_id},
                    "debug_info": {"host": "stand-in", "approximate_connection_time": 18060},
                }
            )
        self._server.news.tell()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(connection, json.loads(message.data))
        finally:
            self._forget(connection)
        return socket

    async def connected(self, count: int = 1) -> None:
        """Wait until the app has so many connections."""
        await self._server.news.until(lambda: len(self.connections) >= count, f"the app has {count} connections")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app on its oldest connection to connect anew; it is the app that closes."""
        if self.connections:
            await self._say_goodbye(self.connections[0], reason)

    async def drop(self) -> None:
        """Cut the oldest connection without a word."""
        if self.connections:
            connection = self.connections[0]
            self._forget(connection)
            await connection.socket.close()

    async def deliver(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        """One attempt on the connection whose turn it is."""
        if not self.connections:
            return Answer(taken=False, reason="no_connection")
        connection = self.connections.pop(0)
        self.connections.append(connection)
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        acknowledged: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = acknowledged
        try:
            await connection.socket.send_json(envelope)
            return await self._server.clock.within(self._patience, _wait(acknowledged))
        except TimeoutError:
            return Answer(taken=False, reason="timeout")
        except ConnectionError:
            return Answer(taken=False, reason="connection_failed")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    def _acknowledge(self, connection: Connection, answer: Json) -> None:
        connection.received.append(answer)
        # an acknowledgement may come on another connection than the envelope went out on
        for each in (connection, *self.connections):
            waiting = each.waiting.get(answer.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(Answer(taken=True, body=answer.get("payload") or None))
                return

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_result(Answer(taken=False, reason="connection_failed"))
        self._server.news.tell()

    async def _say_goodbye(self, connection: Connection, reason: str) -> None:
        await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})
        if connection in self.connections:
            self.connections.remove(connection)


async def _wait(answer: asyncio.Future[Answer]) -> Answer:
    return await answer
