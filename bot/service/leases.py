"""Leases: names in the store that one owner holds for a while, and keeps by renewing them.

Each process holds one under its own name, by which the others see that it lives; whoever does what only one may do
holds another. One that could not be renewed in time is not acted on any more, well before others may take it over.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import structlog

from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store.port import Store

TTL_MS: Final = 15_000
_LOOK_EVERY_MS: Final = 500

_LOG: Final = structlog.get_logger(__name__)


class Lease:
    """The lease `name` for `owner`, not taken yet."""

    def __init__(self, store: Store, name: str, owner: str, clock: Callable[[], int], ttl: int = TTL_MS) -> None:
        """`ttl` in milliseconds."""
        self.name = name
        self.owner = owner
        self._store = store
        self._clock = clock
        self._ttl = ttl
        self._since: int | None = None

    @property
    def held(self) -> bool:
        """Whether to act on it. A fifth of the time is kept in reserve; a clock that went back proves nothing."""
        return self._younger_than(self._ttl * 4 // 5)

    async def keep(self) -> bool:
        """Take it, or renew it when a third of its time is over; whether it is held. Raises Unavailable."""
        if self._younger_than(self._ttl // 3):
            return True
        now = self._clock()
        self._since = now if await self._store.acquire(self.name, self.owner, now, self._ttl) else None
        return self.held

    async def release(self) -> None:
        """Give it back, if it was ever taken. Raises Unavailable."""
        if self._since is not None:
            self._since = None
            await self._store.release(self.name, self.owner)

    def _younger_than(self, age: int) -> bool:
        return self._since is not None and self._since <= self._clock() < self._since + age


class Keeper:
    """Takes and keeps leases while `run` runs."""

    def __init__(self, leases: Sequence[Lease]) -> None:
        """Keep nothing yet."""
        self._leases = leases
        self._closing = False
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Keep them until `close`."""
        while not self._closing:
            self._news.clear()
            for lease in self._leases:
                before = lease.held
                try:
                    await lease.keep()
                except StoreError as failure:
                    _LOG.warning("lease_waits_for_store", lease=lease.name, error=str(failure))
                if lease.held != before:
                    _LOG.info("lease_lost" if before else "lease_taken", lease=lease.name)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_MS / 1000):
                    await self._news.wait()

    def wake(self) -> None:
        """There is another one to take."""
        self._news.set()

    def close(self) -> None:
        """Renew nothing more."""
        self._closing = True
        self._news.set()
