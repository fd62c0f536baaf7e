"""Versions of flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.rows import Kept

if TYPE_CHECKING:
    from bot.store.port import Store


async def test_versions_are_kept_once(store: Store) -> None:
    """A version that is kept stays as it is; all of them come back in the order in which they came."""
    one, two = Kept("basics", "h2", b"\x00\xff"), Kept("basics", "h1", b"two")
    await store.keep([one], 1)
    await store.keep([two, one._replace(document=b"changed")], 2)
    await store.keep([], 3)
    assert await store.kept() == [one, two]
