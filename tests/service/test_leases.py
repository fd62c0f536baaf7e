"""Leases: one owner at a time, who knows when it is not one any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.service.leases import Keeper, Lease
from bot.store.opening import open_store
from tests.service.outage import Outage
from tests.service.world import Clock, until
from tests.store.made import rows

if TYPE_CHECKING:
    from bot.store.port import Store

TTL = 10_000


def pair(store: Store, clock: Clock) -> tuple[Lease, Lease]:
    """The same lease, for two."""
    one, two = (Lease(store, "timers", owner, clock, TTL) for owner in ("one", "two"))
    return one, two


async def test_one_holds_it(store: Store) -> None:
    """Whoever comes first holds it; the other does as soon as it is given back."""
    one, two = pair(store, Clock())
    assert (await one.keep(), await two.keep()) == (True, False)
    await one.release()
    assert (one.held, await two.keep(), await one.keep()) == (False, True, False)


async def test_it_is_let_go_before_it_can_be_taken(store: Store) -> None:
    """At no moment do two think they hold it: the owner stops a fifth of its time before others can begin."""
    clock = Clock()
    one, two = pair(store, clock)
    await one.keep()
    held = []
    for _ in range(TTL // 1_000 + 2):
        held.append((one.held, await two.keep()))
        clock.move(1_000)
    assert held == [(True, False)] * 8 + [(False, False)] * 2 + [(False, True)] * 2


async def test_it_is_renewed_in_time_and_not_all_the_time(store: Store, database: str) -> None:
    """Kept every second it is held for good, and written once in a third of its time."""
    clock = Clock()
    one, two = pair(store, clock)
    ends = set()
    for _ in range(40):
        assert await one.keep()
        assert not await two.keep()
        ends.update(await rows(database, "SELECT until FROM leases"))
        clock.move(1_000)
    assert len(ends) == 10


async def test_a_clock_that_goes_back_proves_nothing(store: Store) -> None:
    """An hour back: the owner does not act on what it cannot tell, and holds it again as soon as it is renewed."""
    clock = Clock()
    one, two = pair(store, clock)
    await one.keep()
    clock.move(-3_600_000)
    assert not one.held
    assert not await two.keep()
    assert await one.keep()
    clock.move(TTL)
    assert await two.keep()


async def test_a_keeper_keeps_through_an_outage(sqlite: str) -> None:
    """While the store is away a lease runs out, which is said; when it is back, it is taken again."""
    store, clock = await open_store(sqlite), Clock()
    lease = Lease(store, "timers", "one", clock, TTL)
    keeper = Keeper([lease])
    with structlog.testing.capture_logs() as logs:
        run = asyncio.create_task(keeper.run())
        await until(lambda: lease.held)
        with Outage(store, sqlite):
            clock.move(TTL)
            assert not lease.held
            await until(lambda: any(each["event"] == "lease_waits_for_store" for each in logs))
        await until(lambda: lease.held)
        keeper.close()
        await run
    assert logs[0] == {"event": "lease_taken", "lease": "timers", "log_level": "info"}
    await store.close()
