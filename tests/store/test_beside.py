"""Small things that are kept beside conversations: installations, landmarks, drops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.store.rows import Drop

if TYPE_CHECKING:
    from bot.store.port import Store


async def test_the_newest_installation_counts(store: Store) -> None:
    """One for each account; a new one takes the place of the one before."""
    assert await store.installed("slack:T1") is None
    await store.install("slack:T1", "first", 10)
    await store.install("slack:T2", "other", 10)
    await store.install("slack:T1", "second", 20)
    assert [await store.installed(each) for each in ("slack:T1", "slack:T2")] == ["second", "other"]


async def test_a_late_word_of_a_removal_does_not_undo_a_newer_installation(store: Store) -> None:
    """What was installed after the app was removed stays; removing it twice, or from nowhere, does no harm."""
    await store.install("slack:T1", "first", 10)
    await store.uninstall("slack:T1", 9)
    assert await store.installed("slack:T1") == "first"
    for _ in range(2):
        await store.uninstall("slack:T1", 10)
    assert await store.installed("slack:T1") is None


async def test_a_landmark_is_where_it_was_seen_last(store: Store) -> None:
    """One place for each name, the last one."""
    assert await store.landmark("moved:here") is None
    for place in ("-1", "-100"):
        await store.set_landmark("moved:here", place)
    assert (await store.landmark("moved:here"), await store.landmark("moved:there")) == ("-100", None)


async def test_a_landmark_is_claimed_once(store: Store) -> None:
    """Whoever says first where it is says so for all."""
    said = await asyncio.gather(*(store.claim_landmark("thread:here", f"T{each}") for each in range(20)))
    assert len(set(said)) == 1
    assert await store.landmark("thread:here") == said[0]


async def test_of_all_who_ask_for_a_drop_one_gets_it(store: Store) -> None:
    """What came first stays; fifty ask at once, one gets it; whom it went to is known until it is wiped."""
    await store.drop("d1", "console:a", "sealed", 10)
    await store.drop("d1", "console:b", "another", 20)
    got = await asyncio.gather(*(store.take_drop("d1", f"p{each}") for each in range(50)))
    assert sorted(filter(None, got)) == ["sealed"]
    assert await store.drops() == [Drop("d1", "console:a", 10, f"p{got.index('sealed')}")]
    await store.wipe_drop("d1")
    assert (await store.drops(), await store.take_drop("d1", "p1")) == ([], None)
