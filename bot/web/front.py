"""The one ASGI application of a process: its health from the start, each platform's routes as soon as it has them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, Router

from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import Message, Receive, Scope, Send

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"
SERVICE: Final = "service"
"""What is lacking until the process has the store, and on a file the seat beside it."""
STORE: Final = "store"
PROBE_S: Final = 2.0
"""How long the store may take to answer before it counts as away."""

_RETRY: Final = {"Retry-After": "1"}

_LOG: Final = structlog.get_logger(__name__)


class Front:
    """The application. Whatever it does not know yet it answers with 503, so that a platform brings it again."""

    def __init__(self, platforms: Iterable[str]) -> None:
        """`platforms` are those that have to be introduced before the process is ready."""
        self._lacking = {SERVICE, *platforms}
        self._probe: Callable[[], Awaitable[None]] | None = None
        self._stopping = False
        # without the framework's layers around it, each of which would cost every event something
        self._router = Router([Route(LIVE, self._live), Route(READY, self._ready)], default=self._unknown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer. A route's defect is answered with 500; only its name is logged, for its text may hold a message."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._router(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  (as above)
            _LOG.error("request_failed", error=type(error).__name__)
            if not begun:
                await Response(status_code=500)(scope, receive, send)

    def serve(self, probe: Callable[[], Awaitable[None]], figures: Callable[[], Awaitable[bytes]]) -> None:
        """The service runs; `probe` raises StoreError while its store cannot be reached; `figures` are Prometheus'."""
        self._probe = probe
        self._router.routes.append(Route(METRICS, _metrics(figures)))
        self._lacking.discard(SERVICE)

    def open(self, platform: str, routes: Sequence[BaseRoute]) -> None:
        """That platform was introduced; answer its routes from now on."""
        self._router.routes.extend(routes)
        self._lacking.discard(platform)

    def stop(self) -> None:
        """Be ready for nothing more."""
        self._stopping = True

    async def _live(self, _: Request) -> Response:
        return PlainTextResponse("live\n")

    async def _ready(self, _: Request) -> Response:
        """Whether to send this process anything, and what it waits for otherwise."""
        lacking = set(self._lacking)
        if self._probe is not None and not await _answers(self._probe):
            lacking.add(STORE)
        status = "stopping" if self._stopping else "waiting" if lacking else "ready"
        content = {"status": status, "waits_for": sorted(lacking)}
        return JSONResponse(content, 200 if status == "ready" else 503)

    async def _unknown(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        known_later = bool(self._lacking)
        response = PlainTextResponse(
            "not yet\n" if known_later else "there is nothing here\n",
            503 if known_later else 404,
            _RETRY if known_later else None,
        )
        await response(scope, receive, send)


def _metrics(figures: Callable[[], Awaitable[bytes]]) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Response(await figures(), media_type=CONTENT_TYPE_LATEST)

    return metrics


async def _answers(probe: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with asyncio.timeout(PROBE_S):
            await probe()
    except (StoreError, TimeoutError):
        return False
    return True
