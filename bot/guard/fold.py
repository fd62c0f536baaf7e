"""Undoing the spellings that would hide a number: full-width digits, zero-width characters, odd spaces and dashes.

Detectors read the folded text; findings are told in offsets of the text as it was written. Almost every message is
left as it is, which a look at it decides without building anything.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Characters that take no room: joiners, direction marks, variation selectors, the keycap that makes an emoji of a
# digit. Removed, or "4\u200b111" would be two numbers.
_INVISIBLE: Final = (
    *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x20E3, 0x3164, 0xFEFF),
    *range(0x180B, 0x180F),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE0080),
)
_SPACES: Final = (0x00A0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_DASHES: Final = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63)
# Full-width and mathematical forms; Unicode names their plain character in the compatibility decomposition.
_COMPATIBLE: Final = (*range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800))
# The zeros of the digit rows people type with: Arabic, Persian, Devanagari, Bengali, Thai.
_ZEROS: Final = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50)


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(_INVISIBLE)
    table.update(dict.fromkeys(_SPACES, " "))
    table.update(dict.fromkeys(_DASHES, "-"))
    for code in _COMPATIBLE:
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain.isascii():
            table[code] = plain
    for zero in _ZEROS:
        table.update({zero + digit: str(digit) for digit in range(10)})
    # The one letter whose lower case is two characters; offsets need lower case to be as long as the text.
    table[0x0130] = "I"
    return table


def _any_of(codes: Iterable[int]) -> str:
    """A character class of `codes`, written in ranges: classes of single high characters are searched slowly."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + "]"


_TABLE: Final = _table()
# What most messages hold, letters with accents, the quotes and dots that phones type, and emoji, is told apart first:
# that class is searched faster.
_USUAL: Final = r"\x00-\x9f\xa1-\xac\xae-\u012f\u0131-\u02ff\u2018-\u201f\u2022\u2026\u20ac\U0001f300-\U0001faff"
_has_unusual: Final = re.compile(f"[^{_USUAL}]").search
_has_odd: Final = re.compile(_any_of(_TABLE)).search
_invisible_runs: Final = re.compile(_any_of(_INVISIBLE) + "+").finditer


class Folded(NamedTuple):
    """A text as detectors read it, and the way back to the text as it was written."""

    text: str
    cuts: tuple[int, ...] = ()
    """Folded positions before which characters were removed, ascending."""
    removed: tuple[int, ...] = (0,)
    """How many characters were removed in total before the first cut, the second, and so on."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The written range that the folded range `start:end` (not empty) stands for."""
        if not self.cuts:
            return start, end
        first = start + self.removed[bisect_right(self.cuts, start)]
        last = end - 1
        return first, last + self.removed[bisect_right(self.cuts, last)] + 1


def fold(text: str) -> Folded:
    """Read `text` with plain digits, spaces and dashes; the folded text and its lower case have equal length."""
    if text.isascii() or not _has_unusual(text) or not _has_odd(text):
        return Folded(text)
    cuts: list[int] = []
    removed = [0]
    for run in _invisible_runs(text):
        cuts.append(run.start() - removed[-1])
        removed.append(removed[-1] + run.end() - run.start())
    return Folded(text.translate(_TABLE), tuple(cuts), tuple(removed))
