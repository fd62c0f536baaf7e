"""`triage locales`: how complete and how sound each language is, counted from what `triage check` says about it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec
import typer

from bot.cli import shipped, streams
from bot.desk.wordings import WORDINGS as DESK
from bot.engine.wordings import REQUIRED, WORDINGS
from bot.flow.checks import check
from bot.flow.extract import needs_translation
from bot.flow.loader import load
from bot.flow.problems import FlowError
from bot.text.catalogs import Catalogs
from bot.text.locales import LANGUAGES, SOURCE, fallbacks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem

_MEANT: Final[Mapping[str, str]] = {
    "missing-translation": "missing",
    "fuzzy-translation": "fuzzy",
    "label-too-long": "too_long",
    "labels-alike": "too_long",
    "text-too-long": "too_long",
    "colliding-choices": "colliding",
    "shadows-command": "colliding",
    "bad-translation": "wrong",
    "placeholder-mismatch": "wrong",
    "markup-mismatch": "wrong",
    "rule-facts": "wrong",
}
"""What each code counts as."""


class Language(msgspec.Struct, frozen=True):
    """One language: how many of the texts are translated, and what is to be done about how many."""

    language: str
    name: str
    texts: int
    translated: int
    fuzzy: int
    missing: int
    too_long: int
    colliding: int
    wrong: int


def run(paths: Sequence[Path], locales: Path | None, form: str) -> None:
    """Print a row for each language; raises typer.Exit(1) if the flows or the catalogs cannot be read."""
    streams.prepare()
    loaded = load(shipped.sources(paths), shipped.translations(paths, locales))
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors:
        typer.echo(FlowError(errors), err=True)
        raise typer.Exit(1)
    found = languages(loaded)
    with streams.until_closed():
        if form == "json":
            typer.echo(json.dumps([msgspec.to_builtins(each) for each in found], indent=2, ensure_ascii=False))
        else:
            typer.echo(_table(found))


def languages(loaded: Loaded) -> list[Language]:
    """Every language but the source. What is wrong with the source or a wider language counts for none of them."""
    texts = sum(needs_translation(text) for program in loaded.library().programs.values() for text in program.texts)
    found: list[Language] = []
    for tag in loaded.catalogs.languages:
        if tag == SOURCE:
            continue
        wider = [each for each in fallbacks(tag)[1:] if each != SOURCE and each in loaded.catalogs.languages]
        ours = _proved(loaded, [tag, *wider]) - _proved(loaded, wider)
        counts = Counter(_MEANT[problem.code] for problem in ours if problem.code in _MEANT)
        number = {each: counts[each] for each in ("fuzzy", "missing", "too_long", "colliding", "wrong")}
        name = LANGUAGES[tag].native if tag in LANGUAGES else tag
        found.append(Language(tag, name, texts, texts - counts["fuzzy"] - counts["missing"], **number))
    return found


def _proved(loaded: Loaded, tags: Sequence[str]) -> set[Problem]:
    """What is wrong where these are all the languages."""
    catalogs = Catalogs({tag: loaded.catalogs.entries(tag) for tag in tags})
    return set(check(msgspec.structs.replace(loaded, catalogs=catalogs), REQUIRED, (*WORDINGS, *DESK)))


def _table(found: Sequence[Language]) -> str:
    head = ("", "translated", "fuzzy", "missing", "too long", "colliding", "wrong")
    rows = [
        (
            f"{each.language} {each.name}",
            f"{each.translated} of {each.texts}",
            *map(str, (each.fuzzy, each.missing, each.too_long, each.colliding, each.wrong)),
        )
        for each in found
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in (head, *rows)
    ]
    if not found:
        return "There are no translations."
    return "\n".join([*lines, "", "`triage check` shows each of them with its place."])
