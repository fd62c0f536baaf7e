"""Polling: who polls, and what is confirmed to Telegram, which brings nothing again that was."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.telegram import polling
from bot.channels.telegram.connecting import make
from bot.channels.telegram.polling import poll
from bot.service.intake import Busy
from tests.channels.telegram.test_webhook import Taking
from tests.meanwhile import meanwhile
from tests.service.world import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


class Held:
    """A lease, held or not."""

    held = True


class Unsure(Taking):
    """Cannot keep the first update that says "two"."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = [Busy()]

    async def take(self, raw: Any) -> None:
        """Take an update, as `Ingest` does."""
        if raw["message"].get("text") == "two" and self.failures:
            raise self.failures.pop()
        await super().take(raw)

    @property
    def words(self) -> list[str]:
        """What it has taken."""
        return [raw["message"].get("text") for raw in self.taken]  # type: ignore[index]


@contextlib.asynccontextmanager
async def polled(telegram: TelegramStandIn, ingest: Taking, lease: Held) -> AsyncIterator[None]:
    """Poll meanwhile."""
    async with (
        make(telegram.token, f"{telegram.url}/bot") as bot,
        meanwhile(poll(bot, ingest, lease)),  # type: ignore[arg-type]
    ):
        yield


async def test_nothing_is_confirmed_that_was_not_kept(
    telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One update of a batch fails: all of it comes again, also what no library could parse, and only then is over."""
    monkeypatch.setattr(polling, "_FIRST_PAUSE_S", 0.01)
    ana, ingest = telegram.user("Ana"), Unsure()
    for words in ("one", "two"):
        await ana.send(words)
    telegram.updates.add_raw({"message": {"message_id": 1, "date": "soon", "chat": {"id": 1, "type": "private"}}})
    async with polled(telegram, ingest, Held()):
        await until(lambda: len(ingest.taken) == 5)
        await ana.send("three")
        await until(lambda: ingest.words[-1] == "three")
    assert sorted(map(str, ingest.words)) == sorted(map(str, ["one", None, "one", "two", None, "three"]))
    offsets = [int(each.arguments["offset"]) for each in telegram.wire.calls("getUpdates")]
    first, again, after = offsets[:3]
    assert (first, again) == (0, 0)
    assert after == telegram.wire.calls("getUpdates")[1].answer["result"][-1]["update_id"] + 1


class Slow(Taking):
    """Has to look something up before it takes what says "one"."""

    async def take(self, raw: Any) -> None:
        """Take an update, as `Ingest` does."""
        words = raw["message"]["text"]
        if words == "one":
            await until(lambda: any(each["message"]["text"] == "elsewhere" for each in self.taken))  # type: ignore[index]
        await super().take(raw)


async def test_what_is_said_in_one_chat_is_taken_in_turn(telegram: TelegramStandIn) -> None:
    """However long the first of a batch takes, nothing of its chat overtakes it; other chats do not wait for it."""
    ana, bea, ingest = telegram.user("Ana"), telegram.user("Bea"), Slow()
    for person, words in ((ana, "one"), (ana, "two"), (bea, "elsewhere"), (ana, "three")):
        await person.send(words)
    async with polled(telegram, ingest, Held()):
        await until(lambda: len(ingest.taken) == 4)
    assert [each["message"]["text"] for each in ingest.taken] == ["elsewhere", "one", "two", "three"]  # type: ignore[index]


async def test_only_the_one_that_holds_the_lease_polls(
    telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second poller would end the first one's polls; it asks for nothing until it holds the lease."""
    monkeypatch.setattr(polling, "_STAND_BY_S", 0.01)
    lease, ingest = Held(), Taking()
    lease.held = False
    await telegram.user("Ana").send("hello")
    async with polled(telegram, ingest, lease):
        await asyncio.sleep(0.1)
        assert {each.method for each in telegram.wire} == {"getMe"}
        lease.held = True
        await until(lambda: ingest.taken)
