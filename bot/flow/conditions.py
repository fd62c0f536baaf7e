"""Reading the conditions that flows are full of, such as `slots.x == 'y' and slots.z is not none`, without Jinja2.

Its parser takes twenty times as long, and importing it longer than reading a flow. What is read here means what Jinja2
would say; everything else is left to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bot.flow.functions import Function, compared, constant, equals, joined, members, negated, read

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOTS: Final = frozenset({"slots", "user", "channel", "case", "now", "pattern", "value", "summary", "rules"})
"""Every name an expression may start with; which of them exist at a given place is a check of the flow."""

MAX_SOURCE: Final = 500
"""Longest expression in characters; a longer one belongs into the flow as branches."""

_MAX_PARTS: Final = 10
"""Conditions joined in one expression; a longer one is left to Jinja2, which has its own limit."""

_TOKEN: Final = re.compile(
    r"""\ *(?: ([a-z]+)\.([A-Za-z][A-Za-z0-9_]*)(?![\w.(\[])  # root.name
    |   '([^'"\\]*)' | "([^'"\\]*)"                          # a text
    |   (0|[1-9][0-9]{0,8})(?![\w.])                          # a number
    |   (not\ +in|is\ +not\ +none|is\ +none|and|or|not|in|true|false|none)(?!\w)(?!\ *\()
    |   (==|!=|\[|\]|,)
    )\ *""",
    re.VERBOSE,
)
_WORDS: Final = {"true": True, "false": False, "none": None}
_OPERATORS: Final = {"==": "eq", "!=": "ne", "in": "in", "not in": "notin"}


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, for the author."""


class Condition(NamedTuple):
    """A condition as a function, and the (root, name) pairs that it reads."""

    function: Function
    references: frozenset[tuple[str, str]]


class _Read(NamedTuple):
    root: str
    name: str


class _Text(NamedTuple):
    value: Any


class _Other(Exception):  # noqa: N818 - it says whose expression this is and is not an error
    """Not one of these conditions."""


def condition(source: str) -> Condition | None:
    """What `source` says; None if it is for Jinja2 to read, or to refuse."""
    if len(source) > MAX_SOURCE or not source.isprintable():
        return None
    try:
        reader = _Reader(source)
        return Condition(reader.alternatives(), frozenset(reader.references))
    except _Other:
        return None


def _tokens(source: str) -> Iterator[Any]:
    """Reads and constants as such, operators as words; raises _Other."""
    end = 0
    while end < len(source):
        found = _TOKEN.match(source, end)
        if found is None:
            raise _Other
        end = found.end()
        root, name, single, double, number, word, sign = found.groups()
        if root is not None:
            if root not in ROOTS:
                raise _Other
            yield _Read(root, name)
        elif word is not None:
            word = " ".join(word.split())
            yield _Text(_WORDS[word]) if word in _WORDS else word
        elif sign is not None:
            yield sign
        else:
            yield _Text(int(number) if number is not None else single if single is not None else double)


class _Reader:
    """Reads the tokens of one source from the left; what it does not know raises _Other."""

    def __init__(self, source: str) -> None:
        self.tokens = [*_tokens(source), ""]
        self.place = 0
        self.references: set[tuple[str, str]] = set()
        if sum(token in ("and", "or", "not") for token in self.tokens) > _MAX_PARTS:
            raise _Other

    def next(self) -> Any:
        self.place += 1
        return self.tokens[self.place - 1]

    def took(self, word: str) -> bool:
        if self.tokens[self.place] != word:
            return False
        self.place += 1
        return True

    def alternatives(self) -> Function:
        """The whole source."""
        found = self.joint()
        while self.took("or"):
            found = _known(joined(found, self.joint(), both=False))
        if self.next() != "":
            raise _Other
        return found

    def joint(self) -> Function:
        found = self.negation()
        while self.took("and"):
            found = _known(joined(found, self.negation(), both=True))
        return found

    def negation(self) -> Function:
        return _known(negated(self.negation())) if self.took("not") else self.comparison()

    def comparison(self) -> Function:
        token = self.next()
        left = self.operand(token)
        word = self.tokens[self.place]
        if word in ("is none", "is not none"):
            self.place += 1
            found = _known(compared("is", left, constant(None)))
            return _known(negated(found)) if word == "is not none" else found
        if not isinstance(word, str) or word not in _OPERATORS:
            return left
        self.place += 1
        right = self.next()
        if isinstance(token, _Read) and isinstance(right, _Text) and word in ("==", "!="):
            return equals(token.root, token.name, right.value, same=word == "==")
        return _known(compared(_OPERATORS[word], left, self.operand(right)))

    def operand(self, token: Any) -> Function:
        if isinstance(token, _Read):
            self.references.add(token)
            return read(*token)
        if isinstance(token, _Text):
            return constant(token.value)
        if token != "[":  # noqa: S105  (it is no password)
            raise _Other
        values: list[Any] = []
        while not self.took("]"):
            if values and not self.took(","):
                raise _Other
            item = self.next()
            if not isinstance(item, _Text):
                raise _Other
            values.append(item.value)
        return members(values)


def _known(found: Function | None) -> Function:
    if found is None:
        raise _Other
    return found
