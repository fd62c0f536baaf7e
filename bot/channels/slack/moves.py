"""Channels under the ids that they have now: Slack gives a private channel another one as it is shared with others.

See https://docs.slack.dev/reference/events/channel_id_changed. Everything here keeps the id under which it came to know
a channel, its home; only calls of the Web API name the id that Slack has for it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.addresses import Address, private
from bot.chat.people import SLACK
from bot.service.port import Later
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.service.port import Landmarks

LOOK_EVERY_S: Final = 1.0
"""How often it is looked up whether another process has heard of a move."""
MOST: Final = 10_000
"""Ways that are remembered at a time."""

_LAST: Final = "moved:slack"
"""The landmark that tells which channel was the last to move, and where to."""
_NAMED: Final = ("channel", "channel_id")
"""The arguments that name a channel."""

_LOG: Final = structlog.get_logger(__name__)


class Moves:
    """Where channels are now, and where their homes are. All raise Unavailable.

    What is known of a channel is remembered until one moves: each message and each call of the Web API asks for it.
    """

    def __init__(self, landmarks: Landmarks) -> None:
        """`landmarks` hold, of each channel that has moved, the way in either direction."""
        self._landmarks = landmarks
        self._known: dict[str, str | None] = {}
        """By the names of landmarks; a new one after each move, so that nothing from before it is written there."""
        self._last: str | None = None
        self._look_at = 0.0

    async def now(self, where: Address) -> str:
        """The id that the channel of an address has now."""
        moved = None if private(where) else await self._landmark(_moved(where))
        return moved or where.chat

    async def home(self, where: Address) -> Address:
        """The address, with the id that its channel has here."""
        home = None if private(where) else await self._landmark(_was(where))
        return where if home is None else msgspec.structs.replace(where, chat=home)

    async def follow(self, where: Address, to: str) -> None:
        """The channel of an address has the id `to` from now on."""
        there = msgspec.structs.replace(where, chat=to)
        if await self._landmarks.landmark(_was(there)) is None:  # or it is told twice, perhaps late
            home = msgspec.structs.replace(where, chat=await self._landmarks.landmark(_was(where)) or where.chat)
            await self._landmarks.set_landmark(_moved(home), to)
            await self._landmarks.set_landmark(_was(there), home.chat)
            _LOG.info("channel_moved", channel=str(home), to=to)
        await self._landmarks.set_landmark(_LAST, str(_place(there)))
        self._look_at = 0.0

    async def _landmark(self, name: str) -> str | None:
        """What a landmark says, as far as it is known; looked up if it is not, or if something has moved since."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_at:
            last = await self._landmarks.landmark(_LAST)
            if last != self._last or len(self._known) >= MOST:
                self._known, self._last = {}, last
            self._look_at = now + LOOK_EVERY_S
        known = self._known
        if name not in known:
            known[name] = await self._landmarks.landmark(name)
        return known[name]


class Client(AsyncWebClient):
    """A client of the Web API for one team, which names each channel by the id that it has now."""

    def __init__(self, moves: Moves, team: str, *given: Any, **more: Any) -> None:
        """`given` and `more` as `AsyncWebClient` has them."""
        super().__init__(*given, **more)
        self._moves = moves
        self._team = team

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """See `AsyncBaseClient.api_call`; raises Later too, where the store cannot tell."""
        for arguments in (given.get("params"), given.get("json"), given.get("data")):
            for name in _NAMED:
                if isinstance(arguments, dict) and isinstance(arguments.get(name), str):
                    where = Address(SLACK.name, self._team, arguments[name])
                    try:
                        arguments[name] = await self._moves.now(where)
                    except Unavailable:
                        raise Later("the database is away") from None
        return await super().api_call(api_method, **given)


def _moved(where: Address) -> str:
    return f"moved:{_place(where)}"


def _was(where: Address) -> str:
    return f"was:{_place(where)}"


def _place(where: Address) -> Address:
    return msgspec.structs.replace(where, thread="")
