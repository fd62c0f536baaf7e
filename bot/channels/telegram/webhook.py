"""The webhook: Telegram posts each update, and is answered 200 after it is kept."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

import msgspec
import structlog
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.channels.telegram.ingest import Ingest

PATH: Final = "/telegram/webhook"
MOST: Final = 1 << 20
"""Bytes of a body; an update has some kilobytes."""
SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the name of a header)

_LOG: Final = structlog.get_logger(__name__)


def route(ingest: Ingest, secret: str) -> Route:
    """`POST /telegram/webhook`: 403 without the secret, 413 for too much, 400 for no JSON, 503 for what is not kept."""

    async def take(request: Request) -> Response:
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                return Response(status_code=413)
        try:
            update = msgspec.json.decode(bytes(body))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return Response(status_code=400)
        try:
            await ingest.take(update)
        except Exception as error:  # noqa: BLE001  (whatever it is, the update was not kept; its text stays out of the log)
            _LOG.warning("update_not_kept", error=type(error).__name__)
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)

    return Route(PATH, take, methods=["POST"])
