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
    if isinstance(node, nodes.Const):
        return _constant(node.value)
    if isinstance(node, nodes.Name):
        return operator.itemgetter(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return _read(node.node.name, node.attr)
    if isinstance(node, nodes.List) and all(isinstance(item, nodes.Const) for item in node.items):
        return _listed([item.value for item in node.items if isinstance(item, nodes.Const)])
    if isinstance(node, nodes.Compare) and len(node.ops) == 1:
        return _compared(node.ops[0].op, function(node.expr), function(node.ops[0].expr))
    if isinstance(node, nodes.And | nodes.Or):
        return _joined(isinstance(node, nodes.And), function(node.left), function(node.right))
    if isinstance(node, nodes.Not):
        return _negated(function(node.node))
    if isinstance(node, nodes.Test) and node.name == "none" and not node.args:
        return _compared("is", function(node.node), _constant(None))
    return None


def _constant(value: Any) -> Function:
    return lambda _values: value


def _listed(values: list[Any]) -> Function:
    return lambda _values: list(values)  # whoever gets it may keep it


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
