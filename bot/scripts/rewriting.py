"""Writing into a script what the bot says now: only the texts of `bot:` change, all else stays byte for byte."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec
import yaml

from bot.flow.nodes import LOADER
from bot.flow.scalars import plain
from bot.scripts.expectations import spoken
from bot.scripts.model import read_script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.scripts.model import Script

_BOM: Final = "\ufeff"
_BARE: Final = re.compile(r"[^\W\d_](?:(?! #|:(?: |$))[^\n\[\]{},])*(?<! )")
"""A text that means the same without quotes, wherever it stands."""

_HEADER: Final = re.compile(r"\|[-+]?[ \t]*(?:#[^\n]*)?$")
"""The first line of a block that any text may stand below."""

_EMPTY_LINES: Final = re.compile(r"(?:\r?\n[ \t]*)+\Z")
"""What a block takes for its own of the lines below it."""


class UnwritableError(ValueError):
    """The texts cannot be put in their places, for example because one place is named from another by an alias."""


def rewrite(data: bytes, texts: Mapping[tuple[int, int], Sequence[str]]) -> bytes:
    """The script with other texts in the `bot:` of some turns, by the 0-based numbers of case and turn.

    Raises UnwritableError, also where the outcome would say anything else than was asked for.
    """
    text = data.decode()
    mark = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    root = yaml.compose(text, Loader=LOADER)
    edits: dict[tuple[int, int], str] = {}
    for (case, turn), said in texts.items():
        found = _entry(root, case, turn)
        if found is None:
            raise UnwritableError(f"turn {turn + 1} of case {case + 1} has no `bot:`")
        edits |= _Place(text, *found).edits(said)
    for (start, end), replacement in sorted(edits.items(), reverse=True):
        text = text[:start] + replacement + text[end:]
    changed = (mark + text).encode()
    _verify(data, changed, texts)
    return changed


def _verify(before: bytes, after: bytes, texts: Mapping[tuple[int, int], Sequence[str]]) -> None:
    old, new = (read_script(each, "")[0] for each in (before, after))
    if old is None or new is None or _all(new.script) != {**_all(old.script), **_wanted(old.script, texts)}:
        raise UnwritableError("the texts cannot be changed in place; please write them by hand")


def _all(script: Script) -> dict[tuple[int, int], Any]:
    """Each turn: what its `bot:` says, and all the rest of it."""
    return {
        (number, place): (
            spoken(turn.bot if "bot" in turn.expected else None),
            msgspec.structs.replace(turn, bot=None),
            case.case,
        )
        for number, case in enumerate(script.cases)
        for place, turn in enumerate(case.turns)
    }


def _wanted(script: Script, texts: Mapping[tuple[int, int], Sequence[str]]) -> dict[tuple[int, int], Any]:
    turns = _all(script)
    return {place: (list(said), *turns[place][1:]) for place, said in texts.items()}


def _entry(root: Any, case: int, turn: int) -> tuple[Any, Any, bool] | None:
    """Key and value of a turn's `bot:`, and whether they stand inside of braces or brackets."""
    node, braces = root, False
    for part in ("cases", case, "turns", turn, "bot"):
        braces = braces or bool(node.flow_style)
        if isinstance(part, int):
            node = node.value[part]
        else:
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None or part == "bot":
                return (*found, braces) if found else None
            node = found[1]
    return None


class _Place:
    """Where a `bot:` stands in a file: the nodes of its key and value."""

    def __init__(self, text: str, key: Any, value: Any, braces: bool) -> None:  # noqa: FBT001
        self.text = text
        self.indent = key.start_mark.column + 2
        self.key_end = key.end_mark.index
        self.value = value
        self.braces = braces
        self.line_break = "\r\n" if "\r\n" in text else "\n"

    def edits(self, said: Sequence[str]) -> dict[tuple[int, int], str]:
        """What to put where (start, end) so that the value says `said`; as little as possible."""
        value = self.value
        if value.start_mark.index < self.key_end:
            raise UnwritableError("this `bot:` is an alias of a text that stands elsewhere; please write it out")
        if isinstance(value, yaml.SequenceNode) and len(value.value) == len(said):
            braces = self.braces or bool(value.flow_style)
            indent = value.start_mark.column + 2
            return {
                self._span(item): self._scalar(text, item, indent, braces=braces)
                for item, text in zip(value.value, said, strict=True)
                if spoken([item.value]) != [text]
            }
        if isinstance(value, yaml.ScalarNode) and len(said) == 1:
            replacement = self._scalar(said[0], value, self.indent, braces=self.braces)
        elif len(said) == 1:
            replacement = self._scalar(said[0], None, self.indent, braces=self.braces)
        elif self.braces or not said:
            replacement = f"[{', '.join(map(_in_line, said))}]"
        else:
            items = [self._scalar(text, None, self.indent + 2, braces=False) for text in said]
            replacement = "".join(f"{self.line_break}{' ' * self.indent}- {item}" for item in items)
        start, end = self._span(value)
        after = self.key_end + self.text[self.key_end : start].index(":") + 1
        if "#" not in self.text[after:start]:
            start = after
        lead = "" if replacement.startswith(self.line_break) or self.text[:start].endswith((" ", "\n")) else " "
        return {(start, end): lead + replacement}

    def _span(self, node: Any) -> tuple[int, int]:
        """From where to where a value is written, without the empty lines below a block."""
        if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
            return node.start_mark.index, self._span(node.value[-1])[1]
        start, end = node.start_mark.index, node.end_mark.index
        return start, start + len(_EMPTY_LINES.sub("", self.text[start:end]))

    def _scalar(self, text: str, former: Any, indent: int, *, braces: bool) -> str:
        """A text as YAML: a block where it has several lines, in the manner of the former one if that was a block."""
        if braces or "\n" not in text or text.startswith((" ", "\n", "\t")) or text.endswith("\n"):
            return _in_line(text)
        header = "|"
        if former is not None and former.style == "|":
            start, end = self._span(former)
            first, *lines = self.text[start:end].splitlines()
            if _HEADER.fullmatch(first) and lines:
                header = first
                indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=indent)
        return self.line_break.join([header, *[(" " * indent + line if line else "") for line in text.split("\n")]])


def _in_line(text: str) -> str:
    """A text as YAML on one line, good inside of braces too."""
    return text if _BARE.fullmatch(text) and plain(text) == text else json.dumps(text, ensure_ascii=False)
