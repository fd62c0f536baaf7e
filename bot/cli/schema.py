"""`triage schema`: the JSON Schema of the flow language."""

from __future__ import annotations

import json

import typer

from bot.cli import streams
from bot.flow.schema import schema


def run() -> None:
    """Print it."""
    streams.prepare()
    with streams.until_closed():
        typer.echo(as_text(), nl=False)


def as_text() -> str:
    """The schema as it is printed, and as it stands in `docs/`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
