"""`triage check`: every problem of flows, translations and the desk's settings, in the order of the files.

With a database to check against, also what becomes of the conversations in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from bot.cli import desks, formats, shipped, streams
from bot.desk.wordings import WORDINGS as DESK
from bot.engine.wordings import REQUIRED, WORDINGS
from bot.flow.loader import load
from bot.flow.problems import format_text, in_order, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.cli.against import Group
    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem

_NOT_LOOKED_AT: Final = "The stored conversations were not looked at: mend what cannot be read first."


def run(paths: Sequence[Path], locales: Path | None, form: str = "text", database: str | None = None) -> int:
    """Print the problems in the wanted form, as text with a line that counts them; the exit code."""
    streams.prepare()
    settings, others = desks.among(list(paths) or [shipped.flows()])
    given = others or [shipped.flows()]
    loaded = load(given, shipped.translations(given, locales))
    found = list(loaded.problems)
    if loaded.sources:
        from bot.cli.proving import prove  # noqa: PLC0415  (takes a moment, and there must be something to prove)

        loaded = loaded.over(load(shipped.beneath(given)))
        found = list(prove(loaded, REQUIRED, (*WORDINGS, *DESK)))
    found += desks.problems(loaded, settings)
    stored: Sequence[Group] | None = None
    if database is not None and not _is_wrong(loaded.problems):
        from bot.cli import against  # noqa: PLC0415  (takes a moment, and few checks need it)

        stored = against.look(database, loaded, complete=any(path.is_dir() for path in given))
        found += against.problems(stored, loaded, str(given[-1]))
    problems = in_order(found)
    with streams.until_closed():
        typer.echo(_formatted(problems, loaded, form, stored), nl=False)
        if form == "text" and database is not None and stored is None:
            typer.echo(_NOT_LOOKED_AT)
    return int(_is_wrong(problems))


def _is_wrong(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _formatted(problems: Sequence[Problem], loaded: Loaded, form: str, stored: Sequence[Group] | None) -> str:
    flows, languages = len(loaded.sources), len(loaded.catalogs.languages)
    match form:
        case "sarif":
            return formats.as_sarif(problems)
        case "github":
            return formats.as_github(problems)
        case "json" if stored is None:
            return formats.as_json(problems, flows, languages)
    blocks = [f"{format_text(problem)}\n" for problem in problems]
    text = "\n".join([*blocks, f"{summary(problems, flows, languages)}\n"])
    if stored is None:
        return text
    from bot.cli import against  # noqa: PLC0415

    if form == "json":
        return formats.as_json(problems, flows, languages, against.as_data(stored))
    return text + "".join(f"{line}\n" for line in against.as_text(stored))


def summary(problems: Iterable[Problem], flows: int, languages: int) -> str:
    """The line below the problems, such as "1 error, 2 warnings in 25 flows and 7 languages."."""
    severities = [problem.severity for problem in problems]
    counts = [quantity(severities.count(each), each) for each in ("error", "warning") if each in severities]
    return f"{', '.join(counts) or 'No problems'} in {quantity(flows, 'flow')} and {quantity(languages, 'language')}."
