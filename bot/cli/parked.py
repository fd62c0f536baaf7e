"""`triage parked`: events that could not be applied: see them, apply them again, or drop them."""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import TYPE_CHECKING

import msgspec
import typer

from bot.chat.addresses import parse
from bot.cli import desks, logs, streams
from bot.cli.chat import flow_of, flows_of
from bot.cli.history import Flows
from bot.cli.operating import Unknown, actor, as_json, clock, now, operate
from bot.cli.platforms import ABILITIES, routes
from bot.service.intake import Intake
from bot.service.keeping import library_on
from bot.service.parking import read_back, write_down
from bot.service.step import Received, Stepper
from bot.service.words import event_in_words
from bot.settings import SettingsError, read
from bot.store import admin
from bot.store.audit import Deed, append
from bot.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.flow.loader import Loaded
    from bot.service.intake import Result
    from bot.store.rows import Arrival, Parked


def show_all(database: str | None, form: str) -> None:
    """Print every parked event, a line each; raises typer.Exit(1) and typer.BadParameter."""

    async def read(url: str) -> list[Parked]:
        async with admin.administered(url) as connection:
            return await admin.parked(connection)

    events = operate(database, read)
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json([each._asdict() for each in events]))
            return
        for each in events:
            typer.echo(f"{each.id:>4}  {clock(each.at)} UTC  {each.address}  {each.reason}")
        typer.echo("No event is parked." if not events else "triage parked show ID tells more of one.")


def show(database: str | None, number: int, form: str) -> None:
    """Print a parked event with what it says; raises typer.Exit(1) and typer.BadParameter."""

    async def read(url: str) -> tuple[Parked, str]:
        async with admin.administered(url) as connection:
            event = await _parked(connection, number)
            return event, _words(event, Flows(await admin.flows(connection)))

    event, words = operate(database, read)
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json(event._asdict()))
            return
        typer.echo(f"Event {event.id}, parked at {clock(event.at)} UTC")
        typer.echo(f"Conversation: {event.address}")
        typer.echo(f"Key: {event.key}")
        typer.echo(f"Why: {event.reason}")
        typer.echo(f"What: {words}")
        typer.echo(f"As it was written down: {event.payload}")
        typer.echo(f"`triage parked retry {event.id}` applies it again; `triage parked drop {event.id}` gives it up.")


def retry(database: str | None, number: int, flows: Path | None, locales: Path | None) -> int:
    """Apply a parked event again; the exit code. Raises typer.Exit(1) and typer.BadParameter."""
    loaded = flows_of(flows, locales)

    async def work(url: str) -> tuple[Result, str]:
        async with admin.administered(url) as connection:
            event = await _parked(connection, number)
        arrival = _arrival(event)
        # under a key of its own, because that of the parked event counts as seen; if this is cut short, the same
        # command finds the event still parked and this key seen, and only tidies up
        result, reason = await _apply(url, loaded, arrival._replace(key=f"retry:{event.key}"))
        if result == "parked":
            return result, reason
        async with admin.administered(url) as connection:
            await admin.settle_parked(connection, event, now())
            await append(connection, Deed(now(), actor(), "parked_retried", f"parked:{number}", {"result": result}))
        return result, ""

    result, reason = operate(database, work)
    if result == "parked":
        typer.echo(f"Event {number} cannot be applied now either: {reason}. It stays parked.", err=True)
        return 1
    typer.echo(f"Event {number} was applied. What it brings about is on its way.")
    return 0


def drop(database: str | None, number: int, *, sure: bool) -> None:
    """Give a parked event up; raises typer.Exit(1), typer.Abort and typer.BadParameter."""
    if not sure:
        typer.confirm(f"Give up event {number} for good?", abort=True)

    async def work(url: str) -> None:
        async with admin.administered(url) as connection:
            await admin.settle_parked(connection, await _parked(connection, number), now())
            await append(connection, Deed(now(), actor(), "parked_dropped", f"parked:{number}", {}))

    operate(database, work)
    typer.echo(f"Event {number} was dropped. Its key still counts as seen.")


async def _parked(connection: AsyncConnection, number: int) -> Parked:
    found = await admin.parked(connection, id=number)
    if not found:
        raise Unknown(f"there is no parked event {number}; `triage parked list` shows those there are.")
    return found[0]


def _arrival(event: Parked) -> Arrival:
    try:
        arrival = read_back(event)
    except ValueError as error:
        raise Unknown(f"event {event.id} was written down in a way that cannot be applied: {error}") from error
    channel = parse(event.address).channel
    if channel not in ABILITIES:
        raise Unknown(f"event {event.id} is of {channel}, which this command is not connected to.")
    return arrival


async def _apply(url: str, loaded: Loaded, arrival: Arrival) -> tuple[Result, str]:
    """Apply an arrival through intake; what became of it, and why it failed."""
    logs.configure("console", "critical", sys.stderr)  # what is wrong is told in words
    try:
        settings = read()
    except SettingsError as error:
        raise Unknown(str(error)) from error
    store = await open_store(url)
    try:
        library = await library_on(store, loaded, now())
        # into the outbox, for whoever delivers there
        flow, seeds = flow_of(loaded, settings.flow or None), lambda: secrets.token_hex(16)
        step = Stepper(library, flow, routes(settings.places), ABILITIES, now, seeds)
        step.grounds = step.grounds._replace(office=desks.ready(loaded))
        intake = Intake(store, step, now, write_down)
        running = asyncio.create_task(intake.run())
        try:
            result = await intake.submit(arrival)
        finally:
            intake.close()
            await running
        if result != "parked":
            return result, ""
        # it is parked already: what intake has just put beside it goes
        for each in await store.parked():
            if (each.address, each.key) == (arrival.address, arrival.key):
                await store.unpark(each.id)
                return result, each.reason
        return result, "unknown"
    finally:
        await store.close()


def _words(event: Parked, flows: Flows) -> str:
    try:
        received = read_back(event).payload
    except ValueError:
        return "something that cannot be read"
    if not isinstance(received, Received):
        return "something that cannot be read"
    return event_in_words(msgspec.to_builtins(received.event), flows.newest())
