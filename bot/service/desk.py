"""From what staff do at their place to the conversation that it is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import replied
from bot.chat.events import Command, Written
from bot.chat.people import User
from bot.service.quoting import PAUSES_S, quoted
from bot.service.step import Received
from bot.store.port import Unavailable
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.chat.addresses import Address
    from bot.chat.events import Reacted
    from bot.chat.places import Places
    from bot.service.intake import Intake, Result
    from bot.store.port import Store

_NOBODY = User("")
_Doing = TypeVar("_Doing", bound="Written | Command | Reacted")


class Desk:
    """The place of staff on a channel: its messages and buttons are about the case in whose thread they are."""

    def __init__(self, store: Store, intake: Intake, staff: Places, channel: str) -> None:
        """`staff` are the places that cases go to; none of them need be on the channel."""
        self._store = store
        self._intake = intake
        self._staff = staff
        self._channel = channel
        self._place = parse(staff.on(channel)) if staff.on(channel) else None

    def is_at(self, where: Address) -> bool:
        """Whether something that happened there is the doing of staff."""
        return self._place is not None and msgspec.structs.replace(where, thread="") == self._place

    async def bring(self, natives: Iterable[str], event: Written | Command, about: str = "") -> Result | None:
        """Bring what was done in the thread, or at the message, with one of these ids; None if that is no case's.

        `about` is the id of the message that it replies to. Raises Busy and StoreError: then it is to be brought again,
        also because it may be about a case whose first message was sent by a process that died.
        """
        ids = tuple(natives)
        for pause_s in PAUSES_S if isinstance(event, Command) else (0.0,):
            await asyncio.sleep(pause_s)
            address = await self.whose(ids)
            if address is not None:
                if about and isinstance(event, Written):
                    own = replied(self._staff.origin(self._channel, about))
                    found = await quoted(self._store, address, str(self._place), about, own)
                    event = msgspec.structs.replace(event, quoted=found)
                return await self._submit(address, event)
        if ids and await self._store.opening(str(self._place)):
            raise Unavailable("a case is being opened, and it is not written down yet by which message")
        return None

    async def react(self, native: str, event: Reacted) -> Result | None:
        """Bring a reaction to the message with that id; None if that shows nothing of a merchant's. Raises the same."""
        address = None
        for pause_s in PAUSES_S:
            await asyncio.sleep(pause_s)
            address = address or await self.whose((native,))
        found = await quoted(self._store, address, str(self._place), native) if address is not None else None
        if address is None or found is None:
            return None
        return await self._submit(address, msgspec.structs.replace(event, quoted=found))

    async def whose(self, natives: Iterable[str]) -> str | None:
        """The conversation that the first of these belongs to that is part of one; None for none. Raises the same."""
        for native in natives:
            address = await self._store.whose(str(self._place), native)
            if address is not None:
                return address
        return None

    async def bring_to(self, case: str, event: Written | Command) -> Result | None:
        """Bring what is about the case with that reference; None if there is no such case. Raises the same."""
        address = await self._store.case(case)
        return None if address is None else await self._submit(address, event)

    async def _submit(self, address: str, event: Written | Command | Reacted) -> Result:
        event = _here(event, self._staff, self._channel)
        return await self._intake.submit(Arrival(address, f"staff:{event.key}", Received(event, _NOBODY)))


def _here(event: _Doing, staff: Places, channel: str) -> _Doing:
    """What staff did on that channel, with the place where they did it: it counts where there are others."""
    if isinstance(event, Written):
        return msgspec.structs.replace(event, origin=staff.origin(channel, event.origin))
    if not staff.several:
        return event
    if isinstance(event, Command) and event.origin:
        event = msgspec.structs.replace(event, origin=staff.origin(channel, event.origin))
    return msgspec.structs.replace(event, at=channel)
