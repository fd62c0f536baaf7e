"""`triage graph`: a flow as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from bot.cli import flows as known
from bot.cli import streams
from bot.flow.drawing.dot import dot
from bot.flow.drawing.mermaid import mermaid
from bot.flow.drawing.page import page
from bot.flow.drawing.scene import scene
from bot.flow.drawing.svg import svg

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.flow.drawing.scene import Scene

_FORMS: Final[dict[str, Callable[[Scene], str]]] = {"mermaid": mermaid, "dot": dot, "svg": svg, "html": page}


def run(flow: str, form: str, locale: str, flows: Path | None, locales: Path | None) -> None:
    """Print the picture; raises typer.Exit(1) if the flows cannot be read, and typer.BadParameter."""
    streams.prepare()
    library = known.library(flows, locales)
    program = known.named(library, flow)
    tag = known.language(locale, library.languages, "--locale")
    with streams.until_closed():
        typer.echo(_FORMS[form](scene(program, lambda text: library.plain(text, tag))), nl=False)
