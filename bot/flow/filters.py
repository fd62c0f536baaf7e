"""The filters and tests of expressions, with the number of arguments each takes.

None of them can run away, whatever a session holds: what makes a text longer than its parts refuses to make a huge one.
A TypeError or ValueError says that a value does not fit.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import jinja2.filters
import jinja2.tests
from jinja2 import Undefined

from bot.flow.functions import first_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_LENGTH: Final = 10_000
"""Characters that `join` and `replace` make at most: they could multiply what a user typed by itself."""

_MAX_DIGITS: Final = 15
"""Decimal places that `round` keeps at most: a float has no more."""

_FILTERS: Final[Mapping[str, Any]] = jinja2.filters.FILTERS
_TESTS: Final[Mapping[str, Any]] = jinja2.tests.TESTS


class Usable(NamedTuple):
    """A filter or test: what it does, and how many arguments it takes beside the value it stands behind."""

    function: Callable[..., Any]
    arguments: range = range(1)


def _default(value: object, instead: object) -> object:
    """`instead` where there is nothing: no such name, or a slot without an answer."""
    return instead if value is None or isinstance(value, Undefined) else value


def _join(values: object, separator: object = "") -> str:
    if not isinstance(values, (list, tuple)):
        raise TypeError("only a list can be joined")
    parts, between = [str(each) for each in values], str(separator)
    _check_length(sum(map(len, parts)) + len(between) * len(parts))
    return between.join(parts)


def _replace(text: object, old: object, new: object) -> str:
    whole, part, instead = str(text), str(old), str(new)
    _check_length(len(whole) + whole.count(part) * (len(instead) - len(part)))
    return whole.replace(part, instead)


def _round(value: object, digits: object = 0) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError("only a number can be rounded")
    if not isinstance(digits, int) or not 0 <= digits <= _MAX_DIGITS:
        raise ValueError(f"a number can be rounded to 0 to {_MAX_DIGITS} places")
    return round(value, digits)


def _even(value: object) -> bool:
    if not isinstance(value, (int, float)):
        raise TypeError("only a number is even or odd")
    return value % 2 == 0


def _odd(value: object) -> bool:
    return not _even(value)


def _check_length(length: int) -> None:
    if length > MAX_LENGTH:
        raise ValueError(f"the text would be longer than {MAX_LENGTH} characters")


FILTERS: Final[Mapping[str, Usable]] = MappingProxyType(
    {
        "default": Usable(_default, range(1, 2)),
        "first": Usable(_FILTERS["first"]),
        "int": Usable(_FILTERS["int"], range(2)),
        "join": Usable(_join, range(2)),
        "last": Usable(_FILTERS["last"]),
        "length": Usable(_FILTERS["length"]),
        "lower": Usable(_FILTERS["lower"]),
        "major": Usable(first_number),
        "replace": Usable(_replace, range(2, 3)),
        "round": Usable(_round, range(2)),
        "trim": Usable(_FILTERS["trim"]),
        "upper": Usable(_FILTERS["upper"]),
    }
)

TESTS: Final[Mapping[str, Usable]] = MappingProxyType(
    {
        "defined": Usable(_TESTS["defined"]),
        "eq": Usable(_TESTS["eq"], range(1, 2)),
        "even": Usable(_even),
        "in": Usable(_TESTS["in"], range(1, 2)),
        "ne": Usable(_TESTS["ne"], range(1, 2)),
        "none": Usable(_TESTS["none"]),
        "number": Usable(_TESTS["number"]),
        "odd": Usable(_odd),
        "string": Usable(_TESTS["string"]),
    }
)
