"""The flows that a command is about, and what to say where there are none of that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import typer

from bot.cli import shipped
from bot.flow.checks import check
from bot.flow.loader import load
from bot.flow.problems import FlowError, suggest
from bot.text.locales import LANGUAGES, negotiate

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from bot.flow.program import Program


def library(flows: Path | None, locales: Path | None) -> Library:
    """The flows of a folder or file with the shipped patterns; raises typer.Exit(1) with all problems told."""
    given = [flows] if flows else []
    return _library(load(shipped.sources(given), shipped.translations(given, locales)))


def proved(flows: Path | None) -> Library:
    """The same without translations, and flows of which the proofs say no error: those can be walked through."""
    loaded = load(shipped.sources([flows] if flows else []))
    return _library(msgspec.structs.replace(loaded, problems=check(loaded)))


def _library(loaded: Loaded) -> Library:
    try:
        return loaded.library()
    except FlowError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def named(library: Library, flow: str) -> Program:
    """The flow of that id; raises typer.BadParameter."""
    if flow not in library.programs:
        raise typer.BadParameter(unknown("flow", flow, library.programs), param_hint="FLOW")
    return library.programs[flow]


def language(wanted: str, available: Collection[str], option: str) -> str:
    """The available language that serves the wanted one; raises typer.BadParameter."""
    found = negotiate([wanted], available, default="")
    if not found:
        raise typer.BadParameter(unknown("language", wanted, available), param_hint=option)
    return found


def unknown(what: str, wanted: str, known: Collection[str]) -> str:
    """That there is no such flow or language, and which there are."""
    names = {each: LANGUAGES[each].native for each in known if what == "language" and each in LANGUAGES}
    listed = ", ".join(f"{each} ({names[each]})" if each in names else each for each in sorted(known))
    by_name = {native: tag for tag, native in names.items()}
    hint = suggest(wanted, known) or suggest(wanted, by_name)
    return " ".join(filter(None, [f"there is no {what} {wanted!r};", hint, f"there are: {listed}"]))
