"""Reading the conditions that flows are full of, such as `slots.x == 'y' and slots.z is not none`, without Jinja2.

So are values that are put together with `~`, that depend on a condition (`'a' if slots.x else 'b'`) or are all of
something (`summary`), and the first number of a version (`| major`): no shipped flow needs anything else.

Its parser takes twenty times as long, and importing it longer than reading a flow. What is read here means what Jinja2
would say; everything else is left to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, Protocol, TypeVar

from bot.flow import functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.functions import Function

_Made = TypeVar("_Made")

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
    |   (not\ +in|is\ +not\ +none|is\ +none|and|or|not|in|if|else|true|false|none)(?!\w)(?!\ *\()
    |   ([a-z]+)(?!\w)(?!\ *[.(\[])                           # a root
    |   (==|!=|\[|\]|,|~|\|\ *major(?!\w)(?!\ *[.(\[]))
    )\ *""",
    re.VERBOSE,
)
_MAJOR: Final = "| major"
_WORDS: Final = {"true": True, "false": False, "none": None}
_OPERATORS: Final = {"==": "eq", "!=": "ne", "in": "in", "not in": "notin"}


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, for the author."""


class Maker(Protocol[_Made]):
    """What a condition is made with, part by part; a part is None where it cannot be had."""

    def constant(self, value: Any, /) -> _Made:
        """A text, a number, true, false or none."""

    def members(self, values: list[Any], /) -> _Made:
        """A list of constants."""

    def read(self, root: str, name: str, /) -> _Made:
        """`root.name`."""

    def whole(self, root: str, /) -> _Made | None:
        """`root`."""

    def equals(self, root: str, name: str, value: Any, /, *, same: bool) -> _Made:
        """`root.name` compared with a constant by `==` or `!=`."""

    def compared(self, op: str, left: _Made, right: _Made, /) -> _Made | None:
        """Any other comparison, by Jinja2's name of it, or `is` (none)."""

    def strung(self, parts: list[_Made], /) -> _Made | None:
        """The parts as one text, with `~` between them."""

    def major(self, version: _Made, /) -> _Made | None:
        """The first number of a version."""

    def joined(self, left: _Made, right: _Made, /, *, both: bool) -> _Made | None:
        """`and` (both) or `or`."""

    def negated(self, inner: _Made, /) -> _Made | None:
        """`not`."""

    def chosen(self, test: _Made, then: _Made, other: _Made, /) -> _Made | None:
        """`then if test else other`."""


class Condition(NamedTuple, Generic[_Made]):
    """What a condition was made into, and the (root, name) pairs that it reads."""

    made: _Made
    references: frozenset[tuple[str, str]]


class _Read(NamedTuple):
    root: str
    name: str
    """"" where the root itself is read."""


class _Text(NamedTuple):
    value: Any


class _Other(Exception):  # noqa: N818 - it says whose expression this is and is not an error
    """Not one of these conditions."""


def condition(source: str) -> Condition[Function] | None:
    """What `source` says, as a function; None if it is for Jinja2 to read, or to refuse."""
    return reading(source, functions)


def reading(source: str, make: Maker[_Made]) -> Condition[_Made] | None:
    """What `source` says, made with `make`; None if it is for Jinja2 to read, or to refuse."""
    if len(source) > MAX_SOURCE or not source.isprintable():
        return None
    try:
        reader = _Reader(source, make)
        return Condition(reader.expression(), frozenset(reader.references))
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
        root, name, single, double, number, word, whole, sign = found.groups()
        if root is not None or whole is not None:
            if (root or whole) not in ROOTS:
                raise _Other
            yield _Read(root or whole, name or "")
        elif word is not None:
            word = " ".join(word.split())
            yield _Text(_WORDS[word]) if word in _WORDS else word
        elif sign is not None:
            yield _MAJOR if sign.startswith("|") else sign
        else:
            yield _Text(int(number) if number is not None else single if single is not None else double)


class _Reader(Generic[_Made]):
    """Reads the tokens of one source from the left; what it does not know raises _Other."""

    def __init__(self, source: str, make: Maker[_Made]) -> None:
        self.make = make
        self.tokens = [*_tokens(source), ""]
        self.place = 0
        self.references: set[tuple[str, str]] = set()
        if sum(token in ("and", "or", "not", "if", "~") for token in self.tokens) > _MAX_PARTS:
            raise _Other

    def next(self) -> Any:
        self.place += 1
        return self.tokens[self.place - 1]

    def took(self, word: str) -> bool:
        if self.tokens[self.place] != word:
            return False
        self.place += 1
        return True

    def expression(self) -> _Made:
        """The whole source."""
        found = self.choice()
        if self.next() != "":
            raise _Other
        return found

    def choice(self) -> _Made:
        found = self.alternatives()
        if not self.took("if"):
            return found
        test = self.alternatives()
        if not self.took("else"):
            raise _Other
        return _known(self.make.chosen(test, found, self.choice()))

    def alternatives(self) -> _Made:
        found = self.joint()
        while self.took("or"):
            found = _known(self.make.joined(found, self.joint(), both=False))
        return found

    def joint(self) -> _Made:
        found = self.negation()
        while self.took("and"):
            found = _known(self.make.joined(found, self.negation(), both=True))
        return found

    def negation(self) -> _Made:
        return _known(self.make.negated(self.negation())) if self.took("not") else self.comparison()

    def comparison(self) -> _Made:
        token, begun = self.next(), self.place
        left = self.operand(token)
        is_name = isinstance(token, _Read) and bool(token.name) and self.place == begun
        parts = [left]
        while self.took("~"):
            parts.append(self.operand(self.next()))
        word = self.tokens[self.place]
        if len(parts) > 1:
            if word not in ("", "and", "or", "if", "else"):
                raise _Other  # a test belongs to the last part alone, a comparison to all of them
            return _known(self.make.strung(parts))
        if word in ("is none", "is not none"):
            self.place += 1
            found = _known(self.make.compared("is", left, self.make.constant(None)))
            return _known(self.make.negated(found)) if word == "is not none" else found
        if not isinstance(word, str) or word not in _OPERATORS:
            return left
        self.place += 1
        right = self.next()
        if is_name and isinstance(right, _Text) and word in ("==", "!=") and self.tokens[self.place] != _MAJOR:
            return self.make.equals(token.root, token.name, right.value, same=word == "==")
        return _known(self.make.compared(_OPERATORS[word], left, self.operand(right)))

    def operand(self, token: Any) -> _Made:
        found = self.part(token)
        while self.took(_MAJOR):
            found = _known(self.make.major(found))
        return found

    def part(self, token: Any) -> _Made:
        if isinstance(token, _Read):
            self.references.add(token)
            return self.make.read(*token) if token.name else _known(self.make.whole(token.root))
        if isinstance(token, _Text):
            return self.make.constant(token.value)
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
        return self.make.members(values)


def _known(found: _Made | None) -> _Made:
    if found is None:
        raise _Other
    return found
