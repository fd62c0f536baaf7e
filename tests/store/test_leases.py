"""Leases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.port import Store


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
