"""A worker: the service itself, between a real store and the stand-in platform."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.service.delivery import Deliverer
from bot.service.intake import Busy, Intake
from bot.service.ration import Rations
from bot.service.step import Received, Stepper
from bot.service.timers import Timers
from bot.store import faults
from bot.store.opening import open_store
from bot.store.port import StoreError
from bot.store.rows import Arrival
from tests.crash.channel import BLIND, FINDS, StandIn
from tests.crash.clock import Clock
from tests.crash.rehearsal import CHANNELS, FLOW, POISON, ROUTES, library

if TYPE_CHECKING:
    from bot.store.port import Store
    from bot.store.rows import Change, Stored

TTL_MS: Final = 20_000
"""How long a lease lasts; two seconds of the wall's, since the clock of a run is fast."""
TIMERS: Final = "timers"


class Config(msgspec.Struct, frozen=True):
    """What a worker is told. It kills itself when it comes to `point` for the `passes`th time; "" for never."""

    name: str
    url: str
    port: int
    clock: str
    log: str
    point: str = ""
    passes: int = 1


def work(config: Config) -> None:
    """Serve until SIGTERM; raises whatever ends it otherwise."""
    if config.point:
        _die_at(config.point, config.passes)
    asyncio.run(_Worker(config).serve())


def _die_at(point: str, passes: int) -> None:
    left = passes

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if event == faults.REACHED and args[0] == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


class _Worker:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._clock = Clock(Path(config.clock))
        self._stopping = asyncio.Event()

    async def serve(self) -> None:
        config, clock = self._config, self._clock
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stopping.set)
        store = await _opened(config.url)
        await self._renew(store, config.name)
        channels = {carrier: StandIn(carrier, config.port, config.name) for carrier in (FINDS, BLIND)}
        stepper = Stepper(library(), FLOW, ROUTES, CHANNELS, clock, lambda: secrets.token_hex(16))

        def step(arrival: Arrival, stored: Stored | None) -> Change | None:
            if arrival.key.startswith(POISON):
                raise ValueError("this one cannot be applied")
            return stepper(arrival, stored)

        deliverer = Deliverer(store, channels, Rations(channels), config.name, clock, random.random)
        intake = Intake(store, step, clock, lambda arrival: arrival.key, after=deliverer.wake)
        timers = Timers(store, intake, clock)
        parts = [asyncio.create_task(part) for part in (intake.run(), deliverer.run())]
        more = [
            asyncio.create_task(part)
            for part in (self._listen(intake), self._keep_lease(store), self._time(store, timers))
        ]
        stop = asyncio.create_task(self._stopping.wait())
        done, _ = await asyncio.wait([*parts, *more, stop], return_when=asyncio.FIRST_COMPLETED)
        for each in done - {stop}:
            each.result()
        timers.close()
        intake.close()
        deliverer.close()
        for each in more:
            each.cancel()
        await asyncio.gather(*more, return_exceptions=True)
        await asyncio.gather(*parts)
        await store.release(config.name, config.name)
        await store.close()

    async def _keep_lease(self, store: Store) -> None:
        while True:
            await asyncio.sleep(TTL_MS / 10 / 1000 / 4)
            await self._renew(store, self._config.name)

    async def _renew(self, store: Store, lease: str) -> bool:
        try:
            return await store.acquire(lease, self._config.name, self._clock(), TTL_MS)
        except StoreError:
            return False

    async def _time(self, store: Store, timers: Timers) -> None:
        while True:
            if await self._renew(store, TIMERS):
                try:
                    await timers.fire()
                except StoreError as failure:
                    print("timers wait:", failure, file=sys.stderr)
            await asyncio.sleep(0.2)

    async def _listen(self, intake: Intake) -> None:
        """Take events from the platform, and acknowledge what is kept."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._config.port)
        writer.write(b'{"do":"listen"}\n')
        under_way: set[asyncio.Task[None]] = set()
        while line := await reader.readline():
            task = asyncio.create_task(self._take(intake, line, writer))
            under_way.add(task)
            task.add_done_callback(under_way.discard)

    async def _take(self, intake: Intake, line: bytes, writer: asyncio.StreamWriter) -> None:
        said = msgspec.json.decode(line)
        received = msgspec.json.decode(said["received"], type=Received)
        arrival = Arrival(said["address"], said["key"], received, origin=said["key"])
        try:
            result: str = await intake.submit(arrival)
        except Busy:
            result = "busy"
        except StoreError:
            result = "unavailable"
        writer.write(msgspec.json.encode({"number": said["number"], "result": result}) + b"\n")


async def _opened(url: str) -> Store:
    """The store, as soon as it can be opened."""
    while True:
        try:
            return await open_store(url)
        except StoreError as failure:
            print("waits for the store:", failure, file=sys.stderr)
            await asyncio.sleep(0.2)
