"""Expressions that Jinja2 evaluates: its immutable sandbox, narrowed. Loaded with the first that is no condition."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.flow.filters import FILTERS, TESTS

if TYPE_CHECKING:
    from collections.abc import Callable


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


class Compiled:
    """One expression as a compiled template."""

    def __init__(self, tree: nodes.Expr) -> None:
        """Compile `tree`, which holds nothing but allowed nodes."""
        body: list[nodes.Node] = [nodes.Assign(nodes.Name("result", "store"), tree, lineno=1)]
        template = nodes.Template(body, lineno=1)
        template.set_environment(_ENVIRONMENT)
        self._render: Callable[[Context], Any] = _ENVIRONMENT.from_string(template).root_render_func

    def evaluate(self, context: Context) -> Any:
        """The value; raises ValueError where it cannot be had."""
        try:
            for _ in self._render(context):
                pass
            value = context.vars["result"]
            _check(value)
        except (TemplateRuntimeError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise ValueError(str(error)) from error
        return value


def context(values: dict[str, Any]) -> Context:
    """The values as compiled expressions read them."""
    return Context(_ENVIRONMENT, values, None, {})


def _check(value: Any) -> None:
    """Raise an error for what is not defined or cannot be stored, also inside a list."""
    if isinstance(value, StrictUndefined):
        str(value)
    elif isinstance(value, float) and not isfinite(value):
        raise ValueError("the number is too large")
    elif type(value) is list:
        for each in value:
            _check(each)


def references(tree: nodes.Node) -> frozenset[tuple[str, str]]:
    """The (root, attribute) pairs that a tree reads; the attribute is "" where the root itself is."""
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
