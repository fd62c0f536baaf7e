"""Events that could not be applied, as text: written down so that an operator can read them, and apply them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import structlog

from bot.chat.events import Message
from bot.engine.turn import safe
from bot.service.step import Received, Unreadable
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from bot.store.rows import Parked

_LOG: Final = structlog.get_logger(__name__)


class Parking(msgspec.Struct, frozen=True, omit_defaults=True):
    """An arrival without its address and key. The alarm of one is not kept: a timer fires once, and this was it."""

    received: Received
    origin: str = ""


def write_down(arrival: Arrival) -> str:
    """The arrival as JSON, without the secrets that its text may hold.

    What cannot be written so is only named: that it can be neither read nor written must not keep it from being parked,
    or its platform would bring it for ever.
    """
    received = arrival.payload
    if isinstance(received, Unreadable):
        # read as any other text, because it may hold what somebody wrote
        found = safe(Message("", received.raw), arrival.address.encode())
        return msgspec.json.encode({"unreadable": found.text if isinstance(found, Message) else ""}).decode()
    if isinstance(received, Received):
        event = received.event
        try:
            received = msgspec.structs.replace(received, event=safe(event, arrival.address.encode()))
            return msgspec.json.encode(Parking(received, arrival.origin)).decode()
        except Exception as failure:  # noqa: BLE001  (whatever made it poison may make it so here as well)
            _LOG.error("parked_without_content", key=arrival.key, error=type(failure).__name__)
    return msgspec.json.encode({"unreadable": type(received).__name__}).decode()


def read_back(parked: Parked) -> Arrival:
    """The arrival that was written down; raises ValueError for what holds no event."""
    written = msgspec.json.decode(parked.payload, type=Parking)
    return Arrival(parked.address, parked.key, written.received, written.origin)
