"""What single values of a flow file may be: ids, durations, conditions, values to assign, lists of texts.

Each refusal has a code of `docs/problems.md` and a message for the author.
"""

from __future__ import annotations

import re
from math import isfinite
from types import NoneType
from typing import Annotated, Any, Final

from bot.flow.expressions import Expression, ExpressionError, expression
from bot.flow.marks import Read, RefusalError, Within
from bot.flow.texts import Text

Id = Annotated[str, Within(strict=True, pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""An identifier: `[a-z][a-z0-9_]*`."""

Flag = Annotated[bool, Within(strict=True)]
"""`true` or `false`, and nothing that merely looks like them."""

Bound = Annotated[float, Within(strict=True, allow_inf_nan=False)]
"""A number, and nothing that merely looks like one."""

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION: Final = re.compile(r"([0-9]{1,6})([smhdw])")
_LONGEST: Final = 3650 * 86400
"""Seconds; no later than this after now is there always a date."""


def seconds(value: Any) -> int:
    """The seconds of a duration as it is written (`25h`); raises RefusalError."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or (found := int(match[1]) * _UNITS[match[2]]) == 0:
        raise RefusalError("bad-duration", "a duration is a number and a unit: 30m, 25h, 7d")
    if found > _LONGEST:
        raise RefusalError("bad-duration", "a duration is ten years at most: 3650d")
    return found


def _duration(seconds: int) -> str:
    """A duration as it is written, in the largest unit that fits."""
    unit = next(unit for unit in reversed(_UNITS) if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _condition(value: Any) -> Expression:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str):
        raise RefusalError("bad-expression", "an expression is text, such as \"slots.platform == 'api'\"")
    try:
        return expression(value.strip())
    except ExpressionError as error:
        raise RefusalError("bad-expression", str(error)) from error


def _value(value: Any) -> Any:
    """A literal, or the expression of a text that is nothing but `{{ … }}`."""
    if isinstance(value, str) and value.startswith("{{") and value.endswith("}}"):
        return _condition(value[2:-2])
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and "{{" in each:
            raise RefusalError("bad-expression", "a value is a literal or one whole {{ expression }}")
        if not isinstance(each, (str, int, float, NoneType)) or (isinstance(each, float) and not isfinite(each)):
            raise RefusalError("bad-value", "a value is text, a number, true, false, null, or a list of those")
    return value


def _assigned(value: Any) -> Any:
    """A value as it is written."""
    return f"{{{{ {value.source} }}}}" if isinstance(value, Expression) else value


def _synonyms(value: Any) -> Any:
    """The members of a list as one text."""
    if not isinstance(value, list):
        return value
    for each in value:
        if isinstance(each, bool) or not isinstance(each, (str, int, float)) or "," in str(each):
            raise RefusalError("bad-value", "a synonym is a text without a comma")
    return ", ".join(map(str, value))


def many(value: Any) -> Any:
    """A single member stands for the list of it."""
    return value if isinstance(value, list) else [value]


_TEXT: Final = {"type": "string", "minLength": 1}
_SCALAR: Final = {"type": ["string", "number", "boolean", "null"]}

Seconds = Annotated[int, Read(seconds, {"type": "string", "pattern": "^[0-9]{1,6}[smhdw]$"}, _duration)]
"""A duration, such as `25h`."""
Condition = Annotated[
    Expression, Read(_condition, {"type": ["string", "boolean"], "minLength": 1}, lambda condition: condition.source)
]
Value = Annotated[Any, Read(_value, {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]}, _assigned)]
"""A scalar, a list of scalars, or an Expression."""
Texts = Annotated[
    tuple[Text, ...],
    Within(min_length=1),
    Read(many, {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}),
]
"""One text or several."""
Synonyms = Annotated[
    Text,
    Read(_synonyms, {"anyOf": [_TEXT, {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}]}),
]
"""Other names of something: a list, kept as one comma-separated text."""
