"""What scripts reached, told: as text with the lines of all that is missing, and as a page that shows the flows."""

from __future__ import annotations

from collections import Counter
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.scripts.coverage import Coverage, Point

KINDS: Final = {"step": "steps", "choice": "choices", "arm": "branches", "when": "conditions", "language": "languages"}
"""What can be reached, and what many of it are called."""


class Reached(NamedTuple):
    """A point, its line in the file, and how often it was reached."""

    point: Point
    line: int
    times: int


def by_file(coverages: Iterable[Coverage]) -> dict[str, list[Reached]]:
    """By file: its points, in the order of the lines. What several libraries hold is counted together."""
    times: Counter[tuple[str, int, Point]] = Counter()
    for coverage in coverages:
        for point, place in coverage.places.items():
            times[place.file, place.line, point] += coverage.reached[point]
    found: dict[str, list[Reached]] = {}
    for file, line, point in times:
        found.setdefault(file, []).append(Reached(point, line, times[file, line, point]))
    return {file: sorted(found[file], key=lambda each: each.line) for file in sorted(found)}


def as_text(files: Mapping[str, Sequence[Reached]]) -> str:
    """Everything that was never reached by file and line, and how much was."""
    lines = [f"{file}:{line}: {words}" for file in files for line, words in _missing(files[file])]
    everything = [each for points in files.values() for each in points]
    return "\n".join([*lines, *([""] if lines else []), f"Reached: {', '.join(_shares(everything)) or 'nothing'}.", ""])


def _missing(points: Iterable[Reached]) -> Iterator[tuple[int, str]]:
    """Line and words of what was never reached; the languages of a flow are told together."""
    missing = [each for each in points if not each.times]
    for (line, flow, kind), group in groupby(missing, key=lambda each: (each.line, each.point.flow, each.point.kind)):
        if kind == "language":
            yield line, f"{flow}: was never played in {', '.join(each.point.name for each in group)}"
        else:
            yield from ((line, str(each.point)) for each in group)


def _shares(points: Sequence[Reached]) -> Iterator[str]:
    """For each kind how many were reached, of how many."""
    for kind, name in KINDS.items():
        of_kind = [each for each in points if each.point.kind == kind]
        if of_kind:
            yield f"{sum(each.times > 0 for each in of_kind)} of {len(of_kind)} {name}"


def as_page(files: Mapping[str, Sequence[Reached]], texts: Mapping[str, str]) -> str:
    """A page of its own: a table of the files, and each file (its text in `texts`) with its lines marked."""
    rows = "".join(_row(file, files[file], number) for number, file in enumerate(files))
    sections = "".join(_section(file, files[file], texts[file], number) for number, file in enumerate(files))
    heads = "".join(f"<th>{name}</th>" for name in KINDS.values())
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>What the scripts reach</title>\n{_STYLE}'
        "<h1>What the scripts reach</h1>\n<p>A line in green was reached as often as it says. "
        "What is red was never reached; the words beside it say what.</p>\n"
        f"<table>\n<tr><th>flow file</th>{heads}</tr>\n{rows}</table>\n{sections}</html>\n"
    )


def _row(file: str, points: Sequence[Reached], number: int) -> str:
    cells = ""
    for kind in KINDS:
        of_kind = [each.times > 0 for each in points if each.point.kind == kind]
        missing = "missing" if not all(of_kind) else "reached" if of_kind else ""
        cells += f'<td class="{missing}">{f"{sum(of_kind)} of {len(of_kind)}" if of_kind else "–"}</td>'
    return f'<tr><td><a href="#file{number}">{escape(Path(file).name)}</a></td>{cells}</tr>\n'


def _section(file: str, points: Sequence[Reached], text: str, number: int) -> str:
    by_line: dict[int, list[Reached]] = {}
    for each in points:
        by_line.setdefault(each.line, []).append(each)
    lines = "".join(_line(place, words, by_line.get(place, ())) for place, words in enumerate(text.split("\n"), 1))
    return f'<h2 id="file{number}">{escape(file)}</h2>\n<pre>{lines}</pre>\n'


def _line(number: int, words: str, points: Sequence[Reached]) -> str:
    missing = [words for _, words in _missing(points)]
    state = "missing" if missing else "reached" if points else ""
    times = f"{max(each.times for each in points)}×" if points and not missing else ""
    notes = f"<em>{escape('; '.join(missing))}</em>" if missing else ""
    return f'<span class="{state}"><i>{number:5} {times:>6}</i> {escape(words)}{notes}</span>\n'


_STYLE: Final = """\
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: #1d2433 }
  table { border-collapse: collapse } td, th { padding: .25rem .9rem; border: 1px solid #d5dae3; text-align: left }
  pre { font: 13px/1.5 ui-monospace, monospace; background: #f7f8fa; padding: 1rem 0; overflow-x: auto }
  pre span { display: inline-block; min-width: 100%; padding: 0 1rem; box-sizing: border-box }
  pre i { color: #8791a5; font-style: normal; user-select: none }
  pre em { color: #b3261e; margin-left: 1.5rem; font-style: normal; font-weight: 600 }
  .reached { background: #e4f5e9 } .missing { background: #fde7e5 }
</style>
"""
