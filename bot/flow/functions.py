"""What plain conditions are made of: Python functions from the values of a scope to the value of an expression.

A function gives what the compiled expression would give, or raises; then the compiled one is asked, and says what is
wrong. Comparisons, `and`, `or`, `not`, `if` with `else`, `~`, `is none`, reads of `root.name` or `root` and the filters
that need nothing of Jinja2 are plain; everything else is not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Function = Callable[[dict[str, Any]], Any]
"""From the values of a scope to the value of the expression."""

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        "eq": operator.eq,
        "ne": operator.ne,
        "is": operator.is_,
        "in": lambda value, members: value in members,
        "notin": lambda value, members: value not in members,
    }
)


def constant(value: Any) -> Function:
    """A value that is always the same."""
    return lambda _values: value


def members(values: list[Any]) -> Function:
    """A list, made anew each time: whoever gets it may keep it."""
    return lambda _values: list(values)


def read(root: str, name: str) -> Function:
    """`root.name`."""
    return lambda values: values[root][name]


def whole(root: str) -> Function:
    """`root`."""
    return operator.itemgetter(root)


def equals(root: str, name: str, value: Any, *, same: bool) -> Function:
    """The most frequent condition, `root.name == value` or `!=`, in one call."""
    if same:
        return lambda values: values[root][name] == value
    return lambda values: values[root][name] != value


def compared(op: str, left: Function | None, right: Function | None) -> Function | None:
    """A comparison, by Jinja2's name of it; None for any other, or of what is not plain."""
    compare = _COMPARISONS.get(op)
    if compare is None or left is None or right is None:
        return None
    return lambda values: compare(left(values), right(values))


def joined(left: Function | None, right: Function | None, *, both: bool) -> Function | None:
    """`and` (both) or `or`."""
    if left is None or right is None:
        return None
    if both:
        return lambda values: left(values) and right(values)
    return lambda values: left(values) or right(values)


def negated(inner: Function | None) -> Function | None:
    """`not`."""
    return None if inner is None else lambda values: not inner(values)


def chosen(test: Function | None, then: Function | None, other: Function | None) -> Function | None:
    """`then if test else other`."""
    if test is None or then is None or other is None:
        return None
    return lambda values: then(values) if test(values) else other(values)


def strung(parts: Sequence[Function | None]) -> Function | None:
    """The parts as one text, with `~` between them."""
    known = [part for part in parts if part is not None]
    return (lambda values: "".join([str(part(values)) for part in known])) if len(known) == len(parts) else None


def filtered(function: Callable[..., Any], parts: list[Function | None]) -> Function | None:
    """A filter of the first part, with the others as its arguments."""
    known = [part for part in parts if part is not None]
    return (lambda values: function(*[part(values) for part in known])) if len(known) == len(parts) else None


def first_number(version: object) -> int:
    """The first number of a version; -1 for anything that does not start with one."""
    first = str(version).partition(".")[0]
    return int(first) if first.isdecimal() else -1


def major(version: Function | None) -> Function | None:
    """The first number of a version."""
    return filtered(first_number, [version])


class OfSlots:
    """Makes conditions on the slots of a frame alone, whose functions take those; an unset slot reads as none.

    No scope is needed for them. What reads anything else is not made.
    """

    constant = staticmethod(constant)
    members = staticmethod(members)
    compared = staticmethod(compared)
    strung = staticmethod(strung)
    major = staticmethod(major)
    joined = staticmethod(joined)
    negated = staticmethod(negated)
    chosen = staticmethod(chosen)

    @staticmethod
    def whole(_root: str) -> None:
        """All slots are no value."""

    @staticmethod
    def read(root: str, name: str) -> Function | None:
        """`slots.name`."""
        return (lambda slots: slots.get(name)) if root == "slots" else None

    @staticmethod
    def equals(root: str, name: str, value: Any, *, same: bool) -> Function | None:
        """`slots.name == value` or `!=`."""
        if root != "slots":
            return None
        return (lambda slots: slots.get(name) == value) if same else (lambda slots: slots.get(name) != value)
