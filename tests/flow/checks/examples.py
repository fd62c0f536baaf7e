"""Flows in small: what the tests of the proofs are written with."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

from bot.flow.checks import check
from bot.flow.loader import Loaded, Source
from bot.flow.model import Flow
from bot.flow.reader import read
from bot.flow.understanding import understood
from bot.text.catalogs import Catalogs
from bot.text.pofile import Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.flow.problems import Problem

MARK = "#!"
"""Stands at the end of each line where a problem is expected."""

Translations = dict[tuple[str, str], Entry | str]


class Example(NamedTuple):
    """A flow with one mistake, in the lines that are marked, and the same flow without it."""

    code: str
    broken: str
    fixed: str

    @property
    def expected(self) -> list[tuple[str, int]]:
        """Code and line of every problem of the broken flow."""
        return [(self.code, line) for line in marked(self.broken)]


def document(text: str) -> str:
    """A file from what matters in it: a flow `f` around lines that do not name their own."""
    text = dedent(text).lstrip("\n")
    return text if text.startswith("flow:") else f"flow: f\nversion: 1\ntitle: F\n{text}"


def loaded(*texts: str, catalogs: Mapping[str, Translations] | None = None) -> Loaded:
    """Files that are well-formed, as the loader would hand them over; they are called 0.yaml, 1.yaml, ….

    `catalogs` hold, by language and then by context and source, an entry or its translation alone.
    """
    readings = [read(document(text).encode(), f"{number}.yaml") for number, text in enumerate(texts)]
    sources = [
        Source(understood(Flow, tree.data), tree, f"{number}.yaml")
        for number, reading in enumerate(readings)
        for tree in reading.documents
    ]
    problems = [problem for reading in readings for problem in reading.problems]
    assert problems == []
    entries = {
        language: {key: entry if isinstance(entry, Entry) else Entry(entry, line=7) for key, entry in found.items()}
        for language, found in (catalogs or {}).items()
    }
    return Loaded(tuple(sources), Catalogs(entries), ())


def problems(
    *texts: str,
    catalogs: Mapping[str, Translations] | None = None,
    patterns: Collection[str] = (),
    words: Collection[str] = (),
) -> tuple[Problem, ...]:
    """What the proofs say about these files."""
    return check(loaded(*texts, catalogs=catalogs), patterns, words)


def found(text: str, catalogs: Mapping[str, Translations] | None = None) -> list[tuple[str, int]]:
    """Code and line of everything that is wrong in one file."""
    return [(each.code, each.line) for each in problems(text, catalogs=catalogs)]


def marked(text: str) -> list[int]:
    """The lines of the file that are marked."""
    return [number for number, line in enumerate(document(text).split("\n"), 1) if line.endswith(MARK)]
