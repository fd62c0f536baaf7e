"""The workspaces that have installed the app themselves, and the token of each, kept sealed.

A team is a workspace (`T…`), or an organisation that has it for all of its own (`E…`, Enterprise Grid). Its token opens
all that the app may do there, so the database alone must not give it away: it is sealed, together with the
team that it is for (`bot.service.seals`).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import structlog

from bot.chat.people import SLACK
from bot.service.port import Later, Refused
from bot.service.seals import BrokenSeal, Seals
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service.port import Vault

ALLOWED_S: Final = 600
"""How long somebody may take to allow an installation; Slack's code is good for as long."""

_STATE: Final = "state"

_LOG: Final = structlog.get_logger(__name__)


class Installations:
    """The tokens of teams, kept in `vault`."""

    def __init__(self, vault: Vault, key: str, clock: Callable[[], int]) -> None:
        """`key` as `Seals` takes it. `clock` tells milliseconds since 1970 UTC."""
        self._vault = vault
        self._seals = Seals(key)
        self._clock = clock

    async def token(self, team: str) -> str:
        """The token of a team. Raises Refused where the app is not installed, and Later."""
        try:
            sealed = await self._vault.installed(_account(team))
        except Unavailable:
            raise Later("the database is away") from None
        if sealed is None:
            raise Refused("not_installed")
        try:
            return self._seals.open(team, sealed, self._clock())
        except BrokenSeal:
            _LOG.error("installation_not_opened", team=team, do="set the TRIAGE_SLACK_TOKEN_KEY it was kept with")
            raise Refused("the token of the workspace is sealed with another key") from None

    async def keep(self, team: str, token: str) -> None:
        """The app was installed in a team. Raises Unavailable."""
        await self._vault.install(_account(team), self._seals.close(team, token, self._clock()), self._clock())
        _LOG.info("workspace_installed", team=team)

    async def remove(self, team: str, at: int) -> None:
        """The app was removed from a team at that time, in milliseconds. Raises Unavailable."""
        await self._vault.uninstall(_account(team), at)
        _LOG.info("workspace_removed", team=team)

    def state(self) -> str:
        """What an installation begins with, and nobody else can make."""
        return self._seals.close(_STATE, secrets.token_urlsafe(16), self._clock())

    def is_state(self, state: str) -> bool:
        """Whether an installation began with that, not too long ago."""
        try:
            self._seals.open(_STATE, state, self._clock(), ALLOWED_S)
        except BrokenSeal:
            return False
        return True


def _account(team: str) -> str:
    return f"{SLACK.name}:{team}"
