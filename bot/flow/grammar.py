"""What an expression may be: Jinja2's own grammar, held to an allow-list of nodes, names, filters and tests."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from bot.flow.conditions import MAX_SOURCE, ROOTS, ExpressionError
from bot.flow.filters import FILTERS, TESTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.lexer import Token

    from bot.flow.filters import Usable

__all__ = ["MAX_DEPTH", "MAX_SOURCE", "ROOTS", "ExpressionError", "parse"]

_ALLOWED: Final = frozenset(
    {
        nodes.Const,
        nodes.Name,
        nodes.Getattr,
        nodes.Getitem,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Neg,
        nodes.Add,
        nodes.Sub,
        nodes.Concat,
        nodes.CondExpr,
        nodes.List,
        nodes.Filter,
        nodes.Test,
    }
)

MAX_DEPTH: Final = 30
"""How deep the parts of an expression may be nested: compiling takes ever longer with depth, and fails in the end."""

_SIMPLE: Final = re.compile("([a-z]+)[.]([A-Za-z][A-Za-z0-9_]*)")
"""What most places of texts hold, and what is no work for a parser."""

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PRIVATE: Final = "names that start with `_` cannot be read"
_TOO_DEEP: Final = f"an expression may be nested {MAX_DEPTH} deep; use branches instead"

_SYNTAX: Final = Environment(autoescape=False)  # noqa: S701  (it only parses)


def parse(source: str) -> nodes.Expr:
    """The tree of an expression (without braces), which holds nothing but what is allowed; raises ExpressionError."""
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"an expression may have at most {MAX_SOURCE} characters; use branches instead")
    simple = _SIMPLE.fullmatch(source)
    if simple is not None and simple[1] in ROOTS:
        return nodes.Getattr(nodes.Name(simple[1], "load", lineno=1), simple[2], "load", lineno=1)
    try:
        # starting inside the braces, nothing in `source` can end the expression and begin something else
        parser = Parser(_SYNTAX, source, state="variable")
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        raise ExpressionError(f"`{source}` cannot be read: {error.message}") from error
    except RecursionError:
        raise ExpressionError(_TOO_DEEP) from None
    if not parser.stream.eos:
        raise ExpressionError(f"`{source}` is not one expression{_meant(parser.stream.current)}")
    if "(" in source:
        tree = _Lists().visit(tree)
    _allow(tree, MAX_DEPTH)
    return tree


def _meant(token: Token) -> str:
    """What was probably meant by the first token that goes too far."""
    if token.type == "assign":
        return "; to compare, write `==`"
    if token.type == "name" and str(token.value).lower() in {"and", "or", "is", "in", "not", "if"}:
        return f"; write `{str(token.value).lower()}` in small letters"
    return ""


class _Lists(NodeTransformer):
    """Makes lists of tuples: values are stored as JSON, which has no others."""

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.List:  # noqa: N802
        """Do so with one of them, and with those inside it."""
        self.generic_visit(node)
        return nodes.List(node.items, lineno=node.lineno)


def _allow(node: nodes.Node, depth: int) -> None:
    """Refuse what is not allowed in `node`; `depth` is how deep it may be."""
    if type(node) not in _ALLOWED:
        raise ExpressionError(f"{type(node).__name__.lower()} is not allowed in an expression")
    if depth == 0:
        raise ExpressionError(_TOO_DEEP)
    if reason := _refusal(node):
        raise ExpressionError(reason)
    for child in node.iter_child_nodes():
        _allow(child, depth - 1)


def _refusal(node: nodes.Node) -> str:
    """Why a node of an allowed kind is refused itself; empty if it is not."""
    if isinstance(node, nodes.Name):
        known = ", ".join(sorted(ROOTS))
        return "" if node.name in ROOTS else f"unknown name `{node.name}`; known are {known}"
    if isinstance(node, nodes.Const):
        return _unfit(node.value)
    if isinstance(node, nodes.Getattr):
        return _PRIVATE if node.attr.startswith("_") else ""
    if isinstance(node, nodes.Getitem):
        if not isinstance(node.arg, nodes.Const):
            return "only a constant may stand in [ ]"
        return _PRIVATE if str(node.arg.value).startswith("_") else ""
    if isinstance(node, nodes.Filter):
        return _misuse("filter", node, FILTERS)
    return _misuse("test", node, TESTS) if isinstance(node, nodes.Test) else ""


def _unfit(value: Any) -> str:
    """Why a constant cannot be stored or shown."""
    if isinstance(value, float) and not isfinite(value):
        return "a number here is too large"
    return "a text here holds a control character" if isinstance(value, str) and _CONTROL.search(value) else ""


def _misuse(what: str, node: nodes.Filter | nodes.Test, known: Mapping[str, Usable]) -> str:
    name = node.name
    if name not in known:
        return f"unknown {what} `{name}`; known are {', '.join(sorted(known))}"
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return f"the {what} `{name}` takes values one by one, without names or stars"
    count, possible = len(node.args), known[name].arguments
    if count not in possible:
        return f"the {what} `{name}` takes {' or '.join(map(str, possible))} values in ( ), not {count}"
    return ""
