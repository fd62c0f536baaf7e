"""Places: `{{ expression }}` in an author's text, cut out before anything else reads the text.

Each place becomes one private-use character. To a Markdown parser that is a letter like any other, so neither what an
expression contains nor what its value will be can become markup. `runs` turns the characters back into `Var` nodes.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bot.text.nodes import Text, Var

MAX_PLACES: Final = 256
"""Most places one text may have: the number of stand-in characters."""

STYLE_PLAIN: Final = (False, False, False, False)

_FIRST: Final = 0xF0000
_STAND_IN: Final = re.compile(f"([{chr(_FIRST)}-{chr(_FIRST + MAX_PLACES - 1)}])")
_PLACE: Final = re.compile(
    r"""\{\{ ( (?: [^'"}] | '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | \}(?!\}) )* ) \}\}""",
    re.DOTALL | re.VERBOSE,
)
_OPENING: Final = re.compile(r"\{[{%#]")

Style = tuple[bool, bool, bool, bool]
"""Bold, italic, strike, code: the fields of `Text` and `Var` after the first."""


class MarkdownError(ValueError):
    """An author's text cannot be used; `message` says what to write instead, `line` (0-based) where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


class Cut(msgspec.Struct, frozen=True):
    """A text with stand-ins for its places; `breaks` counts the line breaks that each place took with it."""

    text: str
    expressions: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()

    def source_line(self, line: int) -> int:
        """The line of the author's source (0-based) that became line `line` of `text`."""
        before = "\n".join(self.text.split("\n")[:line])
        return line + sum(self.breaks[ord(found) - _FIRST] for found in _STAND_IN.findall(before))


def cut(source: str) -> Cut:
    """Replace each `{{ expression }}` by a stand-in; raises MarkdownError where a place is malformed.

    Quotes inside an expression are respected, so `{{ '}}' }}` is one place.
    """
    found = _STAND_IN.search(source)
    if found:
        reason = f"the character U+{ord(found[0]):X} is reserved: please leave it out"
        raise MarkdownError(reason, source.count("\n", 0, found.start()))
    if "{" not in source:
        return Cut(source)
    kept: list[str] = []
    expressions: list[str] = []
    breaks: list[int] = []
    end = 0
    while opening := _OPENING.search(source, end):
        start = opening.start()
        place = _PLACE.match(source, start)
        reason = _refusal(opening[0], place, len(expressions))
        if reason or not place:
            raise MarkdownError(reason, source.count("\n", 0, start))
        kept += source[end:start], chr(_FIRST + len(expressions))
        expressions.append(place[1].strip())
        breaks.append(place[1].count("\n"))
        end = place.end()
    kept.append(source[end:])
    return Cut("".join(kept), tuple(expressions), tuple(breaks))


def _refusal(opening: str, place: re.Match[str] | None, count: int) -> str:
    """Why the place that starts with `opening` cannot be used; empty if it can."""
    if opening != "{{":
        return f"only {{{{ value }}}} may be used in texts, not {opening}: use `when:` on steps for conditions"
    if place is None:
        return "this {{ is not closed: write {{ value }}, and close every quote inside it"
    if not place[1].strip():
        return "this {{ }} is empty: name the value to show, like {{ user.first_name }}"
    if place[1][0] in "-+" or place[1][-1] in "-+":
        return "write {{ value }} with spaces inside the braces, without - or + next to them"
    if count == MAX_PLACES:
        return f"a text may show at most {MAX_PLACES} values: please split it"
    return ""


def has_place(text: str) -> bool:
    """Whether a stand-in is in `text`."""
    return _STAND_IN.search(text) is not None


def runs(text: str, style: Style = STYLE_PLAIN) -> list[Text | Var]:
    """The nodes of `text` in one style: a `Var` for each stand-in, a `Text` for what is between them."""
    if _STAND_IN.search(text) is None:
        return [Text(text, *style)] if text else []
    return [
        Var(ord(part) - _FIRST, *style) if _STAND_IN.match(part) else Text(part, *style)
        for part in _STAND_IN.split(text)
        if part
    ]
