"""Files that leave one by one: in order, each once, whatever happens to one of them."""

from __future__ import annotations

import pytest

from bot.channels import apart
from bot.channels.apart import one_by_one, unavailable
from bot.service.port import Later, Lost, Refused

pytestmark = pytest.mark.anyio


class Platform:
    """Answers each call as it is told to, and takes it after that."""

    def __init__(self, *answers: Exception | None) -> None:
        """`answers` to the first calls."""
        self.answers = list(answers)
        self.taken: list[str] = []

    async def send(self, item: str) -> str:
        """Take an item."""
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(item)
        return f"id of {item}"

    async def refused(self, item: str, refusal: Refused) -> str:
        """Take the words for one."""
        return await self.send(unavailable(item, refusal))


def meaning(error: Exception) -> Refused | Later | Lost:
    """Of an error that a library raises."""
    return Lost(str(error))


async def sent(platform: Platform) -> list[str]:
    """What became of two files."""
    return await one_by_one(["a", "b"], platform.send, platform.refused, meaning)


async def test_one_that_is_refused_is_named_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the words have to wait; the others leave."""
    monkeypatch.setattr(apart, "FIRST_PAUSE_S", 0)
    platform = Platform(None, Refused("too big"), Later("busy"))
    assert await sent(platform) == ["id of a", "id of b: this file cannot be passed on (too big)"]
    assert platform.taken == ["a", "b: this file cannot be passed on (too big)"]


async def test_while_nothing_has_left_all_of_it_can_be_taken_up_again() -> None:
    """So it is said what the first error means."""
    for error in (Later("busy"), Lost("gone")):
        with pytest.raises(type(error)):
            await sent(Platform(error))


async def test_afterwards_none_leaves_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not taken now is waited for; when nobody knows, or it takes too long, nobody knows of the whole."""
    monkeypatch.setattr(apart, "FIRST_PAUSE_S", 0)
    platform = Platform(None, Later("busy"), Later("busy"))
    assert await sent(platform) == ["id of a", "id of b"]
    assert platform.taken == ["a", "b"]
    for answers in ([OSError("cut off")], [Later("busy")] * apart.MOST_TRIES):
        with pytest.raises(Lost):
            await sent(Platform(None, *answers))
