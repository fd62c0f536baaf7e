"""The HTTP server: a port of its own, or a word why not; nothing that it has begun to answer is broken off."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.web.server import Occupied, WebServer
from tests.ports import free_port

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Slow:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        """Ask for nothing yet."""
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        """Answer."""
        self.asked.set()
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"answered"})


async def test_what_is_under_way_is_answered() -> None:
    """To close is to take nothing more, and to wait for what was taken; the port is free then."""
    app, port = Slow(), free_port()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        async with WebServer(app, "127.0.0.1", port) as server:
            server.listen()
            answer = asyncio.create_task(http.get("/"))
            await app.asked.wait()
            closing = asyncio.create_task(server.close())
            await asyncio.sleep(0.3)
            assert not closing.done()
            app.go_on.set()
            assert (await answer).text == "answered"
            await closing
        with pytest.raises(httpx.ConnectError):
            await http.get("/")


async def test_a_port_that_is_taken() -> None:
    """It is said whose it is not to be, and how to name another; once it is free it can be listened on after all."""
    with socket.create_server(("127.0.0.1", free_port())) as other:
        port = other.getsockname()[1]
        async with WebServer(Slow(), "127.0.0.1", port) as server:
            with pytest.raises(Occupied, match=rf"port {port}: address already in use\. Set TRIAGE_HTTP_HOST or"):
                server.listen()
            other.close()
            server.listen()
            server.listen()  # again is no mistake


async def test_a_host_that_is_not_ours() -> None:
    """A name or address of no interface here is refused in the same way."""
    with pytest.raises(Occupied, match="port 8080"):
        WebServer(Slow(), "203.0.113.7", 8080).listen()
