"""Expressions: Jinja2 in an immutable sandbox, held to an allow-list when the flow loads.

An expression reads `slots`, `user`, `channel`, `case`, `now` and, inside a repair pattern, `pattern`; a rejection also
reads `value`. Nothing can be called, no attribute of a Python object is reachable (a dot reads an item of a mapping,
and nothing else), there is no multiplication or power, and what filters make is limited, so an expression cannot run
away. What a user typed is only ever a value in the scope, never source.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateRuntimeError, TemplateSyntaxError, nodes
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from bot.flow.closures import function
from bot.flow.filters import FILTERS, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.flow.filters import Usable

ROOTS: Final = frozenset({"slots", "user", "channel", "case", "now", "pattern", "value", "summary", "rules"})
"""Every name an expression may start with; which of them exist at a given place is a check of the flow."""

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

MAX_SOURCE: Final = 500
"""Longest expression in characters; a longer one belongs into the flow as branches."""

MAX_DEPTH: Final = 30
"""How deep the parts of an expression may be nested: compiling takes ever longer with depth, and fails in the end."""

_SIMPLE: Final = re.compile("([a-z]+)[.]([A-Za-z][A-Za-z0-9_]*)")
"""What most places of texts hold, and what is no work for a parser."""

_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PRIVATE: Final = "names that start with `_` cannot be read"
_TOO_DEEP: Final = f"an expression may be nested {MAX_DEPTH} deep; use branches instead"


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, for the author."""


class EvaluationError(RuntimeError):
    """The expression failed on the values of a session (say, a comparison of text with a number)."""


class Slots(dict[str, Any]):
    """The slots of a frame as expressions see them: a declared slot that has no answer yet reads as none."""

    def __missing__(self, key: str) -> None:
        return None


class Roots(dict[str, Any]):
    """The values of a scope by root, each made when it is first read: most expressions read one."""

    def __init__(self, makers: Mapping[str, Callable[[Any], Any]], source: Any, more: dict[str, Any]) -> None:
        """`makers` make each root out of `source`; `more` are roots that exist already."""
        super().__init__(more)
        self._makers = makers
        self._source = source

    def __missing__(self, root: str) -> Any:
        value = self[root] = self._makers[root](self._source)
        return value

    def complete(self) -> dict[str, Any]:
        """Every root, made now."""
        return {**{root: self[root] for root in self._makers}, **self}


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, narrowed: a dot is an item look-up in a mapping."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            try:
                return obj[attribute]
            except KeyError:
                pass
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, (dict, list, tuple)):
            try:
                return obj[argument]
            except (LookupError, TypeError):
                pass
        return self.undefined(obj=obj, name=str(argument))


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=False, optimized=False)
    environment.globals.clear()
    environment.filters = {name: usable.function for name, usable in FILTERS.items()}
    environment.tests = {name: usable.function for name, usable in TESTS.items()}
    return environment


_ENVIRONMENT: Final = _environment()


class Scope:
    """The values one evaluation sees. The mappings are read live, so a scope may serve a whole turn."""

    __slots__ = ("_context", "values")

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self._context: Context | None = None

    @property
    def context(self) -> Context:
        """The values as compiled expressions read them."""
        if self._context is None:
            values = self.values.complete() if isinstance(self.values, Roots) else self.values
            self._context = Context(_ENVIRONMENT, values, None, {})
        return self._context


class Expression:
    """One allow-listed expression; parsed and checked at once, compiled on its first evaluation."""

    def __init__(self, source: str) -> None:
        """Parse `source` (without braces); raises ExpressionError."""
        self.source = source
        self._tree = _parse(source)
        self._plain = function(self._tree)

    @property
    def tree(self) -> nodes.Expr:
        """What was parsed, for checks; it holds nothing but the allowed nodes."""
        return self._tree

    @cached_property
    def references(self) -> frozenset[tuple[str, str]]:
        """The (root, attribute) pairs that are read; the attribute is "" where the root itself is."""
        return _references(self._tree)

    @cached_property
    def _render(self) -> Any:
        body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), self._tree, lineno=1)]
        template = nodes.Template(body, lineno=1)
        template.set_environment(_ENVIRONMENT)
        return _ENVIRONMENT.from_string(template).root_render_func

    def evaluate(self, scope: Scope) -> Any:
        """The value of the expression in `scope`; raises EvaluationError."""
        if self._plain is not None:
            try:
                return self._plain(scope.values)
            except (TypeError, LookupError):
                pass  # the compiled expression says what is wrong
        context = scope.context
        try:
            for _ in self._render(context):
                pass
            value = context.vars["result"]
            _check(value)
        except (TemplateRuntimeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise EvaluationError(f"`{self.source}`: {error}") from error
        return value

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


@lru_cache(maxsize=4096)
def expression(source: str) -> Expression:
    """The expression of `source`, parsed once however often a flow or its translations repeat it."""
    return Expression(source)


def _parse(source: str) -> nodes.Expr:
    if len(source) > MAX_SOURCE:
        raise ExpressionError(f"an expression may have at most {MAX_SOURCE} characters; use branches instead")
    simple = _SIMPLE.fullmatch(source)
    if simple is not None and simple[1] in ROOTS:
        return nodes.Getattr(nodes.Name(simple[1], "load", lineno=1), simple[2], "load", lineno=1)
    try:
        # starting inside the braces, nothing in `source` can end the expression and begin something else
        parser = Parser(_ENVIRONMENT, source, state="variable")
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        raise ExpressionError(f"`{source}` cannot be read: {error.message}") from error
    except RecursionError:
        raise ExpressionError(_TOO_DEEP) from None
    if not parser.stream.eos:
        raise ExpressionError(f"`{source}` is not one expression")
    if "(" in source:
        tree = _Lists().visit(tree)
    _allow(tree, MAX_DEPTH)
    return tree


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


def _check(value: Any) -> None:
    """Raise an error for what is not defined or cannot be stored, also inside a list."""
    if isinstance(value, StrictUndefined):
        str(value)
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError("the number is too large")
    elif type(value) is list:
        for each in value:
            _check(each)


def _references(tree: nodes.Node) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            found.add((node.node.name, node.attr))
        elif isinstance(node, nodes.Name):
            found.add((node.name, ""))
        else:
            waiting += node.iter_child_nodes()
    return frozenset(found)
