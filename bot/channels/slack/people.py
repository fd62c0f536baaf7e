"""Who writes: what Slack says of its users, remembered for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import structlog

from bot.channels.slack.failures import NOT_DONE, reason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

_T = TypeVar("_T")

REMEMBERED: Final = 10_000
PATIENCE_S: Final = 1.0
"""How long an acknowledgement may wait for a name: the platform itself waits for three seconds."""

_LOG: Final = structlog.get_logger(__name__)


class Who(NamedTuple):
    """A user: what to call them, their language as Slack names it, and their direct messages with the app."""

    name: str = ""
    locale: str = ""


class _Asked(NamedTuple):
    """A question to Slack, and until when its answer is waited for, in seconds of the loop."""

    answer: asyncio.Task[Who]
    until: float


class People:
    """Looks users up."""

    def __init__(self, client_for: Clients) -> None:
        """See `SlackChannel`."""
        self._client_for = client_for
        self._known: OrderedDict[tuple[str, str], Who] = OrderedDict()
        self._asked: dict[tuple[str, str], _Asked] = {}
        self._direct: OrderedDict[tuple[str, str], str] = OrderedDict()

    def knows(self, team: str, user: str) -> bool:
        """Whether `who` can tell at once."""
        return (team, user) in self._known

    async def who(self, team: str, user: str) -> Who:
        """Who that is; nothing of whom Slack does not tell about in time.

        Slack is asked once: whoever wants to know meanwhile waits for that answer, and for a late one nobody twice.
        """
        found = self._known.get((team, user))
        if found is not None:
            return found
        asked = self._asked.get((team, user))
        if asked is None:
            until = asyncio.get_running_loop().time() + PATIENCE_S
            asked = self._asked[team, user] = _Asked(asyncio.create_task(self._ask(team, user)), until)
        try:
            async with asyncio.timeout_at(asked.until):
                return await asyncio.shield(asked.answer)
        except TimeoutError:
            _LOG.info("user_not_looked_up", error="TimeoutError")
            return Who()

    async def _ask(self, team: str, user: str) -> Who:
        try:
            client = await self._client_for(team)
            answer = await client.users_info(user=user, include_locale=True)
        except NOT_DONE as error:
            _LOG.info("user_not_looked_up", error=reason(error) or type(error).__name__)
            return Who()
        finally:
            del self._asked[team, user]
        profile = answer["user"].get("profile") or {}
        name = profile.get("first_name") or profile.get("display_name") or answer["user"].get("real_name") or ""
        found = Who(name, answer["user"].get("locale") or "")
        _remember(self._known, (team, user), found)
        return found

    async def direct(self, team: str, user: str) -> str:
        """The id of a user's direct messages with the app. Raises NOT_DONE."""
        found = self._direct.get((team, user))
        if found is None:
            client = await self._client_for(team)
            found = str((await client.conversations_open(users=user))["channel"]["id"])
            _remember(self._direct, (team, user), found)
        return found


def _remember(known: OrderedDict[tuple[str, str], _T], key: tuple[str, str], value: _T) -> None:
    known[key] = value
    if len(known) > REMEMBERED:
        known.popitem(last=False)
