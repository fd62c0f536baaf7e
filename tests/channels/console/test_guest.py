"""The terminal of a merchant itself; what is typed in it and shown there is in `tests/cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.console import guest as console_guest
from bot.channels.console.guest import Guest, Merchant
from bot.chat.events import Message
from bot.chat.people import User
from tests.channels.console.test_desk import FLOW, breaking, store
from tests.service.core import Core
from tests.service.world import Clock, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.console.outbound import Visible
    from bot.store.port import Store

__all__ = ["store"]


class Screen:
    """What was shown."""

    def __init__(self) -> None:
        """Nothing was."""
        self.shown: list[Visible] = []

    def recall(self, before: Sequence[Visible]) -> None:
        """There is nothing to be known."""

    def show(self, effect: Visible) -> None:
        """It counts."""
        self.shown.append(effect)

    def say(self, wording: str, about: str = "") -> None:
        """It counts for nothing."""


async def test_a_part_that_fails_is_heard(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody types any more: whoever leaves is told."""
    monkeypatch.setattr(console_guest, "LOOK_S", 0.01)
    failures, clock = breaking(Clock())
    screen, library = Screen(), Core(store, FLOW, Clock()).step.library
    guest = Guest(store, library, Merchant(User("ana", "Ana"), "test", "en"), screen, clock, lambda: "1")
    await guest.start()
    await guest.receive(Message("1", "/start"))
    assert screen.shown
    failures.append(ArithmeticError("the clock broke"))
    await until(lambda: any(each.done() for each in guest._tasks))
    with pytest.raises(ArithmeticError, match="broke"):
        await guest.close()
