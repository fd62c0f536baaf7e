"""A thread with a connection of its own: what it is given to do is done one after another, and whole."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.store.port import Unavailable
from bot.store.sqlite import file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_T = TypeVar("_T")


class Thread:
    """Does what it is given; `db` is for that alone."""

    def __init__(self, path: Path, name: str) -> None:
        """Open the file; raises StoreError."""
        self.db = file.connect(path)
        self._executor = ThreadPoolExecutor(1, name)
        self._is_closed = False

    async def do(self, what: Callable[[], _T]) -> _T:
        """Have it do `what`. Raises Unavailable after `close`, and whatever `what` raises."""
        if self._is_closed:
            raise Unavailable("the database was let go of")
        work = asyncio.get_running_loop().run_in_executor(self._executor, what)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # the thread goes on: whoever is called off waits for it, so that nothing is done behind their back
            await _ended(work)
            raise

    async def close(self, before: Callable[[], None] = lambda: None) -> None:
        """Finish what is under way, do what is to be done `before` the file is let go, and let it go."""
        self._is_closed = True
        await asyncio.get_running_loop().run_in_executor(self._executor, self._close, before)
        self._executor.shutdown()

    def _close(self, before: Callable[[], None]) -> None:
        before()
        self.db.close()


async def _ended(work: asyncio.Future[_T]) -> None:
    """Wait for the end of `work`, whatever it is, even if called off again."""
    while not work.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([work])
    work.exception()  # it was raised for nobody
