"""Versions of flows in the store: those in force are kept, so that a conversation finishes on the one it began with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.flow.snapshots import SnapshotError, revive, snapshot
from bot.store.rows import Kept

if TYPE_CHECKING:
    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from bot.flow.model import Flow
    from bot.store.port import Store

_LOG: Final = structlog.get_logger(__name__)


async def library_on(store: Store, loaded: Loaded, now: int) -> Library:
    """The library of the loaded flows and of every older version kept; the loaded ones are kept from now on.

    A kept one that this version of the product cannot read is left out: its conversations go on with the one in force.
    Raises FlowError for flows with errors, and StoreError.
    """
    programs = loaded.library().programs
    await store.keep([Kept(each.id, each.hash, snapshot(each.flow)) for each in programs.values()], now)
    older = [each for each in await store.kept() if each.flow not in programs or programs[each.flow].hash != each.hash]
    revived: list[Flow] = []
    for each in older:
        try:
            revived.append(revive(each.document))
        except SnapshotError as error:
            _LOG.error("kept_flow_left_out", flow=each.flow, hash=each.hash, error=str(error))
    return loaded.library(revived)
