"""Expressions: Jinja2 in an immutable sandbox, held to an allow-list when the flow loads.

An expression reads `slots`, `user`, `channel`, `case`, `now` and, inside a repair pattern, `pattern`; a rejection also
reads `value`. Nothing can be called, no attribute of a Python object is reachable (a dot reads an item of a mapping,
and nothing else), there is no multiplication or power, and what filters make is limited, so an expression cannot run
away. What a user typed is only ever a value in the scope, never source.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.flow.closures import function
from bot.flow.filters import FILTERS, TESTS
from bot.flow.grammar import ExpressionError, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["EvaluationError", "Expression", "ExpressionError", "Roots", "Scope", "Slots", "expression"]


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
        self._tree = parse(source)
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
