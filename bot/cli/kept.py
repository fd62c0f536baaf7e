"""`triage chat --db`: the console channel over a conversation in a database, which goes on where it stopped."""

from __future__ import annotations

import secrets
import sys
import time
from typing import TYPE_CHECKING

import typer

from bot.channels.console.guest import Guest, Merchant, Occupied
from bot.channels.console.kept import KeptConversation
from bot.channels.console.loop import Console
from bot.channels.console.prompt import AbovePrompt, Prompt
from bot.cli import desks, logs, terminal
from bot.service.keeping import library_on
from bot.settings import SettingsError, read
from bot.store.port import StoreError

if TYPE_CHECKING:
    from bot.chat.people import User
    from bot.flow.loader import Loaded
    from bot.store.port import Store

OCCUPIED = (
    "{name} ({who}) is in this conversation in another terminal. Leave that one first, or talk as somebody else with "
    "--as NAME."
)


def hold(database: str, loaded: Loaded, flow: str, user: User, locale: str, staff_locale: str) -> None:
    """Hold the conversation of `user`; raises typer.Exit(1), with a word why, if it cannot be held."""
    # a log between the messages would be read as part of them
    logs.configure("console", "error", sys.stderr)
    prompt = Prompt()
    office = desks.ready(loaded)
    try:
        staff = read().places
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    to = None
    if staff.addresses:
        from bot.cli.platforms import routes  # noqa: PLC0415  (their libraries take a second, and talk here needs none)

        to = routes(staff)

    async def make(store: Store) -> Guest:
        library = await library_on(store, loaded, _now())
        return Guest(store, library, Merchant(user, flow, locale, to), console, _now, _seed, office=office)

    kept = KeptConversation(database, make, _seed)
    console = Console(kept, AbovePrompt(terminal.screen(), prompt), staff_locale)
    try:
        with kept:
            terminal.greet(console)
            if kept.begun and not terminal.is_typed():
                console.resume()
            terminal.hold(console, prompt, begun=kept.begun, farewell="console_farewell_kept")
    except Occupied:
        typer.echo(OCCUPIED.format(name=user.first_name, who=user.id), err=True)
        raise typer.Exit(1) from None
    except StoreError as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None


def _now() -> int:
    return int(time.time() * 1000)


def _seed() -> str:
    return secrets.token_hex(16)
