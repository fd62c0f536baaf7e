"""Cases are joined: one is a duplicate of another one of the same merchant, in which it goes on.

Both are told, each as an event of its own conversation; the one that goes on is told once the other has ended as its
duplicate, which something may have come in the way of. A crash between the two has it done again, and who knows of it
already knows that by the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import Join
from bot.chat.events import Joined
from bot.conversation import decode
from bot.service.outgoing import JOINER
from bot.service.port import Whole
from bot.service.reporting import bring
from bot.service.step import merchant
from bot.store.rows import CASE_STATUSES, CaseFilter

if TYPE_CHECKING:
    from bot.service.intake import Intake
    from bot.store.port import Store
    from bot.store.rows import Delivery

MOST: Final = 10
"""Cases of a merchant that are offered."""
LOOKED_THROUGH: Final = 100

_DECODER: Final = msgspec.json.Decoder(Join)


class Joiner(Whole):
    """The `Channel` that joins cases; whatever it has told is known by its key."""

    carrier = JOINER

    def __init__(self, store: Store, intake: Intake) -> None:
        """`intake` tells the conversations of it."""
        self._store = store
        self._intake = intake

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Tell both cases, or the one why it cannot be, and of which it could be a duplicate. Raises StoreError."""
        join = _DECODER.decode(delivery.payload)
        others = await self._others(delivery.address, join.case)
        told = Joined(f"joined:{delivery.id}", join.case, join.into, join.by)
        if join.into not in others:
            told = msgspec.structs.replace(told, refused=True, others=tuple(others)[:MOST])
        await bring(self._intake, delivery.address, told)
        if join.into in others and await self._is_duplicate(delivery.address, join):
            await bring(self._intake, others[join.into], told)
        return ()

    async def _is_duplicate(self, address: str, join: Join) -> bool:
        """Whether the case there has ended so."""
        stored = await self._store.conversation(address)
        case = decode(stored.document).case if stored is not None else None
        return case is not None and (case.id, case.duplicate_of) == (join.case, join.into)

    async def _others(self, address: str, case: str) -> dict[str, str]:
        """The other cases of the same merchant that are not over, with the addresses of their conversations."""
        stored = await self._store.conversation(address)
        if stored is None:
            return {}
        whose = merchant(parse(address).channel, decode(stored.document).session.user.id)
        statuses = tuple(each for each in CASE_STATUSES if each != "closed")
        found = await self._store.cases(CaseFilter(statuses=statuses, merchant=whose or "-"), LOOKED_THROUGH)
        return {each.case.id: each.address for each in found if each.case.id != case}
