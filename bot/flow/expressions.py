"""Expressions: Jinja2 in an immutable sandbox, held to an allow-list when the flow loads.

An expression reads `slots`, `user`, `channel`, `case`, `now` and, inside a repair pattern, `pattern`; a rejection also
reads `value`. Nothing can be called, no attribute of a Python object is reachable (a dot reads an item of a mapping,
and nothing else), and there is no multiplication or power, so an expression cannot run away. What a user typed is only
ever a value in the scope, never source.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

ROOTS: Final = frozenset({"slots", "user", "channel", "case", "now", "pattern", "value", "summary", "rules"})
"""Every name an expression may start with; which of them exist at a given place is a check of the flow."""

FILTERS: Final = frozenset(
    {"default", "first", "int", "join", "last", "length", "lower", "major", "replace", "round", "trim", "upper"}
)
TESTS: Final = frozenset({"defined", "none", "string", "number", "in", "eq", "ne", "even", "odd"})

_ALLOWED: Final = (
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
    nodes.Tuple,
    nodes.Filter,
    nodes.Test,
)

MAX_SOURCE: Final = 500
"""Longest expression in characters; a longer one belongs into the flow as branches."""


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, for the author."""


class EvaluationError(RuntimeError):
    """The expression failed on the values of a session (say, a comparison of text with a number)."""


class Slots(dict[str, Any]):
    """The slots of a frame as expressions see them: a declared slot that has no answer yet reads as none."""

    def __missing__(self, key: str) -> None:
        return None


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


def _major(version: object) -> int:
    """The first number of a version; -1 for anything that does not start with one."""
    first = str(version).partition(".")[0]
    return int(first) if first.isdecimal() else -1


def _environment() -> _Environment:
    environment = _Environment(undefined=StrictUndefined, autoescape=False, auto_reload=False)
    environment.globals.clear()
    environment.filters["major"] = _major
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
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
            self._context = Context(_ENVIRONMENT, self.values, None, {})
        return self._context


class Expression:
    """One allow-listed expression; parsed and checked at once, compiled on its first evaluation."""

    def __init__(self, source: str) -> None:
        """Parse `source` (without braces); raises ExpressionError."""
        self.source = source
        self._tree = _parse(source)
        self.references = _references(self._tree)
        self._plain = _plain(self._tree)

    @property
    def tree(self) -> nodes.Expr:
        """What was parsed, for checks; it holds nothing but the allowed nodes."""
        return self._tree

    @cached_property
    def _render(self) -> Any:
        body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), self._tree, lineno=1)]
        return _ENVIRONMENT.from_string(nodes.Template(body, lineno=1)).root_render_func

    def evaluate(self, scope: Scope) -> Any:
        """The value of the expression in `scope`; raises EvaluationError."""
        if self._plain is not None:
            root, attribute = self._plain
            mapping = scope.values.get(root)
            if isinstance(mapping, Slots) or (isinstance(mapping, dict) and attribute in mapping):
                return mapping[attribute]
        context = scope.context
        try:
            for _ in self._render(context):
                pass
            value = context.vars["result"]
            if isinstance(value, StrictUndefined):
                str(value)  # raises, naming what is missing
        except (UndefinedError, TypeError, ValueError, ArithmeticError, LookupError) as error:
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
    try:
        parsed = _ENVIRONMENT.parse("{{" + source + "\n}}").body
    except TemplateSyntaxError as error:
        raise ExpressionError(f"`{source}` cannot be read: {error.message}") from error
    if len(parsed) != 1 or not isinstance(parsed[0], nodes.Output) or len(parsed[0].nodes) != 1:
        raise ExpressionError(f"`{source}` is not one expression")
    tree = parsed[0].nodes[0]
    _allow(tree)
    return tree


def _allow(node: nodes.Node) -> None:
    if not isinstance(node, _ALLOWED):
        raise ExpressionError(f"{type(node).__name__.lower()} is not allowed in an expression")
    if isinstance(node, nodes.Name) and node.name not in ROOTS:
        raise ExpressionError(f"unknown name `{node.name}`; known are {', '.join(sorted(ROOTS))}")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise ExpressionError("names that start with `_` cannot be read")
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        raise ExpressionError("only a constant may stand in [ ]")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise ExpressionError(f"unknown filter `{node.name}`; known are {', '.join(sorted(FILTERS))}")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise ExpressionError(f"unknown test `{node.name}`; known are {', '.join(sorted(TESTS))}")
    for child in node.iter_child_nodes():
        _allow(child)


def _plain(tree: nodes.Node) -> tuple[str, str] | None:
    """The root and attribute of an expression that only reads one: it needs no compiling."""
    if isinstance(tree, nodes.Getattr) and isinstance(tree.node, nodes.Name):
        return tree.node.name, tree.attr
    return None


def _references(tree: nodes.Node) -> frozenset[tuple[str, str]]:
    """The (root, attribute) pairs that are read; the attribute is "" where the root itself is."""
    found: set[tuple[str, str]] = set()

    def visit(node: nodes.Node) -> None:
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            found.add((node.node.name, node.attr))
            return
        if isinstance(node, nodes.Name):
            found.add((node.name, ""))
        for child in node.iter_child_nodes():
            visit(child)

    visit(tree)
    return frozenset(found)
