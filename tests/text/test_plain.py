"""Rich text as plain text."""

from __future__ import annotations

import pytest

from bot.text.markdown import parse
from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote, Text, Var
from bot.text.plain import plain, plain_inlines

URL = "https://example.com"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("a **b** *c* ~~d~~ `e`", "a b c d e"),
        ("a\n\nb\nc", "a\n\nb\nc"),
        ("- a\n- b\n  c", "- a\n- b\n  c"),
        ("9. a\n10. b\n    c", "9. a\n10. b\n    c"),
        ("> a\n> b\n>\n> c", "> a\n> b\n>\n> c"),
        ("```\n  a\n\nb\n```", "  a\n\nb"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        (f"[**a** b]({URL})", f"a b ({URL})"),
        (f"<{URL}>", URL),
        ("<a@example.com>", "a@example.com"),
        ("[us](mailto:a@example.com)", "us (mailto:a@example.com)"),
        ("Hi {{ name }}", "Hi …"),
    ],
)
def test_plain_text(source: str, text: str) -> None:
    """Each construct is readable without any formatting."""
    assert plain(parse(source).document) == text


def test_empty_lines_in_items_and_quotes() -> None:
    """A value may bring empty lines along; they get no indentation."""
    assert plain((List(((Text("a\n\nb"),),), 1),)) == "1. a\n\n   b"
    assert plain((Quote(((Text("a\n\nb"),),)),)) == "> a\n>\n> b"


def test_empty_blocks() -> None:
    """A block of nothing is no error."""
    assert plain((Paragraph(()), CodeBlock(()), List(()))) == "\n\n" * 2


def test_inlines() -> None:
    """Inline nodes can be shown on their own."""
    assert plain_inlines((Text("a ", bold=True), Var(0), Link(URL, (Text("b"),)))) == f"a …b ({URL})"
