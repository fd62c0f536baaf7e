"""Lines: in order within a place, side by side elsewhere, and nothing overtakes what has to be brought again."""

from __future__ import annotations

import asyncio
import gc

import pytest

from bot.channels.slack.lines import Lines
from bot.service.intake import Busy
from tests.channels.telegram.conftest import anyio_backend

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio

HERE, THERE = ("slack:T1:D1:", ""), ("slack:T1:D2:", "")


class Deeds:
    """What is done, each when it is let."""

    def __init__(self) -> None:
        """Nothing is."""
        self.lines = Lines()
        self.done: list[str] = []
        self.let: dict[str, asyncio.Event] = {}

    def begin(self, name: str, place: tuple[str, str] = HERE, failure: Exception | None = None) -> asyncio.Task[str]:
        """Have something wait for its place."""
        self.let[name] = asyncio.Event()

        async def work() -> str:
            await self.let[name].wait()
            if failure is not None:
                raise failure
            self.done.append(name)
            return name

        return asyncio.create_task(self.lines.wait(place, work))


async def test_each_place_has_an_order_of_its_own() -> None:
    """The second waits for the first, however soon it could be done; another place does not."""
    deeds = Deeds()
    begun = [deeds.begin("first"), deeds.begin("second"), deeds.begin("elsewhere", THERE)]
    for name in ("second", "elsewhere"):
        deeds.let[name].set()
    assert await begun[2] == "elsewhere"
    deeds.let["first"].set()
    assert await asyncio.gather(*begun[:2]) == ["first", "second"]
    assert deeds.done == ["elsewhere", "first", "second"]


async def test_what_is_behind_a_failure_fails_with_it() -> None:
    """All of it is brought again; what comes afterwards is done."""
    deeds = Deeds()
    begun = [deeds.begin("first", failure=Busy()), deeds.begin("second")]
    await asyncio.sleep(0)
    for each in deeds.let.values():
        each.set()
    assert [type(each) for each in await asyncio.gather(*begun, return_exceptions=True)] == [Busy, Busy]
    again = deeds.begin("first again")
    deeds.let["first again"].set()
    assert await again == "first again"
    assert deeds.done == ["first again"]


async def test_nothing_is_remembered_of_a_place_where_nobody_waits() -> None:
    """However many conversations there are."""
    deeds = Deeds()
    begun = deeds.begin("first")
    deeds.let["first"].set()
    await begun
    del begun
    gc.collect()
    assert len(deeds.lines._lines) == 0
