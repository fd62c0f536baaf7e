"""What was taken up for nobody is remembered, for its owner and carriers alone, until somebody has it."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.handover import Handover
from bot.store.rows import Delivery

ONE, TWO = (Delivery(n, 1, "a", "console", "a", "say", str(n), 1) for n in (1, 2))


async def test_what_failed_is_given_to_the_next_call() -> None:
    """Ids of a call that failed or was called off go to the next one of the same owner and carriers, then no more."""
    handover = Handover()
    seen: list[set[int]] = []

    async def fails(unheard: set[int]) -> list[Delivery]:
        unheard.add(ONE.id)
        raise ConnectionError("cut")

    async def waits(unheard: set[int]) -> list[Delivery]:
        seen.append(set(unheard))
        unheard.add(TWO.id)
        await asyncio.Event().wait()
        return [TWO]

    async def works(unheard: set[int]) -> list[Delivery]:
        seen.append(set(unheard))
        unheard.update({ONE.id, TWO.id})
        return [ONE, TWO]

    with pytest.raises(ConnectionError, match="cut"):
        await handover.take("me", ["slack"], fails)
    task = asyncio.create_task(handover.take("me", ["slack"], waits))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await handover.take("you", ["slack"], works) == [ONE, TWO]
    assert await handover.take("me", ["hooks"], works) == [ONE, TWO]
    assert await handover.take("me", ["slack"], works) == [ONE, TWO]
    assert await handover.take("me", ["slack"], works) == [ONE, TWO]
    assert seen == [{1}, set(), set(), {1, 2}, set()]


async def test_calls_of_one_owner_and_carrier_take_turns() -> None:
    """A call that is being served is not mistaken for one that went away."""
    handover = Handover()
    go_on = asyncio.Event()

    async def slow(unheard: set[int]) -> list[Delivery]:
        unheard.add(ONE.id)
        await go_on.wait()
        return [ONE]

    async def next_one(unheard: set[int]) -> list[Delivery]:
        assert unheard == set()
        return [TWO]

    first = asyncio.create_task(handover.take("me", ["slack"], slow))
    await asyncio.sleep(0)
    second = asyncio.create_task(handover.take("me", ["slack"], next_one))
    await asyncio.sleep(0)
    assert not second.done()
    go_on.set()
    assert [await first, await second] == [[ONE], [TWO]]
