"""The app itself, on slack-bolt, over HTTP and in Socket Mode.

Whatever comes is kept before Slack is acknowledged, in a middleware that runs before the library looks anything up. The
library would acknowledge first and lose what fails afterwards; none of its listeners is used.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.slack.inbound import repeated

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from bot.channels.slack.ingest import Ingest

PATH: Final = "/slack/events"
API_URL: Final = "https://slack.com/api/"
MOST: Final = 1 << 20
"""Bytes of a body; a payload has some kilobytes."""
TIME_S: Final = 30
KEPT_S: Final = 5
"""How long a connection is kept that nobody uses: Slack closes one in the end, perhaps just as it is used again."""
_KIND: Final = "content-type"
_STAMP: Final = "x-slack-request-timestamp"
_SIGNATURE: Final = "x-slack-signature"
_SOME: Final = {"type", "command", "ssl_check"}
"""What a payload has one of."""

_LOG: Final = structlog.get_logger(__name__)


def session() -> aiohttp.ClientSession:
    """Connections that clients share; to be closed. Made within the event loop that uses them."""
    connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_S)
    jar = aiohttp.DummyCookieJar()
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(TIME_S), cookie_jar=jar)


def client(
    token: str | None,
    api_url: str,
    shared: aiohttp.ClientSession | None = None,
    kind: Callable[..., AsyncWebClient] = AsyncWebClient,
) -> AsyncWebClient:
    """A client of the Web API; without connections to share it opens one for each call.

    It retries nothing by itself: the library would post twice where an answer was lost.
    """
    return kind(token, base_url=api_url or API_URL, timeout=TIME_S, session=shared, retry_handlers=[])


class _Keeping(AsyncMiddleware):
    """Keeps a payload before the library looks at it; a middleware that is a function costs it twice as long."""

    def __init__(self, ingest: Ingest) -> None:
        self._ingest = ingest

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (the library passes it by this name)
    ) -> BoltResponse:
        if req.body.get("type") == "url_verification":
            await next()
            return resp
        try:
            answer = await self._ingest.take(req.body)
        except Exception as error:  # noqa: BLE001  (whatever it is, it was not kept; its text stays out of the log)
            _LOG.warning("payload_not_kept", error=type(error).__name__)
            if repeated(req.body):
                return BoltResponse(status=503)
            return BoltResponse(status=200, body=_sorry(req.body))
        return BoltResponse(status=200, body=answer)


def make(ingest: Ingest, token: str, api_url: str) -> AsyncApp:
    """The app, which hands everything to `ingest`. Signatures are looked at before, by `route`."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.CRITICAL)  # it logs what it is sent

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    return AsyncApp(
        name="triage",  # without one the library reads the source of all callers to find one
        signing_secret="",
        client=client(token, api_url),
        authorize=authorize,
        before_authorize=_Keeping(ingest),
        request_verification_enabled=False,
        logger=quiet,
    )


def _sorry(body: dict[str, Any]) -> dict[str, Any] | str:
    """What somebody reads whose press or form was not kept: Slack does not bring those again."""
    words = "This did not get through to us. Please try again in a moment."
    if body.get("type") == "view_submission":
        blocks = [{"type": "section", "text": {"type": "plain_text", "text": words}}]
        view = {"type": "modal", "title": {"type": "plain_text", "text": "…"}, "blocks": blocks}
        return {"response_action": "push", "view": view}
    return {"response_type": "ephemeral", "text": words} if "command" in body else ""


def route(app: AsyncApp, signing_secret: str) -> Route:
    """`POST /slack/events`: 401 without Slack's signature, 413 for too much, 400 for what is no payload."""
    verifier = SignatureVerifier(signing_secret)

    async def take(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                return Response(status_code=413)
        stamp, signature = (request.headers.get(name, "") for name in (_STAMP, _SIGNATURE))
        try:
            text = body.decode()
            if not stamp.isdecimal() or not verifier.is_valid(text, stamp, signature):
                return Response(status_code=401)
            # the library reads each header it is given; of a repetition the body tells as much
            asked = AsyncBoltRequest(body=text, headers={_KIND: request.headers.get(_KIND, "")})
        except Exception:  # noqa: BLE001  (whatever the library stumbles over when it reads it is no payload)
            return Response(status_code=400)
        if not _SOME & asked.body.keys():
            return Response(status_code=400)
        answered = await app.async_dispatch(asked)
        return Response(answered.body, answered.status, answered.first_headers_without_set_cookie())

    return Route(PATH, take, methods=["POST"])
