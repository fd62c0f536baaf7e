"""The HTTP server of a process: uvicorn on a port, which stops without breaking off what it answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Final, Self

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from starlette.types import ASGIApp

GRACE_S: Final = 10
"""How long requests that are under way may take to be answered at the end."""


class Occupied(Exception):  # noqa: N818  (an answer of the system, not a defect)
    """The port cannot be listened on; the message says why and what to do."""


class WebServer:
    """Serves `app` on a port, from `listen` until `close`, or until its context ends."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Listen to nothing yet."""
        self._app = app
        self._host = host
        self._port = port
        self._server: _Uvicorn | None = None
        self._serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def listen(self) -> None:
        """Listen from now on, if it does not yet. Raises Occupied."""
        if self._serving is not None:
            return
        sockets = bound(self._host, self._port)
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        self._server = _Uvicorn(config)
        self._serving = asyncio.create_task(self._server.serve(sockets))

    async def close(self) -> None:
        """Listen no more; return when what is under way was answered."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving


class _Uvicorn(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def bound(host: str, port: int) -> list[socket.socket]:
    """Sockets of that port on every address that `host` stands for; raises Occupied."""
    sockets: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, address in dict.fromkeys((each[0], each[4][:2]) for each in found):
            sockets.append(socket.create_server((str(address[0]), port), family=family))
    except OSError as error:
        for each in sockets:
            each.close()
        # the system's own words; the library puts the address into them once more
        why = (error.strerror or "it cannot be used").partition(" (")[0].lower()
        raise Occupied(f"{host}, port {port}: {why}. Set TRIAGE_HTTP_HOST or TRIAGE_HTTP_PORT to another.") from None
    return sockets
