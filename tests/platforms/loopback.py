"""A server on this machine's loopback: what the stand-ins have in common."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp import web

from tests.platforms.clock import Clock
from tests.platforms.faults import Faults
from tests.platforms.news import News
from tests.platforms.wire import Direction, Exchange, Wire

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path
    from types import TracebackType
    from typing import Any


class Loopback(ABC):
    """A web server with a clock, faults and a record of the wire; started and stopped as an async context."""

    platform = ""

    def __init__(self, *, port: int = 0, record: Path | None = None) -> None:
        """With `port` 0 the system chooses one; with `record` the wire is written to that file too."""
        self.clock = Clock()
        self.faults = Faults()
        self.wire = Wire(record)
        self.news = News()
        self._port = port
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def url(self) -> str:
        """Where the server answers, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def http(self) -> aiohttp.ClientSession:
        """The client with which the platform makes its deliveries."""
        return self._http

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """What the server answers."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside; it ends with the server at the latest, and what it raises is not lost."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def record(self, direction: Direction, method: str, arguments: Any, status: int, answer: Any) -> None:
        """Keep an exchange on the wire."""
        self.wire.add(Exchange(self.platform, direction, method, arguments, status, answer, self.clock.now()))
        self.news.tell()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        # a delivery is a connection of its own: the product may be restarted between two of them
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop answering and delivering."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()
