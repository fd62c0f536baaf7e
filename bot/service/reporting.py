"""Reports: what the service itself has to say to a conversation, brought in however long it takes.

Whoever reports has done something that must not be done again for want of room, and writes it down only afterwards. So
a report waits for intake, never the other way round; when the service stops, intake is the last to end.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from bot.chat.effects import ALTERED, RELAYED, REPLIED, Relay, Rewrite
from bot.chat.events import Delivered, Piece
from bot.chat.people import User
from bot.service.intake import Busy
from bot.service.port import SHUT
from bot.service.step import Received
from bot.store.port import StoreError
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from bot.chat.events import AnyEvent
    from bot.chat.places import Places
    from bot.service.intake import Intake
    from bot.store.rows import Delivery, Settlement

REPORTED: Final = (RELAYED, REPLIED, "react:")
"""How names begin of what carries the words of one side to the other, and reactions: who wrote is told of its end."""
RELAY: Final = str(Relay.__struct_config__.tag)
REWRITE: Final = str(Rewrite.__struct_config__.tag)
_RELAY: Final = msgspec.json.Decoder(Relay)
_PAUSE_S: Final = 0.5

Ended = Literal["sent", "refused", "uncertain", "waiting"]


async def bring(intake: Intake, address: str, event: AnyEvent) -> None:
    """Bring an event in; it is kept when this returns, once, however often it is brought.

    A database that needs somebody's help, such as one that may not be written to, is waited for as well.
    """
    while True:
        try:
            await intake.submit(Arrival(address, event.key, Received(event, User(""))))
        except (Busy, StoreError):
            await asyncio.sleep(_PAUSE_S)
        else:
            return


async def report(intake: Intake, staff: Places, delivery: Delivery, settlement: Settlement) -> None:
    """Tell the conversation how a copy of what somebody wrote has ended; other messages are not reported.

    Where there is no place of `staff`, words for them stay where they were written, and there is nothing to tell.
    """
    stays = delivery.ref.startswith(RELAYED) and delivery.destination == delivery.address
    if settlement.state == "queued":
        if settlement.reason.startswith(SHUT):  # whatever it is: what the merchant writes will wait behind it
            await _tell(intake, staff, delivery, RELAYED, "waiting", settlement.reason)
    elif delivery.kind == REWRITE:
        if delivery.ref.startswith(REPLIED) and settlement.state != "sent":
            ref = f"{ALTERED}{delivery.ref.removeprefix(REPLIED)}"
            await _tell(intake, staff, delivery, ref, settlement.state, settlement.reason)
    elif delivery.ref.startswith(REPORTED) and not stays:
        await _tell(
            intake, staff, delivery, delivery.name, settlement.state, settlement.reason, _lacking(delivery, settlement)
        )


def _lacking(delivery: Delivery, settlement: Settlement) -> Piece | None:
    """What a message of staff was to say that did not arrive for certain."""
    if settlement.state == "sent" or delivery.kind != RELAY or not delivery.ref.startswith(REPLIED):
        return None
    relay = _RELAY.decode(delivery.payload)
    return Piece(relay.words, relay.files, relay.quoted, parts=relay.parts)


async def _tell(
    intake: Intake, staff: Places, delivery: Delivery, ref: str, state: Ended, reason: str, lacking: Piece | None = None
) -> None:
    key = f"delivered:{delivery.id}:{state}"
    at, others = staff.beside(delivery.destination) if ref.startswith(RELAYED) else ("", ())
    await bring(intake, delivery.address, Delivered(key, ref, state, reason, at, others, lacking))
