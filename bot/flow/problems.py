"""Coded diagnostics: what is wrong in a file, where exactly, and what would mend it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]

EXCERPT: Final = 160
"""Code points of a source line that a problem shows at most."""

_BEFORE: Final = 100
"""Code points kept before the column; the caret's place follows from the column and this alone."""

_SIMILAR: Final = 0.65
"""Share of a word that must match before it is suggested: `prmopt` finds its word, `if` does not become `id`."""

_WORD: Final = 40
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Controls, line separators, direction overrides: a quoted line must not steer a terminal or hide what it says."""


class Problem(msgspec.Struct, frozen=True):
    """One diagnostic. `line` and `column` are 1-based, `column` in code points; `hint` is empty if there is none.

    `code` is kebab-case and never changes its meaning. `excerpt` is the source line, at most 160 code points around the
    column, each tab and unprintable character one code point wide.
    """

    code: str
    severity: Severity
    message: str
    file: str
    line: int
    column: int
    excerpt: str = ""
    hint: str = ""


class FlowError(Exception):
    """Files that cannot be used as they are; `problems` holds everything found in them, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems in the order of `in_order`."""
        self.problems: tuple[Problem, ...] = in_order(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All problems, formatted."""
        return "\n".join(map(format_text, self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by file, line, column and code; what was found twice stands once."""
    return tuple(sorted(set(problems), key=lambda each: (each.file, each.line, each.column, each.code, each.message)))


def format_text(problem: Problem) -> str:
    """The problem for a terminal: a headline, the source line, a caret below the column, the hint; no last newline."""
    lines = [f"{problem.file}:{problem.line}:{problem.column}: {problem.severity}[{problem.code}]: {problem.message}"]
    if problem.excerpt:
        caret = min(problem.column - 1, _BEFORE)
        lines += [f"{problem.line:5} | {problem.excerpt}", f"      | {_blank(problem.excerpt[:caret], caret)}^"]
    if problem.hint:
        lines.append(f"      = hint: {problem.hint}")
    return "\n".join(map(_safe, lines))


def excerpt(line: str, column: int) -> str:
    """The part of a source line that a problem at `column` (1-based) shows; `…` stands where something was cut."""
    start = max(0, column - 1 - _BEFORE)
    shown = line[start : start + EXCERPT]
    if start and shown:
        shown = "…" + shown[1:]
    if len(line) > start + EXCERPT:
        shown = shown[:-1] + "…"
    return _safe(shown.rstrip("\r\n"))


def quoted(word: object) -> str:
    """A word of the file as messages show it: in backticks, shortened, on one line."""
    text = str(word)
    return f"`{_safe(text if len(text) <= _WORD else text[: _WORD - 1] + '…')}`"


def quantity(number: int, what: str) -> str:
    """A number of things in words: `1 event`, `2 events`, `0 events`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def suggest(word: str, known: Iterable[str]) -> str:
    """The hint "did you mean `prompt`?" if one of the known words is close to `word`, otherwise an empty text."""
    best = closest(word, known)
    return f"did you mean {quoted(best)}?" if best is not None else ""


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, if one is close to it."""
    from rapidfuzz import process  # noqa: PLC0415  (takes a moment, and files without mistakes never come here)
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    best = process.extractOne(
        word[: 2 * _WORD], sorted(set(known)), scorer=OSA.normalized_similarity, processor=_plain, score_cutoff=_SIMILAR
    )
    return None if best is None else best[0]


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_")


def _safe(text: str) -> str:
    return _UNSAFE.sub(lambda found: " " if found[0] in "\t\r\n" else "\N{REPLACEMENT CHARACTER}", text)


def _blank(text: str, length: int) -> str:
    """Spaces as wide as the first `length` code points on a terminal: none for an accent, two for 日 or an emoji."""
    wide = sum(_width(each) for each in text)
    return " " * (wide + length - len(text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
