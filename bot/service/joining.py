"""Cases are joined: one is a duplicate of another one of the same merchant, in which it goes on.

Both are told, each as an event of its own conversation; the one that goes on is told first, so that a merchant who is
sent there is awaited. A crash between the two has it done again, and who knows of it already knows that by the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.addresses import parse
from bot.chat.effects import Join
from bot.chat.events import Joined
from bot.conversation import decode
from bot.service.outgoing import JOINER
from bot.service.reporting import bring
from bot.service.step import merchant
from bot.store.rows import CASE_STATUSES, CaseFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address
    from bot.chat.effects import Effect
    from bot.service.intake import Intake
    from bot.service.port import Rate
    from bot.store.port import Store
    from bot.store.rows import Delivery

MOST: Final = 10
"""Cases of a merchant that are offered."""
LOOKED_THROUGH: Final = 100

_DECODER: Final = msgspec.json.Decoder(Join)


class Joiner:
    """The `Channel` that joins cases."""

    carrier = JOINER

    def __init__(self, store: Store, intake: Intake) -> None:
        """`intake` tells the conversations of it."""
        self._store = store
        self._intake = intake

    def parts(self, effect: Effect) -> Sequence[Effect]:
        """See `Channel.parts`."""
        return (effect,)

    def rates(self, destination: Address) -> Sequence[Rate]:  # noqa: ARG002  (as the port has it)
        """See `Channel.rates`: nothing limits it."""
        return ()

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """Tell both cases, or the one why it cannot be, and of which it could be a duplicate. Raises StoreError."""
        join = _DECODER.decode(delivery.payload)
        others = await self._others(delivery.address, join.case)
        told = Joined(f"joined:{delivery.id}", join.case, join.into, join.by)
        if join.into in others:
            await bring(self._intake, others[join.into], told)
        else:
            told = msgspec.structs.replace(told, refused=True, others=tuple(others)[:MOST])
        await bring(self._intake, delivery.address, told)
        return ()

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:  # noqa: ARG002  (as the port has it)
        """See `Channel.find`: whatever was told is known by its key."""
        return None

    def repeats(self, delivery: Delivery) -> bool:  # noqa: ARG002  (as the port has it)
        """See `Channel.repeats`: so it can be told again."""
        return True

    async def _others(self, address: str, case: str) -> dict[str, str]:
        """The other cases of the same merchant that are not over, with the addresses of their conversations."""
        stored = await self._store.conversation(address)
        if stored is None:
            return {}
        whose = merchant(parse(address).channel, decode(stored.document).session.user.id)
        statuses = tuple(each for each in CASE_STATUSES if each != "closed")
        found = await self._store.cases(CaseFilter(statuses=statuses, merchant=whose or "-"), LOOKED_THROUGH)
        return {each.case.id: each.address for each in found if each.case.id != case}
