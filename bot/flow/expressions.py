"""Expressions: Jinja2 in an immutable sandbox, held to an allow-list when the flow loads.

An expression reads `slots`, `user`, `channel`, `case`, `now` and, inside a repair pattern, `pattern`; a rejection also
reads `value`. Nothing can be called, no attribute of a Python object is reachable (a dot reads an item of a mapping,
and nothing else), there is no multiplication or power, and what filters make is limited, so an expression cannot run
away. What a user typed is only ever a value in the scope, never source. Jinja2 is loaded with the first expression that
is more than a plain condition.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bot.flow.conditions import ExpressionError, condition, reading
from bot.flow.functions import OfSlots

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import nodes
    from jinja2.runtime import Context

    from bot.flow.compiled import Compiled
    from bot.flow.functions import Function

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
            from bot.flow.compiled import context  # noqa: PLC0415

            self._context = context(values)
        return self._context


class Expression:
    """One allow-listed expression; parsed and checked at once, compiled on its first evaluation."""

    __slots__ = ("__dict__", "_plain", "references", "source")

    def __init__(self, source: str) -> None:
        """Parse `source` (without braces); raises ExpressionError."""
        self.source = source
        known = condition(source)
        if known is not None:
            self._plain: Function | None = known.made
            self.references = known.references
            """The (root, attribute) pairs that are read; the attribute is "" where the root itself is."""
            return
        from bot.flow.closures import function  # noqa: PLC0415
        from bot.flow.compiled import references  # noqa: PLC0415

        self._plain = function(self.tree)
        self.references = references(self.tree)

    @cached_property
    def tree(self) -> nodes.Expr:
        """What was parsed, for checks; it holds nothing but the allowed nodes."""
        from bot.flow.grammar import parse  # noqa: PLC0415
        from bot.flow.trees import tree  # noqa: PLC0415

        return tree(self.source) or parse(self.source)

    @cached_property
    def _compiled(self) -> Compiled:
        from bot.flow.compiled import Compiled  # noqa: PLC0415

        return Compiled(self.tree)

    @cached_property
    def of_slots(self) -> Function | None:
        """The same as a function of a frame's slots alone, which may raise TypeError; None where there is no such."""
        found = reading(self.source, OfSlots)
        return found.made if found is not None else None

    def evaluate(self, scope: Scope) -> Any:
        """The value of the expression in `scope`; raises EvaluationError."""
        if self._plain is not None:
            try:
                return self._plain(scope.values)
            except (TypeError, ValueError, LookupError):
                pass  # the compiled expression says what is wrong
        try:
            return self._compiled.evaluate(scope.context)
        except ValueError as error:
            raise EvaluationError(f"`{self.source}`: {error}") from error

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


@lru_cache(maxsize=4096)
def expression(source: str) -> Expression:
    """The expression of `source`, parsed once however often a flow or its translations repeat it."""
    return Expression(source)
