"""The merchants of the walk as arrivals: the same conversations, brought to the service as a channel brings them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from bot.chat.addresses import Address
from bot.chat.events import Tap
from bot.chat.people import CONSOLE, SLACK, TELEGRAM
from bot.engine.ids import Ids
from bot.engine.session import decode
from bot.service.outgoing import Routes, whole
from bot.service.step import Received, Stepper
from bot.store.rows import Arrival

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.flow.library import Library
    from bot.service.intake import Result
    from tests.bench.talks import Script

SEED: Final = "bench"
"""Of every conversation's ids, so that the buttons of the recorded conversations are the bot's."""
FLOW: Final = "help_us_help_you"
CHANNELS: Final = {each.name: each for each in (CONSOLE, SLACK, TELEGRAM)}
_SESSION: Final = Ids(SEED).session()


def clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def stepper(library: Library) -> Stepper:
    """Real turns of the shipped flow; every channel takes an effect as one message."""
    routes = Routes({name: name for name in CHANNELS}, dict.fromkeys(CHANNELS, whole))
    return Stepper(library, FLOW, routes, CHANNELS, clock, lambda: SEED)


def arrivals(script: Script, number: int) -> list[Arrival]:
    """What merchant `number` does, in a conversation of their own."""
    session = decode(script.opening)
    address = str(Address(session.channel.name, "bench", f"m{number}"))
    return [
        Arrival(address, event.key, Received(event, session.user, session.locale), origin=str(place))
        for place, (recorded, _) in enumerate(script.turns)
        for event in [
            msgspec.structs.replace(recorded, token=recorded.token.replace(session.id, _SESSION))
            if isinstance(recorded, Tap)
            else recorded
        ]
    ]


def crowd(scripts: Sequence[Script], first: int = 0) -> Iterator[list[Arrival]]:
    """Merchants without end, numbered from `first`."""
    return (arrivals(scripts[number % len(scripts)], number) for number in count(first))


@dataclass
class Walk:
    """How a walk went: events per second, and how long each took to be kept, in seconds."""

    seconds: float = 0.0
    cpu: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Events per second."""
        return len(self.waits) / self.seconds


class Taking(Protocol):
    """What takes events in."""

    async def submit(self, arrival: Arrival) -> Result:
        """Apply an event; it is kept when this returns."""
        ...


def _enough(merchants: Iterator[list[Arrival]], at_once: int, events: int) -> Iterator[list[Arrival]]:
    """The talks of merchants of whom `at_once` may be in the middle of theirs when there were `events`."""
    found: list[list[Arrival]] = []
    while sum(sorted(map(len, found))[:-at_once]) < events and (more := list(islice(merchants, at_once))):
        found += more
    return iter(found)


async def walk(intake: Taking, merchants: Iterator[list[Arrival]], at_once: int, events: int) -> Walk:
    """Have `at_once` merchants talk at a time, each as fast as they are answered, until `events` are kept."""
    done = Walk()
    talks = _enough(merchants, at_once, events)  # made beforehand: it is no work of intake's

    async def talk() -> None:
        while len(done.waits) < events:
            for arrival in next(talks):
                if len(done.waits) >= events:
                    return
                began = time.perf_counter()
                verdict = await intake.submit(arrival)
                done.waits.append(time.perf_counter() - began)
                if verdict != "applied":
                    raise RuntimeError(f"{arrival.key} of {arrival.address} was {verdict}")

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(talk() for _ in range(at_once)))
    done.seconds, done.cpu = time.perf_counter() - began, time.process_time() - cpu
    return done
