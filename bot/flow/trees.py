"""Plain conditions as the trees that Jinja2's parser would make of them, for the proofs to walk over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import nodes

from bot.flow.conditions import reading

if TYPE_CHECKING:
    from collections.abc import Sequence

_Node = TypeVar("_Node", bound=nodes.Node)


def tree(source: str) -> nodes.Expr | None:
    """The tree of a plain condition; None for any other source."""
    found = reading(source, _Trees())
    return None if found is None else found.made


def _node(kind: type[_Node], **fields: Any) -> _Node:
    """A node as Jinja2 makes it, which takes its own way of doing so four times as long."""
    made = kind.__new__(kind)
    vars(made).update(fields, lineno=1, environment=None)
    return made


class _Trees:
    """Makes the parts of a condition, as `bot.flow.functions` does."""

    def constant(self, value: Any) -> nodes.Expr:
        return _node(nodes.Const, value=value)

    def members(self, values: Sequence[Any]) -> nodes.Expr:
        return _node(nodes.List, items=[self.constant(value) for value in values])

    def read(self, root: str, name: str) -> nodes.Expr:
        return _node(nodes.Getattr, node=_node(nodes.Name, name=root, ctx="load"), attr=name, ctx="load")

    def whole(self, root: str) -> nodes.Expr:
        return _node(nodes.Name, name=root, ctx="load")

    def equals(self, root: str, name: str, value: Any, *, same: bool) -> nodes.Expr:
        return self.compared("eq" if same else "ne", self.read(root, name), self.constant(value))

    def compared(self, op: str, left: nodes.Expr, right: nodes.Expr) -> nodes.Expr:
        if op == "is":
            return nodes.Test(left, "none", [], [], None, None, lineno=1)
        return _node(nodes.Compare, expr=left, ops=[_node(nodes.Operand, op=op, expr=right)])

    def strung(self, parts: Sequence[nodes.Expr]) -> nodes.Expr:
        return _node(nodes.Concat, nodes=list(parts))

    def major(self, version: nodes.Expr) -> nodes.Expr:
        return nodes.Filter(version, "major", [], [], None, None, lineno=1)

    def joined(self, left: nodes.Expr, right: nodes.Expr, *, both: bool) -> nodes.Expr:
        return _node(nodes.And if both else nodes.Or, left=left, right=right)

    def negated(self, inner: nodes.Expr) -> nodes.Expr:
        return _node(nodes.Not, node=inner)

    def chosen(self, test: nodes.Expr, then: nodes.Expr, other: nodes.Expr) -> nodes.Expr:
        return _node(nodes.CondExpr, test=test, expr1=then, expr2=other)
