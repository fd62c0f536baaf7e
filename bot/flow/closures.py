"""Parsed expressions as functions, where they are plain: no template needs to be compiled for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes

from bot.flow.filters import FILTERS
from bot.flow.functions import (
    Function,
    chosen,
    compared,
    constant,
    equals,
    filtered,
    joined,
    members,
    negated,
    read,
    strung,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def function(node: nodes.Node) -> Function | None:
    """The function of an expression; None if it is not plain."""
    maker = _MAKERS.get(type(node))
    return maker(node) if maker is not None else None


def _getattr(node: nodes.Getattr) -> Function | None:
    return read(node.node.name, node.attr) if isinstance(node.node, nodes.Name) else None


def _list(node: nodes.List) -> Function | None:
    values = [item.value for item in node.items if isinstance(item, nodes.Const)]
    return members(values) if len(values) == len(node.items) else None


def _compare(node: nodes.Compare) -> Function | None:
    if len(node.ops) > 1:
        return None
    op, left, right = node.ops[0].op, node.expr, node.ops[0].expr
    if op in {"eq", "ne"} and isinstance(right, nodes.Const) and isinstance(left, nodes.Getattr):
        name = left.node.name if isinstance(left.node, nodes.Name) else None
        return None if name is None else equals(name, left.attr, right.value, same=op == "eq")
    return compared(op, function(left), function(right))


def _test(node: nodes.Test) -> Function | None:
    return compared("is", function(node.node), constant(None)) if node.name == "none" and not node.args else None


def _choice(node: nodes.CondExpr) -> Function | None:
    other = function(node.expr2) if node.expr2 is not None else None
    return chosen(function(node.test), function(node.expr1), other)


def _filter(node: nodes.Filter) -> Function | None:
    work = FILTERS[node.name].function
    if node.node is None or hasattr(work, "jinja_pass_arg"):  # it asks for the template's environment
        return None
    return filtered(work, [function(each) for each in (node.node, *node.args)])


_MAKERS: Final[dict[type[nodes.Node], Callable[[Any], Function | None]]] = {
    nodes.Const: lambda node: constant(node.value),
    nodes.Name: lambda node: whole(node.name),
    nodes.Getattr: _getattr,
    nodes.List: _list,
    nodes.Compare: _compare,
    nodes.And: lambda node: joined(function(node.left), function(node.right), both=True),
    nodes.Or: lambda node: joined(function(node.left), function(node.right), both=False),
    nodes.Not: lambda node: negated(function(node.node)),
    nodes.Test: _test,
    nodes.CondExpr: _choice,
    nodes.Concat: lambda node: strung([function(each) for each in node.nodes]),
    nodes.Filter: _filter,
}
