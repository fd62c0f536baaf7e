"""Reading YAML strictly and safely: bytes in; plain data, places and every problem out. Nothing is opened or executed.

A file may hold several documents, each a mapping. The dialect is small: the core schema of YAML 1.2 (see scalars), no
tags, no merge keys, no key twice, few aliases, and caps on bytes, nesting and size.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml

from bot.flow.nodes import LOADER, Composer
from bot.flow.places import Place, find, rename, start
from bot.flow.problems import Problem, Severity, in_order
from bot.flow.source import Source, TooMuch
from bot.flow.syntax import diagnose

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BYTES: Final = 5_000_000
_MAX_STRAY: Final = 20
"""Unreadable bytes or control characters after which a file is taken for something other than text."""

Path = tuple[str | int, ...]
"""The way to a value: keys and 0-based positions in lists, from the document down."""

_STRAY: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTIVE: Final = re.compile(r"^%(?:TAG|YAML)\b", re.MULTILINE)
_NOT_TEXT: Final = "save the file as UTF-8 text"


class Tree(msgspec.Struct, frozen=True):
    """One document: `data` is plain Python, and every value and key in it knows where it was written."""

    data: dict[str, Any]
    _places: Place
    _source: Source

    def position(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Line and column, 1-based, of the value at `path` or of its key; of the nearest ancestor if there is none."""
        return self._source.position(find(self._places, path, key=key))

    def problem(
        self,
        code: str,
        path: Sequence[str | int],
        message: str,
        hint: str = "",
        severity: Severity = "error",
        *,
        key: bool = False,
    ) -> Problem:
        """A problem at `path`, placed as `position` does."""
        return self._source.problem(code, find(self._places, path, key=key), message, hint, severity)

    def replaced(self, data: dict[str, Any]) -> Tree:
        """The same document, of which something else is understood."""
        return msgspec.structs.replace(self, data=data)

    def renamed(self, path: Sequence[str | int], name: str) -> None:
        """Find what stands at `path` by another key too: the one that its author must have meant."""
        rename(self._places, path, name)


class Reading(msgspec.Struct, frozen=True):
    """What a file says. `documents` are those that could be read to their end and are mappings, in their order.

    Nothing is left out of `documents` because of a smaller problem (a duplicate key, a tag): later checks can go on and
    report theirs. `problems` are in the order of the file; `whole` says that it was read to its end.
    """

    documents: tuple[Tree, ...]
    problems: tuple[Problem, ...]
    whole: bool = True


def read(data: bytes, file: str, loader: Any = LOADER) -> Reading:
    """Read a YAML file; never raises for anything that is in it.

    `file` is the name that problems show; `loader` is the PyYAML class whose parser does the work.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data) / 1_000_000:.1f} MB; {MAX_BYTES // 1_000_000} MB can be read"
        problem = Problem("too-large", "error", message, file, 1, 1, hint="split it into several files")
        return Reading((), (problem,), whole=False)
    source, readable = _text(data, file)
    documents, whole = _documents(source, loader) if readable else ((), False)
    return Reading(documents, in_order(source.problems), whole)


def _documents(source: Source, loader: Any) -> tuple[tuple[Tree, ...], bool]:
    """The documents that are mappings, and whether there are no others."""
    documents: list[Tree] = []
    seen, whole = False, True
    try:
        for data, place in Composer(source, loader).documents():
            seen = True
            if isinstance(data, dict):
                documents.append(Tree(data, place, source))
            else:
                empty = data is None
                whole = whole and empty
                message = "this document is empty" if empty else "a document is a mapping: lines of `key: value`"
                source.report("empty-document" if empty else "not-a-mapping", start(place), message)
    except yaml.YAMLError as error:
        source.problems.append(diagnose(source, error))
        seen, whole = True, False
    except TooMuch:
        seen, whole = True, False
    if not seen:
        source.report("empty-document", 0, "this file is empty")
    return tuple(documents), whole


def _text(data: bytes, file: str) -> tuple[Source, bool]:
    """The file's text, and whether parsing it makes sense; what is unreadable is reported and replaced one for one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        source = Source("", file)
        source.report("not-utf8", 0, "this file is in UTF-16", _NOT_TEXT)
        return source, False
    text, strays = _decode(data)
    text = text.lstrip("\ufeff")
    controls = [found.start() for _, found in zip(range(_MAX_STRAY + 1), _STRAY.finditer(text), strict=False)]
    shown = _STRAY.sub("\N{REPLACEMENT CHARACTER}", text) if 0 < len(controls) <= _MAX_STRAY else text
    source = Source(shown, file)
    for index, byte in strays:
        source.report("not-utf8", index, f"the byte 0x{byte:02X} is not UTF-8", _NOT_TEXT)
    for index in controls:
        message = f"an invisible control character, U+{ord(text[index]):04X}"
        source.report("control-character", index, message, "take it out")
    directive = _DIRECTIVE.search(shown)
    if directive:
        # libyaml compares each %TAG with all before it: a file of them would take minutes.
        message = "directives such as %TAG and %YAML are not allowed"
        source.report("yaml-directive", directive.start(), message, "take the line out")
    return source, not directive and len(strays) <= _MAX_STRAY and len(controls) <= _MAX_STRAY


def _decode(data: bytes) -> tuple[str, list[tuple[int, int]]]:
    """The text, and for each stray byte its index in the text and its value; one more than `_MAX_STRAY` at most."""
    view, parts, strays, length = memoryview(data), list[str](), list[tuple[int, int]](), 0
    while True:
        try:
            rest, _ = codecs.utf_8_decode(view, "strict", True)  # noqa: FBT003 - the codec's own signature
            return "".join((*parts, rest)), strays
        except UnicodeDecodeError as error:
            parts += [codecs.utf_8_decode(view[: error.start], "strict", True)[0], "\N{REPLACEMENT CHARACTER}"]  # noqa: FBT003
            length += len(parts[-2]) + 1
            strays.append((length - 1, view[error.start]))
            if len(strays) > _MAX_STRAY:
                return "".join(parts), strays
            view = view[error.end :]
