"""How soon staff see things while many cases are open: the home tab with their queue, and a merchant's next words.

The whole service runs on an SQLite file that holds the cases, each opened by a merchant and claimed by one of fifty.
The staff's place is a platform with no limits (a real one takes about one message a second in each channel).
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from typing import TYPE_CHECKING, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Setup, serving
from bot.channels.slack.home import Homes
from bot.chat.addresses import Address
from bot.chat.events import Command, Message
from bot.chat.people import SLACK, Person, User
from bot.chat.places import Places
from bot.service.outgoing import Routes
from bot.service.recall import Recall
from bot.service.step import Received
from bot.store.rows import Arrival
from tests.bench.results import Result
from tests.bench.service.merchants import CHANNELS, FLOW, SEED, clock
from tests.bench.service.standin import Line, Platform
from tests.bench.web.platforms import platforms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.app import Service
    from bot.flow.loader import Loaded
    from bot.store.rows import Delivery
    from tests.bench.starting import Start

_STAFF: Final = str(Address("slack", "T1", "C1"))
_RATE: Final = 50.0
"""Words of merchants a second."""
_PEOPLE: Final = 50
_AT_ONCE: Final = 256


class _Noted(Line):
    """The platform, and when what a message says was taken by it."""

    def __init__(self, carrier: str) -> None:
        super().__init__(carrier)
        self.taken: dict[str, float] = {}
        self._new = asyncio.Event()

    async def took(self, count: int) -> None:
        """Wait until that many messages were taken."""
        while len(self.taken) < count:
            self._new.clear()
            await self._new.wait()

    async def send(self, delivery: Delivery) -> tuple[str, ...]:
        natives = await super().send(delivery)
        if delivery.kind == "relay":
            self.taken[delivery.payload.partition("words-")[2].partition('"')[0]] = time.perf_counter()
            self._new.set()
        return natives


def sqlite(loaded: Loaded, url: str, cases: int, words: int, looks: int, start: Start) -> Iterator[Result]:
    """With so many open cases: the wait of so many words, and of so many looks at the home tab."""
    with Platform(start) as port, platforms() as api:
        waits, tabs = asyncio.run(_measured(loaded, url, port, api, cases, words, looks))
    yield Result("desk.open_cases", cases, "cases")
    yield Result("desk.word_p50_ms", statistics.median(waits) * 1e3, "ms")
    yield Result("desk.word_p99_ms", statistics.quantiles(waits, n=100, method="inclusive")[98] * 1e3, "ms", "<= 250")
    yield Result("desk.home_p50_ms", statistics.median(tabs) * 1e3, "ms")
    yield Result("desk.home_max_ms", max(tabs) * 1e3, "ms", "<= 300")


async def _measured(
    loaded: Loaded, url: str, port: int, api: str, cases: int, words: int, looks: int
) -> tuple[list[float], list[float]]:
    line, recalls = _Noted("slack"), list[Recall]()
    await line.connect(port)

    def channels(recall: Recall) -> dict[str, Line]:
        recalls.append(recall)
        return {"slack": line}

    routes = Routes({"slack": "slack"}, {"slack": lambda effect: (effect,)}, staff=Places((_STAFF,)))
    setup = Setup(FLOW, routes, CHANNELS, channels, {}, clock, random.random, lambda: f"{SEED}{random.random()}")  # noqa: S311
    async with serving(url, loaded, setup) as service:
        await _open(service, cases)
        await line.took(cases)
        line.taken.clear()
        waits = await _said(service, line, cases, words)
        tabs = await _looked(recalls[0], api, looks)
    await line.close()
    return waits, tabs


def _arrival(merchant: int, key: str, event: Message | Command) -> Arrival:
    address = str(Address("slack", "T1", f"D{merchant}"))
    user = User(f"U{merchant}", f"Merchant {merchant}")
    return Arrival(address, key, Received(event, user, "en"), origin=f"{key}.{merchant}")


async def _open(service: Service, cases: int) -> None:
    """Have merchants call a person; somebody claims each case, and the merchant says one thing more."""

    async def some(first: int) -> None:
        for merchant in range(first, cases, _AT_ONCE):
            person = Person(f"slack:T1:P{merchant % _PEOPLE}", f"P{merchant % _PEOPLE}")
            for event in (
                Message("a", "/start"),
                Message("b", "/human"),
                Command("c", person, "claim"),
                Message("d", f"words-{merchant}"),
            ):
                await service.intake.submit(_arrival(merchant, event.key, event))

    await asyncio.gather(*map(some, range(min(_AT_ONCE, cases))))


async def _said(service: Service, line: _Noted, cases: int, words: int) -> list[float]:
    """How long each of so many words took from when it was due to the thread, merchants far from one another."""
    began, due = time.perf_counter() + 0.1, dict[str, float]()

    async def say(number: int) -> None:
        name = f"again{number}"
        due[name] = began + number / _RATE
        await asyncio.sleep(due[name] - time.perf_counter())
        await service.intake.submit(_arrival(number * 7919 % cases, name, Message(name, f"words-{name}")))

    await asyncio.gather(*map(say, range(words)))
    await line.took(words)
    return [line.taken[name] - at for name, at in due.items()]


async def _looked(recall: Recall, api: str, looks: int) -> list[float]:
    """How long each look at the home tab took until Slack had it, by one of the staff."""
    client = AsyncWebClient(token="xoxb-bench", base_url=f"{api}/api/")

    async def client_for(_: str) -> AsyncWebClient:
        return client

    homes, found = Homes(client_for, recall, _STAFF), list[float]()
    for number in range(looks):
        began = time.perf_counter()
        if not await homes.worked("T1", f"P{number % _PEOPLE}", ""):
            raise RuntimeError(f"{SLACK.name} did not take the home tab")
        found.append(time.perf_counter() - began)
    return found
