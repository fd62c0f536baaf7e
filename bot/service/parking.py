"""Events that could not be applied, as text: written down so that an operator can read them, and apply them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.chat.events import Control
from bot.engine.turn import guarded
from bot.service.step import Received
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from bot.store.rows import Parked


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """An arrival without its address and key. The alarm of one is not kept: a timer fires once, and this was it."""

    received: Received
    origin: str = ""


def write_down(arrival: Arrival) -> str:
    """The arrival as JSON, without the secrets that its text may hold."""
    received = arrival.payload
    if not isinstance(received, Received):
        return msgspec.json.encode({"unreadable": type(received).__name__}).decode()
    event = received.event
    if not isinstance(event, Control):
        received = msgspec.structs.replace(received, event=guarded(event, arrival.address.encode()))
    return msgspec.json.encode(Written(received, arrival.origin)).decode()


def read_back(parked: Parked) -> Arrival:
    """The arrival that was written down; raises ValueError for what holds no event."""
    written = msgspec.json.decode(parked.payload, type=Written)
    return Arrival(parked.address, parked.key, written.received, written.origin)
