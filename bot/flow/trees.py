"""Plain conditions as the trees that Jinja2's parser would make of them, for the proofs to walk over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from bot.flow.conditions import reading

if TYPE_CHECKING:
    from collections.abc import Sequence


def tree(source: str) -> nodes.Expr | None:
    """The tree of a plain condition; None for any other source."""
    found = reading(source, _Trees())
    return None if found is None else found.made


class _Trees:
    """Makes the parts of a condition, as `bot.flow.functions` does."""

    def constant(self, value: Any) -> nodes.Expr:
        return nodes.Const(value, lineno=1)

    def members(self, values: Sequence[Any]) -> nodes.Expr:
        return nodes.List([self.constant(value) for value in values], lineno=1)

    def read(self, root: str, name: str) -> nodes.Expr:
        return nodes.Getattr(nodes.Name(root, "load", lineno=1), name, "load", lineno=1)

    def equals(self, root: str, name: str, value: Any, *, same: bool) -> nodes.Expr:
        return self.compared("eq" if same else "ne", self.read(root, name), self.constant(value))

    def compared(self, op: str, left: nodes.Expr, right: nodes.Expr) -> nodes.Expr:
        if op == "is":
            return nodes.Test(left, "none", [], [], None, None, lineno=1)
        return nodes.Compare(left, [nodes.Operand(op, right, lineno=1)], lineno=1)

    def strung(self, parts: Sequence[nodes.Expr]) -> nodes.Expr:
        return nodes.Concat(list(parts), lineno=1)

    def joined(self, left: nodes.Expr, right: nodes.Expr, *, both: bool) -> nodes.Expr:
        return (nodes.And if both else nodes.Or)(left, right, lineno=1)

    def negated(self, inner: nodes.Expr) -> nodes.Expr:
        return nodes.Not(inner, lineno=1)
