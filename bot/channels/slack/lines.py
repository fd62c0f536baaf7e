"""What is done in one conversation, taken one after the other: Slack tells of all of it at the same time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from bot.service.intake import Busy
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_T = TypeVar("_T")


class _Line:
    """Those who wait for one place."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.failures: list[Exception] = []


class Lines:
    """Lines of those who wait, by place; a line without anybody in it is forgotten."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._lines: WeakValueDictionary[tuple[str, str], _Line] = WeakValueDictionary()

    async def wait(self, place: tuple[str, str], work: Callable[[], Awaitable[_T]]) -> _T:
        """Do `work` after all that came before it at that place.

        What could not be kept is brought again, so what came behind it fails with it: it must not overtake it, and
        nobody waits for each of them on its own while the store is away.
        """
        line = self._lines.setdefault(place, _Line())
        before = len(line.failures)
        async with line.lock:
            if len(line.failures) > before:
                raise line.failures[-1]
            try:
                return await work()
            except (Busy, StoreError) as failure:
                line.failures.append(failure)
                raise
