"""The console as a channel of the service: what it shows, what it cannot tell, and whose messages it takes."""

from __future__ import annotations

import msgspec
import pytest

from bot.channels.console.channel import CARRIER, ConsoleChannel, address, decode
from bot.chat.addresses import parse
from bot.chat.effects import Edit, Effect, Forget, OpenCase, Overview, Perform, Relay, Say
from bot.service.port import Channel, Lost, Refused
from bot.store.rows import Delivery
from bot.text.nodes import paragraph

SAY = Say((paragraph("Hello"),))


class Shown:
    """A terminal that remembers."""

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self.effects: list[Effect] = []
        self.channel: Channel = ConsoleChannel("ana", self.take, self.take)

    async def take(self, effect: Effect, _: Delivery | None = None) -> None:
        """Show or do."""
        self.effects.append(effect)


def delivery(payload: str) -> Delivery:
    """A message for Ana."""
    place = str(address("ana"))
    return Delivery(7, 1, place, CARRIER.format(account="ana"), place, "say", payload, 1)


@pytest.mark.parametrize(
    "effect",
    [
        SAY,
        Edit("r", (paragraph("You chose One"),)),
        OpenCase("T-A", "s", "q", "high"),
        Relay("T-A", (paragraph("hi"),)),
        Perform("a", "b"),
        Overview("cases"),
        Forget(sure=True),
    ],
)
async def test_what_is_delivered_is_shown_or_done(effect: Effect) -> None:
    """As it was written down; it is called as it is in the outbox."""
    terminal = Shown()
    assert await terminal.channel.send(delivery(msgspec.json.encode(effect).decode())) == ("7",)
    assert terminal.effects == [effect]


@pytest.mark.parametrize("payload", ['{"type":"dance"}', '{"type":"say"}', "[]"])
async def test_what_this_version_does_not_know_is_refused(payload: str) -> None:
    """It would otherwise hold up whatever comes after it."""
    terminal = Shown()
    with pytest.raises(Refused):
        await terminal.channel.send(delivery(payload))
    assert terminal.effects == []


async def test_nobody_can_ask_a_terminal_that_is_gone() -> None:
    """So a message that may have been shown is shown again."""
    channel = Shown().channel
    with pytest.raises(Lost):
        await channel.find(delivery("{}"))
    assert channel.repeats(delivery("{}"))


def test_each_person_has_a_place_and_a_carrier() -> None:
    """Whatever the id holds."""
    for who in ("ana", "ana: the {shop}", "é"):
        assert parse(str(address(who))) == address(who)
        assert ConsoleChannel(who, Shown().take, Shown().take).carrier == f"console.{who}"
    assert Shown().channel.parts(SAY) == (SAY,)
    assert not Shown().channel.rates(address("ana"))
    assert decode(msgspec.json.encode(SAY).decode()) == SAY
