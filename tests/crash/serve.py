"""A process: the service as `serve` runs it, between a real database and the stand-in platform."""

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
from bot.chat.events import Command, Written
from bot.service import intake
from bot.service.step import Received
from bot.store import faults
from bot.store.port import StoreError
from bot.store.rows import Arrival
from tests.crash.channel import BLIND, FINDS, StandIn
from tests.crash.clock import Clock
from tests.crash.rehearsal import CHANNELS, FLOW, POISON, ROUTES, loaded
from tests.crash.tally import Counted, Tally

if TYPE_CHECKING:
    from bot.app import Service

AGAIN: Final = 75
"""The exit code of a process that has no database: whoever supervises it starts it again."""


class Config(msgspec.Struct, frozen=True):
    """What a process is told.

    It kills itself when it comes to one of the `points` for the so manieth time, and says which in a file beside `log`;
    `late`: only passes count that come after a worker was first asked for anything.
    """

    name: str
    url: str
    port: int
    clock: str
    log: str
    points: dict[str, int] = {}
    late: bool = False
    workers: int = 0
    """Processes that take steps for it."""
    few: int = intake.FEW
    """From so many waiting events on it asks them; a handful of merchants never brings as many as in service."""


def work(config: Config) -> int:
    """Serve until SIGTERM; the exit code."""
    if config.points:
        _die_at(dict(config.points), died_at(config), late=config.late)
    setattr(intake, "FEW", config.few)  # noqa: B010  (a constant to everybody else)
    try:
        asyncio.run(_serve(config))
    except StoreError as failure:
        print(f"{config.name} gives up: {failure}", file=sys.stderr)
        return AGAIN
    return 0


def died_at(config: Config) -> Path:
    """The file in which a process says at what point it killed itself."""
    return Path(config.log).with_name(f"{config.name}.died")


def tally(config: Config) -> Tally:
    """What a process has with its workers."""
    return Tally(Path(config.log).with_name(f"{config.name}.tally"))


def _die_at(left: dict[str, int], note: Path, *, late: bool) -> None:
    armed = not late

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal armed
        if event != faults.REACHED:
            return
        armed = armed or args[0] == faults.Point.HANDED
        if armed and args[0] in left:
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
        workers=config.workers,
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
        if service.intake.apart is not None:
            service.intake.apart = Counted(service.intake.apart, tally(config))
        reader, writer = await asyncio.open_connection("127.0.0.1", config.port)
        try:
            writer.write(msgspec.json.encode({"do": "listen", "process": config.name}) + b"\n")
            while line := await reader.readline():
                taking.create_task(_take(service, line, writer))
        finally:
            writer.close()


async def _take(service: Service, line: bytes, writer: asyncio.StreamWriter) -> None:
    said = msgspec.json.decode(line)
    key = str(said["key"])
    payload = None if key.startswith(POISON) else msgspec.json.decode(said["received"], type=Received)
    try:
        if said["thread"] and payload is not None and isinstance(payload.event, (Command, Written)):
            result: str = await service.desk(FINDS).bring((said["thread"],), payload.event) or "ignored"
        else:
            result = await service.intake.submit(Arrival(said["address"], key, payload, origin=key))
    except intake.Busy:
        result = "busy"
    except StoreError:
        result = "unavailable"
    writer.write(msgspec.json.encode({"number": said["number"], "result": result}) + b"\n")
