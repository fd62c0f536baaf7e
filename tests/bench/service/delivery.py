"""How fast messages leave: from rows that wait to the platform's answers written down, over a loopback socket.

Merchants have just started, three messages for each wait; the platform is a process of its own that does nothing else.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from typing import TYPE_CHECKING, Final

from bot.service.delivery import Deliverer
from bot.service.leases import Lease
from bot.service.ration import Rations
from bot.store.opening import open_store
from tests.bench.results import Result
from tests.bench.service.intake import taken_in
from tests.bench.service.merchants import CHANNELS, clock, crowd
from tests.bench.service.standin import Line, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.flow.library import Library
    from bot.store.rows import Delivery
    from tests.bench.service.intake import Fresh
    from tests.bench.starting import Start
    from tests.bench.talks import Script

_OWNER: Final = "bench"
_AT_ONCE: Final = 128


class _Counted(Line):
    """A line that knows how many messages were answered."""

    answered = 0

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        natives = await super().send(delivery)
        self.answered += 1
        return natives


async def _delivered(
    library: Library, scripts: Sequence[Script], path: Path, port: int, merchants: int
) -> tuple[float, float]:
    """Messages per second, and processor time of this process in microseconds a message."""
    store = await open_store(f"sqlite:///{path}")
    openings = ([arrivals[0]] for arrivals in crowd(scripts))
    await taken_in(library, openings, store, min(merchants, 256), merchants)
    lines = {carrier: _Counted(carrier) for carrier in CHANNELS}
    for line in lines.values():
        await line.connect(port)
    lease = Lease(store, _OWNER, _OWNER, clock, ttl=3_600_000)
    await lease.keep()
    deliverer = Deliverer(store, lines, Rations(lines), lease, clock, random.random, at_once=_AT_ONCE)
    began, cpu = time.perf_counter(), time.process_time()
    running = asyncio.create_task(deliverer.run())
    while await store.next_delivery(list(lines)) is not None and not running.done():
        await asyncio.wait([running], timeout=0.05)  # that nothing is left is announced to nobody
    deliverer.close()
    await running  # raises what it died of
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    sent = sum(line.answered for line in lines.values())
    for line in lines.values():
        await line.close()
    await store.close()
    return sent / seconds, cpu / sent * 1e6


def sqlite(
    library: Library, scripts: Sequence[Script], fresh: Fresh, rounds: int, merchants: int, start: Start
) -> Iterator[Result]:
    """Delivery from SQLite."""
    with Platform(start) as port:
        walks = [asyncio.run(_delivered(library, scripts, fresh.path(), port, merchants)) for _ in range(rounds)]
    yield Result("delivery.messages_per_s", statistics.median(rate for rate, _ in walks), "messages/s", ">= 5000")
    yield Result("delivery.cpu_us", statistics.median(cpu for _, cpu in walks), "µs")
