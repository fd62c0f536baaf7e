"""Timers: what came due is brought to intake as an event, once. One process at a time looks, by a lease."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

import structlog

from bot.chat.events import Due
from bot.chat.people import User
from bot.service.intake import Busy
from bot.service.step import Received
from bot.store.faults import Point, reached
from bot.store.port import StoreError
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service.intake import Intake
    from bot.service.leases import Lease
    from bot.store.port import Store
    from bot.store.rows import Alarm

LOOK_EVERY_MS: Final = 1_000
AT_ONCE: Final = 256
LATE_MS: Final = 60_000
"""After so long a timer is late: the service was away when it came due."""

_LOG: Final = structlog.get_logger(__name__)


class Timers:
    """Fires timers while `run` runs and `lease` is held: all, or those of the conversation at `address` alone."""

    def __init__(self, store: Store, intake: Intake, lease: Lease, clock: Callable[[], int], address: str = "") -> None:
        """Look at nothing yet."""
        self._store = store
        self._intake = intake
        self._lease = lease
        self._clock = clock
        self._address = address
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Fire timers until `close`."""
        while not self._closing.is_set():
            fired = 0
            try:
                fired = await self.fire() if self._lease.held else 0
            except StoreError as failure:
                _LOG.warning("timers_wait_for_store", error=str(failure))
            if fired < AT_ONCE:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY_MS / 1000):
                        await self._closing.wait()

    def close(self) -> None:
        """Fire nothing more."""
        self._closing.set()

    async def fire(self) -> int:
        """Fire what is due, at most `AT_ONCE`; how many were fired. What fails stays and is looked at again."""
        now = self._clock()
        due = await self._store.due(now, AT_ONCE, self._address)
        if due:
            reached(Point.DUE)
        results = await asyncio.gather(*(self._fire(alarm, now) for alarm in due), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, (Busy, StoreError)):
                raise result
        return sum(not isinstance(result, BaseException) for result in results)

    async def _fire(self, alarm: Alarm, now: int) -> None:
        key = f"due:{alarm.name}:{alarm.due}"
        event = Due(key, alarm.name, late=now - alarm.due > LATE_MS)
        await self._intake.submit(Arrival(alarm.address, key, Received(event, User("")), alarm=alarm))
