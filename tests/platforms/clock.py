"""Real time that a test can move forward: nobody waits five minutes for Slack's third attempt."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

    T = TypeVar("T")


class Clock:
    """The time of a stand-in, in seconds since 1970; it passes as everywhere, and jumps when told to."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._jumped = asyncio.Event()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once; who sleeps until then wakes up."""
        self._ahead += seconds
        self._jumped.set()
        self._jumped = asyncio.Event()

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Wait `seconds` of this clock, counted from the call, even if it is awaited later."""
        return self._until(self.now() + seconds)

    async def _until(self, due: float) -> None:
        while (left := due - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._jumped.wait(), left)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T]) -> T:
        """What `work` returns. TimeoutError once `seconds` of this clock have passed; the work is cancelled then."""
        working, sleeping = asyncio.create_task(work), asyncio.create_task(self.sleep(seconds))
        try:
            await asyncio.wait({working, sleeping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise TimeoutError
            return working.result()
        finally:
            for task in (working, sleeping):
                task.cancel()
            await asyncio.gather(working, sleeping, return_exceptions=True)
