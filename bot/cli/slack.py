"""Slack as the settings want it: its channel, and what brings its payloads while the service runs."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.connecting import client, make, route, session
from bot.channels.slack.failures import reason
from bot.channels.slack.files import SlackFiles
from bot.channels.slack.home import Homes
from bot.channels.slack.ingest import Ingest
from bot.channels.slack.installations import Installations
from bot.channels.slack.installing import Credentials
from bot.channels.slack.installing import routes as installing
from bot.channels.slack.moves import Client, Moves
from bot.channels.slack.outbound import SlackChannel
from bot.channels.slack.people import PATIENCE_S
from bot.channels.slack.socket_mode import listen
from bot.channels.slack.status import Working
from bot.chat.addresses import parse
from bot.chat.people import SLACK
from bot.service.port import Refused
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from aiohttp import ClientSession
    from slack_bolt.async_app import AsyncApp
    from starlette.routing import BaseRoute

    from bot.channels.platform import Host
    from bot.flow.loader import Loaded
    from bot.service.port import Files
    from bot.service.recall import Recall
    from bot.settings import Settings


_DEAD: Final = frozenset({"invalid_auth", "account_inactive", "token_revoked"})
"""What Slack says to the token of an app that was removed."""
_WRONG: Final = _DEAD | {"not_authed", "not_allowed_token_type", "missing_scope"}
"""What Slack says to a token that will not do, however long one waits."""


def of_settings(settings: Settings) -> Slack | None:
    """Slack, if there is a token, or an app to be installed; raises SettingsError for what does not fit together."""
    token = settings.slack_bot_token.get_secret_value()
    secret = settings.slack_signing_secret.get_secret_value()
    app_token = settings.slack_app_token.get_secret_value()
    many = _by_oauth(settings)
    if token and many:
        raise SettingsError(
            "TRIAGE_SLACK_BOT_TOKEN is for one workspace, TRIAGE_SLACK_CLIENT_ID for many. Set one of them."
        )
    if not token and not many:
        if secret or app_token:
            raise SettingsError("TRIAGE_SLACK_BOT_TOKEN is not set, but another setting of Slack is.")
        return None
    if not secret and not app_token:
        raise SettingsError(
            "TRIAGE_SLACK_SIGNING_SECRET is not set. Copy it from the app's page, Basic Information; or set "
            "TRIAGE_SLACK_APP_TOKEN to use Socket Mode."
        )
    return Slack(settings)


def _by_oauth(settings: Settings) -> bool:
    """Whether the app is to be installed in many workspaces; raises SettingsError if half of what that takes is set."""
    needed = {
        "TRIAGE_SLACK_CLIENT_ID": settings.slack_client_id,
        "TRIAGE_SLACK_CLIENT_SECRET": settings.slack_client_secret.get_secret_value(),
        "TRIAGE_SLACK_TOKEN_KEY": settings.slack_token_key.get_secret_value(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing and len(missing) < len(needed):
        raise SettingsError(f"To be installed in many workspaces, the app needs {' and '.join(missing)} as well.")
    return not missing


async def _proved(call: Awaitable[object], wrong: str) -> None:
    """Make a call by which Slack says what it thinks of a token; raises SettingsError, and what else it raises."""
    try:
        await call
    except SlackApiError as error:
        if reason(error) in _WRONG:
            raise SettingsError(wrong) from None
        raise


class Slack:
    """The app of a deployment, as a `Platform`."""

    name = SLACK.name

    def __init__(self, settings: Settings) -> None:
        """It is not connected yet."""
        self._token = settings.slack_bot_token.get_secret_value()
        self._secret = settings.slack_signing_secret.get_secret_value()
        self._app_token = settings.slack_app_token.get_secret_value()
        self._api_url = settings.slack_api_url
        self._staff = settings.places
        self._public_url = settings.public_url
        self._session: ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}
        """That of the one workspace, by its id."""
        self._moves: Moves | None = None
        self._credentials = Credentials(settings.slack_client_id, settings.slack_client_secret.get_secret_value())
        self._token_key = settings.slack_token_key.get_secret_value()
        self._installations: Installations | None = None
        self._ingest: Callable[..., Ingest] | None = None

    def files(self) -> SlackFiles:
        """See `Platform.files`."""
        return SlackFiles(self._client_for)

    def channel(self, recall: Recall, files: Mapping[str, Files]) -> SlackChannel:
        """See `Platform.channel`."""
        if self._token_key:
            self._installations = Installations(recall.vault, self._token_key, lambda: int(time.time() * 1000))
        self._moves = Moves(recall.landmarks)
        homes, working = Homes(self._client_for, recall, self._staff.on(self.name)), Working(self._client_for, recall)

        def sent(address: str) -> None:
            working.end(address)
            homes.changed(address)

        self._ingest = partial(
            Ingest, self._client_for, self._gone, recall=recall, moves=self._moves, homes=homes, working=working
        )
        return SlackChannel(self._client_for, recall, files, self._staff, sent, alone=bool(self._token))

    async def introduce(self, loaded: Loaded) -> None:  # noqa: ARG002  (as the port has it)
        """See `Platform.introduce`: the app's commands are in its manifest; only its tokens can be wrong."""
        if self._token:
            await _proved(
                self._on_session(self._token).auth_test(),
                "TRIAGE_SLACK_BOT_TOKEN: Slack does not know this token. Copy the Bot User OAuth Token, xoxb-…",
            )
        if self._app_token:  # the library would go on trying a wrong one without a word
            await _proved(
                self._on_session(None).apps_connections_open(app_token=self._app_token),
                "TRIAGE_SLACK_APP_TOKEN: Slack does not take this token for Socket Mode. Make one with the scope "
                "connections:write, xapp-…, and switch Socket Mode on.",
            )
        at = self._staff.on(self.name)
        place = parse(at) if at else None
        home = await self._moves.home(place) if place is not None and self._moves is not None else place
        if home != place:
            raise SettingsError(f"TRIAGE_STAFF: the cases of this channel are kept under the id that it had: {home}")

    def routes(self, host: Host) -> Sequence[BaseRoute]:
        """See `Platform.routes`: the request URL, unless Socket Mode is used; where the app is installed."""
        found = [] if self._app_token else [route(self._app(host), self._secret)]
        if self._installations is not None:
            found += installing(self._installations, self._on_session(None), self._credentials, self._public_url)
        return found

    async def run(self, host: Host) -> None:
        """See `Platform.run`: Socket Mode, if there is a token for it."""
        if self._app_token:
            await listen(self._app(host), self._app_token)

    async def close(self) -> None:
        """See `Platform.close`."""
        if self._session is not None:
            await self._session.close()

    def _app(self, host: Host) -> AsyncApp:
        assert self._ingest is not None  # noqa: S101  (the channel was made before)
        ingest = self._ingest(intake=host.intake, desk=host.desk(self.name))
        return make(ingest, self._token, self._api_url)

    async def _client_for(self, team: str) -> AsyncWebClient:
        """See `SlackChannel`. Each time as the store has it: another process may have installed or removed it."""
        if self._installations is not None:
            return self._on_session(await self._installations.token(team), team)
        if team not in self._clients:
            self._clients[team] = self._on_session(self._token, team)
        return self._clients[team]

    def _on_session(self, token: str | None, team: str = "") -> AsyncWebClient:
        """A client on the connections of all; they are made within the loop that uses them."""
        if self._session is None:
            self._session = session()
        kind = AsyncWebClient if self._moves is None else partial(Client, self._moves, team)
        return client(token, self._api_url, self._session, kind)

    async def _gone(self, teams: tuple[str, ...], at: int) -> None:
        """Forget the token of where the app is gone from; of two that may be meant, the ones whose token is dead."""
        if self._installations is not None:
            for team in teams:
                if len(teams) == 1 or await self._dead(team):
                    await self._installations.remove(team, at)

    async def _dead(self, team: str) -> bool:
        """Whether Slack takes the token of a team no more; raises what else Slack says, or does not."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await (await self._client_for(team)).auth_test()
        except Refused:  # there is none
            return False
        except SlackApiError as error:
            if reason(error) in _DEAD:
                return True
            raise
        return False
