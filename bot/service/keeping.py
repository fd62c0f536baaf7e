"""Versions of flows in the store: those in force are kept, so that a conversation finishes on the one it began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flow.snapshots import SnapshotError, revive, snapshot
from bot.store.port import StoreError
from bot.store.rows import Kept

if TYPE_CHECKING:
    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from bot.store.port import Store


async def library_on(store: Store, loaded: Loaded, now: int) -> Library:
    """The library of the loaded flows and of every older version kept; the loaded ones are kept from now on.

    Raises FlowError for flows with errors, and StoreError.
    """
    programs = loaded.library().programs
    await store.keep([Kept(each.id, each.hash, snapshot(each.flow)) for each in programs.values()], now)
    older = [each for each in await store.kept() if each.flow not in programs or programs[each.flow].hash != each.hash]
    try:
        return loaded.library([revive(each.document) for each in older])
    except SnapshotError as error:
        raise StoreError(str(error)) from error
