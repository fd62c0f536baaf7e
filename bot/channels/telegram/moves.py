"""The staff's group under the id that it has now: a group that becomes a supergroup gets another one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bot.chat.addresses import parse
from bot.chat.people import TELEGRAM

if TYPE_CHECKING:
    from bot.chat.addresses import Address
    from bot.service.port import Landmarks

LOOK_EVERY_S: Final = 5.0
"""How often it is looked up whether another process has heard of a move."""

_LOG: Final = structlog.get_logger(__name__)


class Moves:
    """Where the staff's group is. Its cases keep the address that the settings name, `staff`, wherever it goes."""

    def __init__(self, landmarks: Landmarks, staff: str) -> None:
        """`staff` is an address, on any channel, or "" for none."""
        place = parse(staff) if staff else None
        self._landmarks = landmarks
        self._place = place if place is not None and place.channel == TELEGRAM.name else None
        self._moved = ""
        self._look_at = 0.0

    @property
    def here(self) -> bool:
        """Whether staff are on Telegram."""
        return self._place is not None

    async def chat(self) -> str:
        """The id of the staff's chat now, "" if there is none. Raises Unavailable."""
        if self._place is None:
            return ""
        now = asyncio.get_running_loop().time()
        if not self._moved and now >= self._look_at:
            self._moved = await self._landmarks.landmark(self._name) or ""
            self._look_at = now + LOOK_EVERY_S
        return self._moved or self._place.chat

    def concerns(self, to: Address) -> bool:
        """Whether that is the chat of staff, as the settings name it."""
        return self._place is not None and to.chat == self._place.chat

    async def follow(self, chat: str) -> None:
        """The group goes on as that chat. Raises Unavailable."""
        await self._landmarks.set_landmark(self._name, chat)
        self._moved = chat
        assert self._place is not None  # noqa: S101  (or it would not have moved)
        setting = f"{self._place.channel}:{self._place.account}:{chat}:"
        _LOG.warning("staff_group_moved", change=f"TRIAGE_STAFF={setting}")

    @property
    def _name(self) -> str:
        return f"moved:{self._place}"
