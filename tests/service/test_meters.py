"""The meters: what they count, and what they never tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.service.intake import Busy, Intake
from bot.service.leases import Lease
from bot.service.meters import Meters
from bot.store.opening import open_store
from bot.store.port import Unavailable
from bot.store.rows import Backlog, Queue, Settlement
from tests.service.outage import Outage
from tests.service.world import Clock
from tests.store.made import A, B, arrival, change, step

if TYPE_CHECKING:
    from bot.store.rows import Arrival


def lines(meters: Meters, backlog: Backlog | None = None) -> set[str]:
    """The figures that have to do with the service."""
    return {each for each in meters.text(backlog).decode().splitlines() if each.startswith("triage_")}


def written(arrival: Arrival) -> str:
    """An arrival that is put aside, in a word."""
    return arrival.key


async def test_what_became_of_events(sqlite: str) -> None:
    """Every answer that a bringer gets is counted by channel; none names a conversation."""
    meters, store = Meters(), await open_store(sqlite)
    intake = Intake(store, meters.timed(step), Clock(), written, waiting=4)
    meters.watch_intake(intake)
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run())
        for key in "112":
            await intake.submit(arrival(A, key, change()))
        await intake.submit(arrival(B, "1", ValueError("opensesame")))
        with Outage(store, sqlite), pytest.raises(Unavailable):
            await intake.submit(arrival(B, "2", change()))
        intake.close()
    with pytest.raises(Busy):
        await intake.submit(arrival(B, "3", change()))
    await store.close()
    said = lines(meters)
    assert {
        'triage_events_total{channel="console",result="applied"} 2.0',
        'triage_events_total{channel="console",result="duplicate"} 1.0',
        'triage_events_total{channel="console",result="parked"} 1.0',
        'triage_events_total{channel="console",result="failed"} 1.0',
        'triage_events_total{channel="console",result="busy"} 1.0',
        "triage_events_waiting 0.0",
        "triage_turn_seconds_count 3.0",
    } <= said
    assert not [each for each in said if A in each or "opensesame" in each]


def test_what_is_not_sent_yet() -> None:
    """Messages and lanes are summed by channel, whatever its carriers are called; what is gone is not shown on."""
    meters = Meters()
    backlog = Backlog(3, [Queue("console.ana", 1, 1, 1), Queue("console.bea", 2, 0, 1), Queue("telegram.7", 5, 0, 4)])
    assert {
        'triage_messages_pending{channel="console",state="queued"} 3.0',
        'triage_messages_pending{channel="console",state="sending"} 1.0',
        'triage_messages_pending{channel="telegram",state="queued"} 5.0',
        'triage_lanes_waiting{channel="console"} 2.0',
        'triage_lanes_waiting{channel="telegram"} 4.0',
        "triage_events_parked 3.0",
    } <= lines(meters, backlog)
    assert not [each for each in lines(meters, Backlog(0, [])) if "telegram" in each]


def test_what_became_of_messages() -> None:
    """Attempts are counted by channel and outcome."""
    meters = Meters()
    for state in ("sent", "sent", "refused"):
        meters.settled("telegram.7", Settlement(1, state))
    assert {
        'triage_deliveries_total{channel="telegram",state="sent"} 2.0',
        'triage_deliveries_total{channel="telegram",state="refused"} 1.0',
    } <= lines(meters)


async def test_leases(sqlite: str) -> None:
    """A lease is 1 while it is held, under the name that it is shown by."""
    meters, clock, store = Meters(), Clock(), await open_store(sqlite)
    lease = Lease(store, "host.7.seed", "host.7.seed", clock)
    meters.watch_lease(lease, "process")
    assert 'triage_lease_held{lease="process"} 0.0' in lines(meters)
    await lease.keep()
    assert 'triage_lease_held{lease="process"} 1.0' in lines(meters)
    clock.move(60_000)
    assert 'triage_lease_held{lease="process"} 0.0' in lines(meters)
    await store.close()
