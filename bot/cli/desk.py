"""`triage desk`: a terminal as the place of staff."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from typing import TYPE_CHECKING

import msgspec
import typer

from bot.channels.console.channel import DESK
from bot.channels.console.desk import DeskTerminal
from bot.chat.people import CONSOLE, Person
from bot.chat.places import Places
from bot.cli import desks, logs, terminal
from bot.cli.chat import flow_of, flows_of, identity
from bot.cli.platforms import ABILITIES, routes
from bot.service.keeping import library_on
from bot.service.step import Stepper
from bot.settings import SettingsError, read
from bot.store.opening import open_store
from bot.store.port import StoreError

if TYPE_CHECKING:
    from bot.flow.loader import Loaded
    from bot.settings import Settings

NOT_KEPT = "This could not be kept, so please write it again later: {reason}"


def run(database: str, name: str) -> None:
    """Sit at the desk until there is nothing more to read; raises typer.Exit(1), with a word why, if that cannot be."""
    logs.configure("console", "error", sys.stderr)
    loaded = flows_of(None, None)
    try:
        asyncio.run(_sit(database, name, loaded, read()))
    except (SettingsError, StoreError) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        pass


async def _sit(database: str, name: str, loaded: Loaded, settings: Settings) -> None:
    store = await open_store(database)
    try:
        library = await library_on(store, loaded, _now())
        places = settings.places if settings.places.on(CONSOLE.name) else Places((DESK,))
        stepper = Stepper(library, flow_of(loaded, None), routes(places), ABILITIES, _now, _seed)
        office = msgspec.structs.replace(desks.ready(loaded), drops=settings.drops)
        stepper.grounds = stepper.grounds._replace(office=office)
        person = Person(f"{CONSOLE.name}:desk:{identity(name)}", name)
        desk = DeskTerminal(
            store, stepper, person, terminal.screen(), _now, _seed, settings.drop_key.get_secret_value()
        )
        await desk.start()
        try:
            await _read(desk)
        finally:
            await desk.close()
    finally:
        await store.close()


async def _read(desk: DeskTerminal) -> None:
    typed = terminal.is_typed()
    if typed:
        await desk.type("/help")
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip() == "/quit":
            return
        if not typed:
            terminal.screen().echo(line.rstrip("\n"))
        try:
            await desk.type(line)
        except StoreError as failure:
            if not typed:
                raise
            desk.tell(NOT_KEPT.format(reason=failure))


def _now() -> int:
    return int(time.time() * 1000)


def _seed() -> str:
    return secrets.token_hex(16)
