"""The terminal of staff itself; what is typed in it and shown there is in `tests/cli/test_desk.py`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from bot.channels.console.desk import DeskTerminal
from bot.channels.console.rendering import PlainScreen
from bot.chat.people import Person
from bot.store.opening import open_store
from tests.service.core import Core
from tests.service.world import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.store.port import Store

FLOW = "{flow: test, version: 1, title: T, slots: {}, steps: [{id: hello, say: Hello}]}"


def breaking(clock: Clock) -> tuple[list[Exception], Callable[[], int]]:
    """A clock that fails with what is put in the list."""
    failures: list[Exception] = []

    def tell() -> int:
        if failures:
            raise failures[0]
        return clock()

    return failures, tell


@pytest.fixture
async def store(sqlite: str) -> AsyncIterator[Store]:
    """A store on a file."""
    store = await open_store(sqlite)
    yield store
    await store.close()


async def test_a_part_that_fails_is_heard(store: Store) -> None:
    """Whoever types waits no longer for what it would have brought about, and whoever leaves is told as well."""
    failures, clock = breaking(Clock())
    shown = io.StringIO()
    step = Core(store, FLOW, Clock()).step
    desk = DeskTerminal(store, step, Person("console:desk:noor", "Noor"), PlainScreen(shown), clock, lambda: "1")
    await desk.start()
    await desk.type("/cases")
    assert "No case is open." in shown.getvalue()
    failures.append(ArithmeticError("the clock broke"))
    with pytest.raises(ArithmeticError, match="broke"):
        await desk.type("/cases")
    with pytest.raises(ArithmeticError, match="broke"):
        await desk.close()
