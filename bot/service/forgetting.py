"""A merchant's data is removed when they say so; what of it must not go unseen is seen to before.

Two rounds: first every conversation of theirs learns of it, as an event, so that staff are told and cases end, or it is
said which temporary account keeps it from being done. Then, once all that was to be said has left, everything is
removed in one transaction, this order included: a crash before leaves it to be done again, after it there is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import Forget
from bot.chat.events import Forgetting
from bot.conversation import decode
from bot.desk.case import GONE
from bot.service.outgoing import ERASER
from bot.service.port import Done, Later, Whole
from bot.service.registry import Registry
from bot.service.reporting import bring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.service.intake import Intake
    from bot.store.port import Store
    from bot.store.rows import Delivery

PATIENCE: Final = 1_400
"""Attempts, about a day of them, in which what is still to be said may leave."""
SOON_MS: Final = 250

_DECODER: Final = msgspec.json.Decoder(Forget)


class Eraser(Whole):
    """The `Channel` that removes what merchants want removed; what a conversation was told it knows by its key."""

    carrier = ERASER

    def __init__(self, store: Store, intake: Intake, clock: Callable[[], int]) -> None:
        """`intake` tells conversations of it."""
        self._registry = Registry(store.url)
        self._intake = intake
        self._clock = clock

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Do one round. Raises Later as long as something is to leave before, and Done when all is removed."""
        theirs = await self._registry.theirs(delivery.address)
        left = _left(document for _, document in theirs)
        if left or not _DECODER.decode(delivery.payload).sure:
            await self._tell(delivery, theirs, left)
            return ()
        patient = delivery.attempts < PATIENCE
        if not await self._registry.forget(delivery.address, delivery.id, self._clock(), patient=patient):
            raise Later("something is still to be said", SOON_MS)
        raise Done

    async def _tell(self, delivery: Delivery, theirs: Sequence[tuple[str, str]], left: str) -> None:
        """Tell those whom it concerns, the one in which it was asked for last, because it goes on with it."""
        for address, document in sorted(theirs, key=lambda each: each[0] == delivery.address):
            asked, case = address == delivery.address, decode(document).case
            if asked or not left or (case is not None and case.id == left):
                await bring(self._intake, address, Forgetting(f"forgetting:{delivery.id}", asked=asked, left=left))


def _left(documents: Iterable[str]) -> str:
    """The first case of which a temporary account may be left."""
    cases = (decode(each).case for each in documents)
    return next((case.id for case in cases if case and case.status != "closed" and case.access.state not in GONE), "")
