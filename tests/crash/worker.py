"""A worker: the service as `serve` runs it, between a real database and the stand-in platform."""

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

from bot.app import Setup, serving
from bot.service.intake import Busy
from bot.service.step import Received
from bot.store import faults
from bot.store.port import StoreError
from bot.store.rows import Arrival
from tests.crash.channel import BLIND, FINDS, StandIn
from tests.crash.clock import Clock
from tests.crash.rehearsal import CHANNELS, FLOW, POISON, ROUTES, loaded

if TYPE_CHECKING:
    from bot.service.intake import Intake

AGAIN: Final = 75
"""The exit code of a worker that has no database: whoever supervises it starts it again."""


class Config(msgspec.Struct, frozen=True):
    """What a worker is told.

    It kills itself when it comes to one of the `points` for the so manieth time, and says which in a file beside `log`.
    """

    name: str
    url: str
    port: int
    clock: str
    log: str
    points: dict[str, int] = {}


def work(config: Config) -> int:
    """Serve until SIGTERM; the exit code."""
    if config.points:
        _die_at(dict(config.points), died_at(config))
    try:
        asyncio.run(_serve(config))
    except StoreError as failure:
        print(f"{config.name} gives up: {failure}", file=sys.stderr)
        return AGAIN
    return 0


def died_at(config: Config) -> Path:
    """The file in which a worker says at what point it killed itself."""
    return Path(config.log).with_name(f"{config.name}.died")


def _die_at(left: dict[str, int], note: Path) -> None:
    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == faults.REACHED and args[0] in left:
            left[args[0]] -= 1
            if left[args[0]] == 0:
                note.write_text(args[0])
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


async def _serve(config: Config) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    setup = Setup(
        flow=FLOW,
        routes=ROUTES,
        abilities=CHANNELS,
        channels=lambda _: {each: StandIn(each, config.port, config.name) for each in (FINDS, BLIND)},
        hooks={},
        clock=Clock(Path(config.clock)),
        random=random.random,
        seeds=lambda: secrets.token_hex(16),
    )
    serve = asyncio.create_task(_on_the_platform(config, setup))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([serve, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    serve.cancel()  # what is under way is finished nevertheless
    try:
        await serve
    except asyncio.CancelledError:
        return


async def _on_the_platform(config: Config, setup: Setup) -> None:
    """Take events from the platform, and acknowledge what is kept."""
    async with serving(config.url, loaded(), setup) as service, asyncio.TaskGroup() as taking:
        reader, writer = await asyncio.open_connection("127.0.0.1", config.port)
        try:
            writer.write(msgspec.json.encode({"do": "listen", "worker": config.name}) + b"\n")
            while line := await reader.readline():
                taking.create_task(_take(service.intake, line, writer))
        finally:
            writer.close()


async def _take(intake: Intake, line: bytes, writer: asyncio.StreamWriter) -> None:
    said = msgspec.json.decode(line)
    key = str(said["key"])
    payload = None if key.startswith(POISON) else msgspec.json.decode(said["received"], type=Received)
    try:
        result: str = await intake.submit(Arrival(said["address"], key, payload, origin=key))
    except Busy:
        result = "busy"
    except StoreError:
        result = "unavailable"
    writer.write(msgspec.json.encode({"number": said["number"], "result": result}) + b"\n")
