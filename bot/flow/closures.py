"""Plain conditions as Python functions: what most of a flow's expressions are needs no template to be compiled.

A function gives what the compiled expression would give, or raises; then the compiled one is asked, and says what is
wrong. Comparisons, `and`, `or`, `not`, `is none` and reads of `root.name` are plain; everything else is not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from jinja2 import nodes

Function = Callable[[dict[str, Any]], Any]
"""From the values of a scope to the value of the expression."""

_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "is": operator.is_,
    "in": lambda value, members: value in members,
    "notin": lambda value, members: value not in members,
}


def function(node: nodes.Node) -> Function | None:
    """The function of an expression; None if it is not plain."""
    maker = _MAKERS.get(type(node))
    return maker(node) if maker is not None else None


def _getattr(node: nodes.Getattr) -> Function | None:
    return _read(node.node.name, node.attr) if isinstance(node.node, nodes.Name) else None


def _list(node: nodes.List) -> Function | None:
    values = [item.value for item in node.items if isinstance(item, nodes.Const)]
    if len(values) < len(node.items):
        return None
    return lambda _values: list(values)  # whoever gets it may keep it


def _compare(node: nodes.Compare) -> Function | None:
    if len(node.ops) > 1:
        return None
    op, left, right = node.ops[0].op, node.expr, node.ops[0].expr
    if op in {"eq", "ne"} and isinstance(right, nodes.Const) and isinstance(left, nodes.Getattr):
        return _is(left, right.value, same=op == "eq")
    return _compared(op, function(left), function(right))


def _test(node: nodes.Test) -> Function | None:
    return _compared("is", function(node.node), _constant(None)) if node.name == "none" and not node.args else None


def _is(left: nodes.Getattr, value: Any, *, same: bool) -> Function | None:
    """The most frequent condition, `root.name == value` or `!=`, in one call."""
    if not isinstance(left.node, nodes.Name):
        return None
    root, name = left.node.name, left.attr
    if same:
        return lambda values: values[root][name] == value
    return lambda values: values[root][name] != value


def _constant(value: Any) -> Function:
    return lambda _values: value


def _read(root: str, name: str) -> Function:
    return lambda values: values[root][name]


def _compared(op: str, left: Function | None, right: Function | None) -> Function | None:
    compare = _COMPARISONS.get(op)
    if compare is None or left is None or right is None:
        return None
    return lambda values: compare(left(values), right(values))


def _joined(both: bool, left: Function | None, right: Function | None) -> Function | None:  # noqa: FBT001
    if left is None or right is None:
        return None
    if both:
        return lambda values: left(values) and right(values)
    return lambda values: left(values) or right(values)


def _negated(inner: Function | None) -> Function | None:
    return None if inner is None else lambda values: not inner(values)


_MAKERS: Final[dict[type[nodes.Node], Callable[[Any], Function | None]]] = {
    nodes.Const: lambda node: _constant(node.value),
    nodes.Name: lambda node: operator.itemgetter(node.name),
    nodes.Getattr: _getattr,
    nodes.List: _list,
    nodes.Compare: _compare,
    nodes.And: lambda node: _joined(True, function(node.left), function(node.right)),  # noqa: FBT003
    nodes.Or: lambda node: _joined(False, function(node.left), function(node.right)),  # noqa: FBT003
    nodes.Not: lambda node: _negated(function(node.node)),
    nodes.Test: _test,
}
