"""Timers and leases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.rows import Alarm
from tests.store.made import A, B, alarm, arrival, change, commit

if TYPE_CHECKING:
    from bot.store.port import Store


async def test_timers_come_due_in_order(store: Store) -> None:
    """What is due at a time is found, the earliest first, of one conversation alone if it is named."""
    await commit(store, arrival(A, "1", change(late=30, soon=10)), arrival(B, "1", change(soon=20, never=99)))
    everything = [Alarm(A, "soon", 10), Alarm(B, "soon", 20), Alarm(A, "late", 30)]
    assert await store.due(9, 10) == []
    assert await store.due(30, 10) == everything
    assert await store.due(30, 2) == everything[:2]
    assert await store.due(30, 10, A) == [everything[0], everything[2]]


async def test_a_timer_fires_once(store: Store) -> None:
    """It stays until its event is applied, and is gone then: a second event of it is stale or a duplicate."""
    await commit(store, arrival(A, "1", change(tick=10)))
    await store.due(10, 10)
    assert await store.due(10, 10) == [Alarm(A, "tick", 10)]
    assert await commit(store, alarm(A, "tick", 10)) == ["applied"]
    assert await store.due(10, 10) == []
    assert await commit(store, alarm(A, "tick", 10)) == ["duplicate"]
    assert await commit(store, alarm(A, "tick", 10)._replace(key="other")) == ["stale"]


async def test_a_timer_that_moved_is_stale(store: Store) -> None:
    """A timer called off or set anew meanwhile does not fire as it was."""
    await commit(store, arrival(A, "1", change(tick=10, tock=10)))
    await commit(store, arrival(A, "2", change(tick=20, tock=None)))
    assert await commit(store, alarm(A, "tick", 10)) == ["stale"]
    assert await commit(store, alarm(A, "tock", 10)) == ["stale"]
    assert await commit(store, alarm(B, "tick", 10)) == ["stale"]
    assert await store.due(50, 10) == [Alarm(A, "tick", 20)]


async def test_a_firing_timer_may_set_itself_anew(store: Store) -> None:
    """The event of a timer removes it before its step is kept, so the step can set the same one."""
    await commit(store, arrival(A, "1", change(tick=10)))
    again = alarm(A, "tick", 10)._replace(payload=change(tick=20))
    assert await commit(store, again) == ["applied"]
    assert await store.due(50, 10) == [Alarm(A, "tick", 20)]


async def test_a_lease_has_one_owner(store: Store) -> None:
    """While one holds a lease nobody else gets it; given back or run out, the next one does."""
    assert await store.acquire("poller", "a", 0, 100)
    assert await store.acquire("poller", "a", 50, 100)
    assert not await store.acquire("poller", "b", 149, 100)
    assert await store.acquire("poller", "b", 150, 100)
    await store.release("poller", "a")
    assert not await store.acquire("poller", "a", 151, 100)
    await store.release("poller", "b")
    assert await store.acquire("poller", "a", 152, 100)
    assert await store.acquire("other", "b", 152, 100)
