"""Texts of a flow: an author's Markdown with `{{ expression }}` places, and what catalogs make of it.

A `Text` is the source wording and its stable path (`help_us_help_you.platform.prompt`), which is the gettext context of
its translations. A `Wording` is one parsed language of it: the Markdown was parsed before any value came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.flow.expressions import EvaluationError, expression
from bot.text.markdown import parse, render

if TYPE_CHECKING:
    from bot.flow.expressions import Expression, Scope
    from bot.text.nodes import Block, Document


class Wording:
    """One language's wording, parsed: a document with places, and the expressions that fill them."""

    __slots__ = ("document", "expressions")

    def __init__(self, source: str) -> None:
        """Parse `source`; raises MarkdownError or ExpressionError."""
        parsed = parse(source)
        self.document: Document = parsed.document
        self.expressions: tuple[Expression, ...] = tuple(map(expression, parsed.expressions))

    def render(self, scope: Scope) -> Document:
        """The document with its places filled from `scope`; raises EvaluationError."""
        if not self.expressions:
            return self.document
        return render(self.document, [_shown(each.evaluate(scope)) for each in self.expressions])


def _shown(value: Any) -> str | tuple[Block, ...]:
    """How a value stands in a text: blocks as they are, lists with commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return value
    return ", ".join(map(_word, value)) if isinstance(value, list) else _word(value)


def _word(value: Any) -> str:
    """A single value; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise EvaluationError(f"a {type(value).__name__} cannot be shown in a text")
    return str(value)


class Text:
    """A text of a flow file. `context` is set once, when the flow is linked."""

    __slots__ = ("context", "source", "wording")

    def __init__(self, source: str) -> None:
        """Parse the source wording; raises MarkdownError or ExpressionError."""
        self.source = source
        self.context = ""
        self.wording = Wording(source)

    def __repr__(self) -> str:
        return f"Text({self.context or self.source!r})"
