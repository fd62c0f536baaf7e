"""A kept conversation as a `Console` holds it.

The guest works in a thread of its own, so that what arrives while its owner types is shown at once.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self, TypeVar

from bot.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from bot.channels.console.guest import Guest
    from bot.channels.console.outbound import Visible
    from bot.chat.events import Event
    from bot.engine.session import Session
    from bot.flow.library import Library
    from bot.store.port import Store

_T = TypeVar("_T")


class KeptConversation:
    """The conversation of the guest that `make` makes on the store at `url`, as long as the context lasts.

    To enter raises Occupied and StoreError, and so do `receive` and `overdue`.
    """

    def __init__(self, url: str, make: Callable[[Store], Awaitable[Guest]], seeds: Callable[[], str]) -> None:
        """Open nothing yet."""
        self._url = url
        self._make = make
        self._seeds = seeds
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="console-guest", daemon=True)
        self._guest: Guest | None = None
        self._store: Store | None = None

    def __enter__(self) -> Self:
        """Take the conversation over."""
        self._thread.start()
        try:
            self._wait(self._open())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Let it go."""
        self._stop()

    @property
    def guest(self) -> Guest:
        """The guest, while the context lasts."""
        if self._guest is None:
            raise RuntimeError("the conversation is not open")
        return self._guest

    @property
    def library(self) -> Library:
        """The flows."""
        return self.guest.library

    @property
    def session(self) -> Session:
        """The conversation as it was when the last message was shown."""
        if self.guest.session is None:
            raise RuntimeError("there is no conversation yet")
        return self.guest.session

    @property
    def locale(self) -> str:
        """Its language, or that in which it would begin."""
        return self.guest.locale

    @property
    def begun(self) -> bool:
        """Whether there is a conversation."""
        return self.guest.session is not None

    def key(self) -> str:
        """The key of a new event."""
        return self._seeds()

    def receive(self, event: Event) -> Sequence[Visible]:
        """Apply an event. What it brings about has been shown as it was delivered, so there is nothing left to show."""
        self._wait(self.guest.receive(event))
        return ()

    def overdue(self) -> Sequence[Visible]:
        """Fire every timer whose time has come; the same."""
        self._wait(self.guest.overdue())
        return ()

    async def _open(self) -> None:
        self._store = await open_store(self._url)
        self._guest = await self._make(self._store)
        await self._guest.start()

    async def _close(self) -> None:
        try:
            if self._guest is not None:
                await self._guest.close()
        finally:
            if self._store is not None:
                await self._store.close()

    def _stop(self) -> None:
        try:
            self._wait(self._close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _wait(self, work: Coroutine[None, None, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
