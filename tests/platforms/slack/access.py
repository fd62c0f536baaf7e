"""Methods that are called without a bot token: installing by OAuth, and opening Socket Mode."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from tests.platforms.slack.refusals import Refusal

if TYPE_CHECKING:
    from tests.platforms.slack.sockets import Sockets
    from tests.platforms.slack.world import Workspace, World
    from tests.platforms.wire import Json

CODE_SECONDS = 600


class Access:
    """The app's own credentials, and what they open."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self._world = world
        self._sockets = sockets
        self.client_id = "1000000001.2000000002"
        self.client_secret = "stand-in-client-secret"
        self.signing_secret = "stand-in-signing-secret"
        self.app_token = f"xapp-1-{world.app_id}-stand-in"
        self.redirect_url = ""
        """The first one of the app's page, which counts where none is asked for."""
        self.installing: Workspace | None = None
        """The workspace that somebody installs the app in next; None for the first one."""
        self._codes: dict[str, tuple[Workspace, str, str, float]] = {}

    def code(self, workspace: Workspace, installer: str, back: str = "") -> str:
        """The code that Slack hands over when somebody allowed the installation; good for ten minutes, once.

        `back` is the address that was asked for, which has to be named again.
        """
        code = secrets.token_hex(12)
        self._codes[code] = (workspace, installer, back, self._world.clock.now() + CODE_SECONDS)
        return code

    async def authorize(self, request: web.Request) -> web.Response:
        """The page on which somebody allows the installation, who does so at once; back to the app with a code."""
        asked = request.query
        if asked.get("client_id") != self.client_id:
            return web.Response(status=400, text="invalid_client_id")
        workspace = next(iter(self._world.workspaces.values())) if self.installing is None else self.installing
        missing = set(asked.get("scope", "").split(",")) - workspace.installation.scopes
        if missing:
            return web.Response(status=400, text=f"invalid_scope: {', '.join(sorted(missing))}")
        installer = next((each.id for each in workspace.users.values() if not each.is_bot), "")
        code = self.code(workspace, installer, asked.get("redirect_uri", ""))
        back = urlencode({"code": code, "state": asked.get("state", "")})
        to = asked.get("redirect_uri", self.redirect_url)
        if not to:
            return web.Response(status=400, text="bad_redirect_uri")
        raise web.HTTPFound(f"{to}?{back}")

    def connections_open(self, token: str) -> Json:
        """apps.connections.open: the address of a websocket."""
        if token != self.app_token:
            raise Refusal("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        return {"url": self._sockets.ticket()}

    def exchange(self, client_id: str, client_secret: str, code: str, back: str = "") -> Json:
        """oauth.v2.access: the bot token of the workspace that installed the app."""
        if client_id != self.client_id:
            raise Refusal("invalid_client_id")
        if client_secret != self.client_secret:
            raise Refusal("bad_client_secret")
        workspace, installer, asked, until = self._codes.pop(code, (None, "", "", 0.0))
        if workspace is None or self._world.clock.now() > until:
            raise Refusal("invalid_code")
        if back != asked:
            raise Refusal("bad_redirect_uri")
        installation = workspace.installation
        installation.active = True
        return {
            "app_id": self._world.app_id,
            "authed_user": {"id": installer},
            "scope": ",".join(sorted(installation.scopes)),
            "token_type": "bot",
            "access_token": installation.token,
            "bot_user_id": installation.bot.id,
            **_installed_in(workspace),
        }


def _installed_in(workspace: Workspace) -> Json:
    """Where the app was installed: in a workspace, or in an organisation, whose answer names no workspace."""
    organisation = workspace.organisation
    if organisation is None:
        team = {"id": workspace.id, "name": workspace.name}
        return {"team": team, "enterprise": None, "is_enterprise_install": False}
    enterprise = {"id": organisation.id, "name": organisation.name}
    return {"team": None, "enterprise": enterprise, "is_enterprise_install": True}
