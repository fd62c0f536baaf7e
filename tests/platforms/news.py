"""Waiting for something to change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

PATIENCE = 30.0
"""Real seconds until a test that waits in vain fails; a busy machine needs some."""


class News:
    """Wakes whoever waits for a change of a stand-in's world."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self.count = 0

    def tell(self) -> None:
        """Something changed."""
        self.count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self) -> None:
        """Until the next change."""
        await self._changed.wait()

    async def until(self, look: Callable[[], T | None], hope: str) -> T:
        """What `look` returns once that is neither None nor False. AssertionError naming the `hope` if never."""
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := look()) is None or found is False:
                    await self.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"waited {PATIENCE:.0f} s in vain: {hope}") from None
