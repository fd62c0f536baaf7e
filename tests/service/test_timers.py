"""Timers: each fires once, when it is time or as soon after it as somebody is there."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bot.service.timers import AT_ONCE, LATE_MS, Timers
from bot.store.opening import open_store
from tests.service.core import Core
from tests.service.world import PATIENCE_S, Clock
from tests.store.made import A, B, rows

if TYPE_CHECKING:
    from bot.store.port import Store

HOUR = 3_600_000
FLOW = """
flow: test
version: 1
title: T
expire_after: 3d
slots: {name: {type: text, label: Name}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: "Name?", timeout: {after: 1h, then: nudge}}
  - {id: end, collect: end, prompt: "End?"}
"""


async def fired(database: str) -> list[dict[str, Any]]:
    """The events of timers that the logs hold."""
    query = "SELECT records FROM events WHERE records IS NOT NULL ORDER BY conversation, rev"
    logs = [msgspec.json.decode(text) for (text,) in await rows(database, query)]
    events = [each["data"]["event"] for log in logs for each in log if each["kind"] == "event_received"]
    return [each for each in events if each["type"] == "due"]


async def test_it_fires_once_when_it_is_time(store: Store, database: str) -> None:
    """Not a millisecond before, then once, however often and by however many it is looked for."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core, Core(store, FLOW, clock, "another") as other:
        await core.send(A, "/start")
        clock.move(HOUR - 1)
        assert await core.timers.fire() == 0
        clock.move(1)
        await asyncio.gather(core.timers.fire(), other.timers.fire(), core.timers.fire())
        assert (await core.timers.fire(), await other.timers.fire()) == (0, 0)
    (event,) = await fired(database)
    assert not event.get("late", False)


@pytest.mark.parametrize(("away", "late"), [(LATE_MS, False), (LATE_MS + 1, True), (20 * HOUR, True)])
async def test_it_outlives_the_process(database: str, away: int, late: bool) -> None:
    """Due while nobody was there, it fires after the start, once, and says if it is late."""
    clock = Clock()
    store = await open_store(database)
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
    await store.close()
    clock.move(HOUR + away)
    store = await open_store(database)
    async with Core(store, FLOW, clock, "after") as core:
        assert await core.timers.fire() == 1
        assert await core.timers.fire() == 0
    await store.close()
    assert [each.get("late", False) for each in await fired(database)] == [late]


@pytest.mark.parametrize("end", [["/cancel"], ["Bea", "all"]])
async def test_a_closed_conversation_has_none(store: Store, database: str, end: list[str]) -> None:
    """Cancelled or at its end, a conversation leaves no timer behind, and a year later nothing fires."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
        assert await rows(database, "SELECT count(*) FROM timers") == [(2,)]
        await core.send(A, *end)
        assert await rows(database, "SELECT count(*) FROM timers") == [(0,)]
        clock.move(365 * 24 * HOUR)
        assert await core.timers.fire() == 0


async def test_one_that_was_set_anew_does_not_fire_at_its_old_time(store: Store, database: str) -> None:
    """A timer that was read just before it was called off or set anew is stale: nothing comes of it."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
        clock.move(HOUR)
        (alarm,) = await store.due(clock(), AT_ONCE)
        await core.send(A, "Bea")
        await core.timers._fire(alarm, clock())
    assert await fired(database) == []


async def test_the_clock_goes_back_an_hour(store: Store, database: str) -> None:
    """What has fired does not fire again; what is to come waits until the clock says so."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
        clock.move(HOUR)
        assert await core.timers.fire() == 1
        await core.send(B, "/start")
        clock.move(-HOUR)
        assert await core.timers.fire() == 0
        clock.move(2 * HOUR - 1)
        await core.timers.fire()
        assert len(await fired(database)) == 1
        clock.move(1)
        await core.timers.fire()
    assert len(await fired(database)) == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change the zone of a running process")
@pytest.mark.parametrize("moment", [1_774_746_000_000, 1_792_886_400_000])
async def test_summer_time_is_nobodys_business(
    store: Store, database: str, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an hour before the clocks change, in a zone where they do, an hour is an hour."""
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "Europe/Amsterdam")
        time.tzset()
        clock = Clock()
        clock.now = moment
        async with Core(store, FLOW, clock) as core:
            await core.send(A, "/start")
            assert (await rows(database, "SELECT min(due) FROM timers")) == [(moment + HOUR,)]
            clock.move(HOUR)
            assert await core.timers.fire() == 1
    time.tzset()


async def test_when_intake_is_busy_it_is_fired_later(store: Store, database: str) -> None:
    """A timer that finds no room stays, and fires when there is some."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
        clock.move(HOUR)
        async with Core(store, FLOW, clock, waiting=0) as full:
            assert await full.timers.fire() == 0
        assert await fired(database) == []
        assert await core.timers.fire() == 1
    assert len(await fired(database)) == 1


async def test_one_process_fires_and_another_takes_over(store: Store, database: str) -> None:
    """Only whoever holds the lease looks; when it is given back, the other does."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core, Core(store, FLOW, clock, "another") as other:
        await core.send(A, "/start")
        await core.lease.keep()
        run = asyncio.create_task(other.timers.run())
        clock.move(HOUR)
        await asyncio.sleep(0.05)
        assert not await other.lease.keep()
        assert await fired(database) == []
        await core.lease.release()
        await other.lease.keep()
        async with asyncio.timeout(PATIENCE_S):
            while not await fired(database):  # noqa: ASYNC110  (what it waits for announces nothing)
                await asyncio.sleep(0.01)
        other.timers.close()
        await run
    assert len(await fired(database)) == 1


async def test_a_terminal_fires_its_own(store: Store, database: str) -> None:
    """Timers of one address leave those of others alone."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start")
        await core.send(B, "/start")
        clock.move(HOUR)
        assert await Timers(store, core.intake, core.lease, clock, B).fire() == 1
    addresses = "SELECT c.address FROM timers t JOIN conversations c ON c.id = t.conversation ORDER BY t.due"
    assert (await rows(database, addresses))[0] == (A,)
