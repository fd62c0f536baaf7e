"""`triage export`: conversations as transcripts of both sides, with answers and acknowledgements."""

from __future__ import annotations

from typing import Any

import msgspec
import typer

from bot.channels.console.rendering import visible
from bot.cli import streams
from bot.cli.history import Flows
from bot.cli.operating import named, operate
from bot.service.transcript import as_text, exported
from bot.store import admin


def run(database: str | None, reference: str | None, form: str) -> None:
    """Print one conversation, or all; raises typer.Exit(1) and typer.BadParameter."""

    async def write(url: str) -> None:
        async with admin.administered(url) as connection:
            library = Flows(await admin.flows(connection)).newest()
            chosen = [(await named(connection, reference)).id] if reference else await admin.ids(connection)
            for number, id_ in enumerate(chosen):
                row = await admin.row(connection, id_)
                if row is not None:
                    found = await exported(connection, row, library)
                    _print(found, form, first=number == 0)

    with streams.until_closed():
        operate(database, write)


def _print(found: dict[str, Any], form: str, *, first: bool) -> None:
    if form == "json":
        typer.echo(msgspec.json.encode(found).decode())
        return
    if not first:
        typer.echo("")
    for line in as_text(found):
        typer.echo(visible(line))
