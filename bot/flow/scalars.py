"""What a plain YAML word means: the core schema of YAML 1.2, not the wider one of YAML 1.1.

So `no`, `on`, `12:30:45`, `1_000` and `2026-01-05` are words; `010` is ten. Quoted text is always text.
"""

from __future__ import annotations

import math
import re
from typing import Final

Scalar = str | int | float | bool | None

_WORDS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
MAY_MEAN: Final = frozenset(("", *"0123456789+-.~ntfNTF"))
"""First characters of anything that is not simply text."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o([0-7]+)|0x([0-9a-fA-F]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DIGITS: Final = 400
"""Longer digits are beyond any float, and Python refuses to convert very long ones."""
_RANGE: Final = 2**63
"""JSON readers and databases hold 64 bits."""


class RangeError(ValueError):
    """A number that cannot be held: its digits would not come back as they were written."""


def plain(word: str) -> Scalar:
    """The value of a plain word; raises RangeError for a number beyond 64 bits or beyond any float."""
    if word[:1] not in MAY_MEAN:
        return word
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return _integer(word, 10)
    if _FLOAT.fullmatch(word):
        return _float(word)
    if found := _BASED.fullmatch(word):
        return _integer(found[1], 8) if found[1] else _integer(found[2], 16)
    return word


def _integer(digits: str, base: int) -> int:
    if len(digits) <= _DIGITS and -_RANGE <= (number := int(digits, base)) < _RANGE:
        return number
    raise RangeError


def _float(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise RangeError
    return number
