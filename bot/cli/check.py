"""`triage check`: every problem of flows, translations and the desk's settings, in the order of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.cli import desks, formats, shipped, streams
from bot.cli.proving import prove
from bot.desk.wordings import WORDINGS as DESK
from bot.engine.patterns import REQUIRED
from bot.engine.wordings import WORDINGS
from bot.flow.loader import load
from bot.flow.problems import format_text, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem


def run(paths: Sequence[Path], locales: Path | None, form: str = "text") -> int:
    """Print the problems in the wanted form, as text with a line that counts them; the exit code."""
    streams.prepare()
    loaded = load(shipped.sources(paths), shipped.translations(paths, locales))
    problems = in_order([*prove(loaded, REQUIRED, (*WORDINGS, *DESK)), *desks.problems(loaded)])
    with streams.until_closed():
        typer.echo(_formatted(problems, loaded, form), nl=False)
    return int(any(problem.severity == "error" for problem in problems))


def _formatted(problems: Sequence[Problem], loaded: Loaded, form: str) -> str:
    flows, languages = len(loaded.sources), len(loaded.catalogs.languages)
    match form:
        case "json":
            return formats.as_json(problems, flows, languages)
        case "sarif":
            return formats.as_sarif(problems)
        case "github":
            return formats.as_github(problems)
    blocks = [f"{format_text(problem)}\n" for problem in problems]
    return "\n".join([*blocks, f"{summary(problems, flows, languages)}\n"])


def summary(problems: Iterable[Problem], flows: int, languages: int) -> str:
    """The line below the problems, such as "1 error, 2 warnings in 25 flows and 7 languages."."""
    severities = [problem.severity for problem in problems]
    counts = [_count(severities.count(each), each) for each in ("error", "warning") if each in severities]
    return f"{', '.join(counts) or 'No problems'} in {_count(flows, 'flow')} and {_count(languages, 'language')}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
