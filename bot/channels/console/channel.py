"""The console as a channel of the service: one person's terminal, which shows what is delivered to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from bot.channels.console.outbound import Visible
from bot.chat.addresses import Address
from bot.chat.effects import Forget, Overview, Perform
from bot.chat.people import CONSOLE
from bot.service.port import Lost, Refused, Whole

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.store.rows import Delivery

CARRIER: Final = f"{CONSOLE.name}.{{account}}"
"""Each person's terminal is a carrier of its own, so that a terminal delivers its own messages and nobody else's."""

DESK: Final = str(Address(CONSOLE.name, "desk", "cases"))
"""Where cases go to come to the terminal of `triage desk`."""

Errand = Perform | Overview | Forget
"""What a terminal is asked to do."""
_DELIVERED: Final = msgspec.json.Decoder(Visible | Errand)


def address(who: str) -> Address:
    """Where the person with the id `who` talks."""
    return Address(CONSOLE.name, who, "chat")


def decode(payload: str) -> Visible | None:
    """What a message that is or was for a terminal shows, None if that is not kept."""
    effect = _DELIVERED.decode(payload)
    return None if isinstance(effect, (Perform, Overview, Forget)) else effect


class ConsoleChannel(Whole):
    """The terminal of `who`: to read a message twice is harmless, to miss it is not."""

    def __init__(
        self,
        who: str,
        show: Callable[[Visible], Awaitable[None]],
        perform: Callable[[Errand, Delivery], Awaitable[None]],
    ) -> None:
        """`show` brings a message to the screen; `perform` does what is asked for, or says why not."""
        self.carrier = CARRIER.format(account=who)
        self._show = show
        self._perform = perform

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        """See `Channel.send`. A terminal names no messages, so each is called as it is in the outbox."""
        try:
            effect = _DELIVERED.decode(delivery.payload)
        except msgspec.ValidationError as error:
            raise Refused("this version cannot show it") from error
        if isinstance(effect, (Perform, Overview, Forget)):
            await self._perform(effect, delivery)
        else:
            await self._show(effect)
        return (str(delivery.id),)

    async def find(self, delivery: Delivery) -> tuple[str, ...] | None:
        """See `Channel.find`: nobody can ask a terminal that is gone what it has shown."""
        raise Lost(delivery.id)
