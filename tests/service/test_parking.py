"""Parked events: readable by an operator, ready to be applied again, without a secret."""

from __future__ import annotations

import pytest
import structlog

from bot.chat.events import Command, Message, Submit
from bot.chat.people import Person, User
from bot.service.parking import read_back, write_down
from bot.service.step import Received
from bot.store.rows import Arrival, Parked
from tests.store.made import A

ANA = User("u1", "Ana")


def parked(arrival: Arrival) -> Parked:
    """The arrival as the store gives it back."""
    return Parked(1, 0, arrival.address, arrival.key, "a reason", write_down(arrival))


@pytest.mark.parametrize(
    "event", [Message("k", "hello"), Command("k", Person("p", "Noor"), "claim"), Submit("k", "t", {"a": ["x"]})]
)
def test_it_can_be_applied_again(event: Message | Command | Submit) -> None:
    """What was written down is the same arrival when it is read back."""
    arrival = Arrival(A, "k", Received(event, ANA, "es"), origin="o1")
    assert read_back(parked(arrival)) == arrival


def test_secrets_are_not_written_down() -> None:
    """An event that never reached the engine is guarded here."""
    written = write_down(Arrival(A, "k", Received(Message("k", "my password is Hunter2!x"), ANA)))
    assert "Hunter2" not in written
    assert "my password is" in written


@pytest.mark.parametrize("payload", [{"no": "event"}, Received(Message("k", "hello"), User("u1", "\ud800"))])
def test_what_cannot_be_written_is_named(payload: object) -> None:
    """Something that is no event, or no text, is parked all the same, and cannot be applied again."""
    with structlog.testing.capture_logs():
        kept = parked(Arrival(A, "k", payload))
    assert kept.payload == f'{{"unreadable":"{type(payload).__name__}"}}'
    with pytest.raises(ValueError, match="missing required field `received`"):
        read_back(kept)
