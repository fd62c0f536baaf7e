"""Where a YAML file breaks, in plain words: what its author most likely meant to write.

The parser stops at the first place that makes no sense to it, often a line below the mistake. So the words are chosen
by looking at the source around that place: each rule below knows one usual mistake, and the first that fits speaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import yaml

from bot.flow.nodes import UNQUOTED
from bot.flow.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flow.problems import Problem
    from bot.flow.source import Source

_TAB: Final = re.compile(r" *(?=\t)")
_TEMPLATE: Final = re.compile(r"(?:^|[:-]) *(?=\{\{)")
_TIGHT_COLON: Final = re.compile(r" *(?:- +)*[A-Za-z_]\w*(?=:[^\s:/])")
_TIGHT_DASH: Final = re.compile(r" *(?=-[^\s-])")
_KEY: Final = re.compile(r" *(?:- +)*[^\s\"'].*?:\s")
_APOSTROPHE: Final = "an apostrophe inside '…' is written twice: ''"
_INDENT: Final = "check the spaces at its start: keys that belong together stand below each other, and so do dashes"
_QUOTES: Final = "put the whole text in quotes"


class _Found(NamedTuple):
    """A mistake: where it is in the text, and how to say it."""

    where: int
    message: str
    hint: str
    code: str = "yaml-syntax"


class _Break(NamedTuple):
    """Where the parser stopped, where the thing it could not finish had begun, and the two halves of its message."""

    source: Source
    stop: int
    began: int
    doing: str
    wrong: str

    @property
    def line(self) -> int:
        """The number of the line where the parser stopped."""
        return self.source.position(self.stop)[0]

    @property
    def before(self) -> str:
        """The line where the parser stopped, up to that place."""
        return self.source.text[self.source.start(self.line) : self.stop]

    def search(self, pattern: re.Pattern[str], line: int) -> int | None:
        """Where a match at the start of a line ends."""
        found = pattern.match(self.source.line(line))
        return self.source.start(line) + found.end() if found else None


def diagnose(source: Source, error: yaml.YAMLError) -> Problem:
    """The problem behind a parser's error."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return source.problem("yaml-syntax", 0, "this cannot be read as YAML")
    stop = min(error.problem_mark.index, len(source.text))
    began = error.context_mark.index if error.context_mark else stop
    place = _Break(source, stop, began, error.context or "", error.problem or "")
    found = next((found for rule in _RULES if (found := rule(place))), None)
    where, message, hint, code = found or _Found(stop, "this line does not fit the lines above it", _INDENT)
    return source.problem(code, where, message, hint)


def _quote(place: _Break) -> _Found | None:
    if "quoted scalar" not in place.doing and "double-quoted" not in place.doing:
        return None
    if "stream" in place.wrong or "document" in place.wrong:
        return _Found(place.began, "this quote is never closed", f"close it; {_APOSTROPHE}")
    where = place.source.text.rfind("\\", 0, place.stop + 1)
    message = f"{quoted(place.source.text[where : where + 2])} means nothing in double quotes"
    return _Found(where, message, r"write `\\` for a backslash, or use single quotes")


def _tab(place: _Break) -> _Found | None:
    where = place.search(_TAB, place.line)
    if where is None:
        return None
    return _Found(where, "a tab cannot indent a line", "use spaces, two for each level", "tab-indentation")


def _template(place: _Break) -> _Found | None:
    for where in (place.began, place.began - 1):
        if where >= 0 and place.source.text.startswith("{{", where):
            return _Found(where, *UNQUOTED, "unquoted-template")
    found = _TEMPLATE.search(place.before)
    return found and _Found(place.source.start(place.line) + found.end(), *UNQUOTED, "unquoted-template")


def _space(place: _Break) -> _Found | None:
    """`id:x` and `-x` are texts, so the parser stumbles later, often over the next line."""
    above = next((each for each in range(place.line - 1, 0, -1) if place.source.line(each).strip()), place.line)
    began = place.source.position(place.began)[0]
    for line in (began if "simple key" in place.doing else place.line, above):
        if (where := place.search(_TIGHT_DASH, line)) is not None:
            return _Found(where, "a space is missing after the dash", "write `- ` and then the item")
        if (where := place.search(_TIGHT_COLON, line)) is not None:
            return _Found(where, "a space is missing after the colon", "write `key: value`")
    return None


def _colon(place: _Break) -> _Found | None:
    if "mapping values" not in place.wrong:
        return None
    if _KEY.match(place.before):
        return _Found(place.stop, "this text has a colon and a space in it but is not in quotes", _QUOTES)
    where = place.stop - len(place.before.lstrip())
    return _Found(where, "this line stands deeper than the lines above allow", _INDENT)


def _list(place: _Break) -> _Found | None:
    if "sequence entries" not in place.wrong:
        return None
    hint = "start it on the next line, or put a text that starts with `- ` in quotes"
    return _Found(place.stop, "a list cannot start on the line of its key", hint)


def _brackets(place: _Break) -> _Found | None:
    if "flow" not in place.doing:
        return None
    opened = place.source.text[place.began : place.began + 1]
    if not place.source.text[place.stop :].strip():
        hint = f"close it with {quoted('}' if opened == '{' else ']')}"
        return _Found(place.began, f"this {quoted(opened)} is never closed", hint)
    line, _ = place.source.position(place.began)
    message = f"this does not fit into the {quoted(opened)} opened in line {line}"
    return _Found(place.stop, message, "close it before this, or put texts that contain , : { } [ ] in quotes")


def _no_key(place: _Break) -> _Found | None:
    if "simple key" not in place.doing:
        return None
    hint = "add the colon, or indent the line if it continues a text"
    return _Found(place.began, "a `key: value` was expected here", hint)


def _start(place: _Break) -> _Found | None:
    """Characters that mean something at the start of a plain text: `**bold**`, `@name`, `%`, a stray bracket."""
    named = "alias" in place.doing or "anchor" in place.doing
    where = place.began if named else place.stop
    character = place.source.text[where : where + 1]
    stray = "node content" in place.wrong and character and character in ",]}"
    if not (named or stray or "cannot start" in place.wrong):
        return None
    return _Found(where, f"a text cannot start with {quoted(character)} unless it is in quotes", _QUOTES)


def _after(place: _Break) -> _Found | None:
    """Something follows a value that is already complete: `"a" b`, `[link](url)`, `'It's'`."""
    if "block scalar" in place.doing:
        return _Found(place.stop, "nothing can follow `|` or `>` on its line", "start the text on the next line")
    last = place.before.rstrip()[-1:]
    if last in {'"', "'"}:
        opened = place.source.text.rfind(last, 0, place.source.start(place.line) + place.before.rindex(last))
        if place.source.position(opened)[0] < place.line:
            message = f"this text in quotes goes on until line {place.line}"
            return _Found(opened, message, f"close it where it ends; {_APOSTROPHE}")
        return _Found(
            place.stop, "this stands after the closing quote", f"put the quotes around all of it; {_APOSTROPHE}"
        )
    if last in {"]", "}"}:
        hint = "put a text that starts with `[` or `{` in quotes"
        return _Found(place.stop, f"this stands after the closing {quoted(last)}", hint)
    return None


_RULES: Final[tuple[Callable[[_Break], _Found | None], ...]] = (
    _quote,
    _tab,
    _template,
    _space,
    _colon,
    _list,
    _brackets,
    _no_key,
    _start,
    _after,
)
