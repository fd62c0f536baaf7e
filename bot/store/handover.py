"""Messages that were taken up for nobody.

Where the connection breaks while it is written down that messages are taken up, or whoever asked for them goes away
meanwhile, they may be marked as being sent although nobody has them. They are remembered, and looked after when the
same owner asks again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.store.rows import Delivery


class Handover:
    """Hands messages over to each owner and group of carriers, one call of theirs at a time.

    A process delivers to each platform on its own: what was taken up for one of them must not be taken for heard when
    another one has been answered.
    """

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self._locks: defaultdict[tuple[str, ...], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unheard: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)

    async def take(
        self, owner: str, carriers: Sequence[str], work: Callable[[set[int]], Awaitable[list[Delivery]]]
    ) -> list[Delivery]:
        """Return what `work` takes up.

        `work` is given the ids that were taken up for nobody, in a set, to which it adds those that it takes up, before
        it commits.
        """
        taker = (owner, *carriers)
        async with self._locks[taker]:
            unheard = self._unheard[taker]
            taken = await work(unheard)
            unheard.clear()
            return taken
