"""`triage graph`: a flow as a picture, with what became of stored conversations at each step if a database is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from bot.cli import flows as known
from bot.cli import streams
from bot.flow.drawing.dot import dot
from bot.flow.drawing.mermaid import mermaid
from bot.flow.drawing.page import page
from bot.flow.drawing.scene import counted, scene
from bot.flow.drawing.svg import svg
from bot.flow.problems import quantity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.engine.dropoff import DropOff
    from bot.flow.drawing.scene import Scene

_FORMS: Final[dict[str, Callable[[Scene], str]]] = {"mermaid": mermaid, "dot": dot, "svg": svg, "html": page}


def run(flow: str, form: str, locale: str, flows: Path | None, locales: Path | None, database: str | None) -> None:
    """Print the picture; raises typer.Exit(1) if flows or database cannot be read, and typer.BadParameter."""
    streams.prepare()
    library = known.library(flows, locales)
    program = known.named(library, flow)
    tag = known.language(locale, library.languages, "--locale")
    picture = scene(program, lambda text: library.plain(text, tag))
    if database:
        from bot.cli.operating import operate  # noqa: PLC0415  (takes a moment, and few pictures need it)

        found = operate(database, lambda url: _counted(url, flow))
        picture = counted(picture, found.visits(), _note(found))
    with streams.until_closed():
        typer.echo(_FORMS[form](picture), nl=False)


async def _counted(url: str, flow: str) -> DropOff:
    from bot.engine.dropoff import DropOff  # noqa: PLC0415
    from bot.service.transcript import records  # noqa: PLC0415
    from bot.store import reading  # noqa: PLC0415

    found = DropOff(flow)
    async with reading.observed(url) as connection:
        async for each in reading.log(connection):
            found.read(each.conversation, records([each]))
    return found


def _note(found: DropOff) -> str:
    """What was counted."""
    if found.since is None or found.until is None:
        return "no stored conversation came here"
    return f"{quantity(found.sessions, 'stored conversation')}, {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}"
