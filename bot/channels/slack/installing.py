"""Installing the app, by OAuth 2 (https://docs.slack.dev/authentication/installing-with-oauth).

It is installed in a workspace, or by an organisation (Enterprise Grid) for all of its own.

Whoever begins is sent to Slack with a state that stands in a cookie of theirs, too; who comes back with another one did
not begin here, and installs nothing.
"""

from __future__ import annotations

import html
import secrets
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode, urljoin

import structlog
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from bot.channels.slack.failures import FAILURES, reason
from bot.channels.slack.installations import ALLOWED_S
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.channels.slack.installations import Installations

INSTALL: Final = "/slack/install"
REDIRECT: Final = "/slack/oauth_redirect"
SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
)
"""What the app asks to be allowed; manifest.yaml says what each is for."""
COOKIE: Final = "triage-slack-state"

_AGAIN: Final = f'<a href="{INSTALL}">Begin again</a>'
_SAFE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

_LOG: Final = structlog.get_logger(__name__)


class Credentials(NamedTuple):
    """What the app itself proves itself with, whatever the workspace."""

    client_id: str
    client_secret: str


def routes(
    installations: Installations, client: AsyncWebClient, credentials: Credentials, public_url: str = ""
) -> list[Route]:
    """`GET /slack/install` and `GET /slack/oauth_redirect`; `client` has no token.

    Whoever allows it comes back to `public_url`; without one, to the first Redirect URL of the app's page.
    """
    page = urljoin(client.base_url, "../oauth/v2/authorize")
    back = {"redirect_uri": public_url.rstrip("/") + REDIRECT} if public_url else {}

    async def install(request: Request) -> Response:
        state = installations.state()
        asked = {"client_id": credentials.client_id, "scope": ",".join(SCOPES), "state": state, **back}
        team = request.query_params.get("team")
        response = RedirectResponse(f"{page}?{urlencode(asked | ({'team': team} if team else {}))}", 302, _SAFE)
        response.set_cookie(
            # a browser takes no secure cookie from an address without TLS, where one tries it out
            COOKIE, state, max_age=ALLOWED_S, path=REDIRECT, secure=_by_tls(request), httponly=True, samesite="lax",
        )  # fmt: skip
        return response

    async def allowed(request: Request) -> Response:
        given = request.query_params
        state = given.get("state", "")
        if not secrets.compare_digest(state.encode(), request.cookies.get(COOKIE, "").encode()):
            return _page(400, "This did not begin in this browser.", _AGAIN)
        if not installations.is_state(state):
            return _page(400, "This began too long ago.", _AGAIN)
        if "code" not in given:
            return _page(200, "Nothing was installed.", _AGAIN)
        try:
            proof = {**credentials._asdict(), "code": given["code"], **back}
            answer = await client.api_call("oauth.v2.access", data=proof)
        except FAILURES as error:
            _LOG.warning("workspace_not_installed", error=reason(error) or type(error).__name__)
            return _page(502, "Slack did not confirm the installation.", _AGAIN)
        found = _team(answer.data)
        if isinstance(found, str):
            return _page(400, found)
        try:
            await installations.keep(found.team, found.token)
        except Unavailable:
            return _page(503, "This could not be kept just now. Please try again in a moment.", _AGAIN)
        return _page(200, f"Installed in {found.name}.", f'<a href="{html.escape(found.link)}">{found.next}</a>')

    return [Route(INSTALL, install, methods=["GET"]), Route(REDIRECT, allowed, methods=["GET"])]


class _Team(NamedTuple):
    """A workspace, or an organisation with all of its own; and where to go on, under which words."""

    team: str
    name: str
    token: str
    link: str
    next: str


def _team(answer: Any) -> _Team | str:
    """What was installed where, or why it cannot be used.

    See https://docs.slack.dev/enterprise/organization-ready-apps for what an organisation's answer says.
    """
    if "expires_in" in answer:
        return "The app's tokens expire. Please switch token rotation off on the app's page."
    app, token = answer.get("app_id") or "", answer["access_token"]
    if answer.get("is_enterprise_install"):
        team = answer["enterprise"]
        link = f"https://app.slack.com/manage/{team['id']}/integrations/profile/{app}/workspaces/add"
        return _Team(team["id"], team.get("name") or team["id"], token, link, "Choose the workspaces that it is for")
    team = answer["team"]
    link = "https://slack.com/app_redirect?" + urlencode({"team": team["id"], "app": app})
    return _Team(team["id"], team.get("name") or team["id"], token, link, "Open it in Slack")


def _by_tls(request: Request) -> bool:
    return "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "")}


def _page(status: int, said: str, link: str = "") -> HTMLResponse:
    """A page that says one thing; `link` is HTML."""
    style = "font: 1.2rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto; padding: 0 1rem"
    content = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Triage</title>'
        f'<body style="{style}"><p>{html.escape(said)}</p><p>{link}</p>'
    )
    return HTMLResponse(content, status, _SAFE)
