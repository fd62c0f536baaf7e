"""Texts: Markdown first, values afterwards; what a merchant typed never becomes markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import SchemaValidator, ValidationError

from bot.flow.expressions import EvaluationError, ExpressionError, Scope, Slots
from bot.flow.texts import Text, Wording
from bot.flow.understanding import shape
from bot.text.markdown import MarkdownError
from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote, Var, paragraph
from bot.text.nodes import Text as Run
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.text.nodes import Document

TEXTS = SchemaValidator(shape(Text))
TEMPLATE = """\
Hello **{{ slots.a }}**, *{{ slots.b }}* and {{ slots.a }}: see [{{ slots.b }}](https://example.com) or `{{ slots.a }}`.

- first {{ slots.a }}
- {{ slots.b }}

> quoted {{ slots.a }}

```
code {{ slots.b }}
```
"""
HOSTILE = [
    *(
        "**bold**",
        "_x_",
        "~~no~~",
        "`code`",
        "[a](https://evil.example)",
        "<b>",
        "<!channel>",
        "<@U1>",
        "> quote",
        "# h",
    ),
    *(
        "- item",
        "1. item",
        "---",
        "```\n",
        "{{ user }}",
        "}}",
        "{% x %}",
        "\\",
        "&lt;",
        "\n\n",
        "\U000f0000",
        "\0",
        "|",
    ),
]
TYPED = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=8), min_size=1, max_size=4).map("".join)


def scope(**slots: Any) -> Scope:
    """A scope with these slots."""
    return Scope({"slots": Slots(slots), "user": {}})


def shown(source: str, **slots: Any) -> str:
    """A text with its places filled, as plain characters."""
    return plain(Wording(source).render(scope(**slots)))


def skeleton(document: Document) -> list[Any]:
    """What a document is made of, but for the words of its runs."""

    def inline(node: Any) -> Any:
        if isinstance(node, Link):
            return (node.url, [inline(child) for child in node.children])
        return (node.bold, node.italic, node.strike, node.code)

    def parts(block: Any) -> Iterator[Any]:
        if isinstance(block, List):
            yield from block.items
        elif isinstance(block, Quote):
            yield from block.paragraphs
        elif isinstance(block, (Paragraph, CodeBlock)):
            yield block.children

    return [(type(block), [[inline(node) for node in part] for part in parts(block)]) for block in document]


@given(TYPED, TYPED)
def test_what_a_merchant_typed_is_never_markup(first: str, second: str) -> None:
    """Whatever fills the places, the document is built as the author wrote it, and says it word for word."""
    wording = Wording(TEMPLATE)
    filled = wording.render(scope(a=f"a{first}", b=f"b{second}"))
    assert skeleton(filled) == skeleton(wording.document)
    runs = [node for node in filled[0].children if isinstance(node, Run)]  # type: ignore[union-attr]
    assert [run.value for run in runs if run.bold or run.code] == [f"a{first}"] * 2
    assert "Var(" not in repr(filled)


def test_places_are_filled_after_parsing() -> None:
    """The parsed document has places where the values go, in the author's style."""
    wording = Wording("**{{ slots.a }}**!")
    assert wording.document == (Paragraph((Var(0, bold=True), Run("!"))),)
    assert [each.source for each in wording.expressions] == ["slots.a"]
    assert wording.render(scope(a="*x*")) == (Paragraph((Run("*x*", bold=True), Run("!"))),)


def test_a_text_without_places_is_not_made_again() -> None:
    """What everybody reads the same is shared."""
    wording = Wording("Hello **you**.")
    assert wording.render(scope()) is wording.document


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "<a>"),
        (None, "<>"),
        (3, "<3>"),
        (2.5, "<2.5>"),
        (["a", 1, "b"], "<a, 1, b>"),
        ([], "<>"),
        (["a", None], "<a, >"),
    ],
)
def test_how_values_are_shown(value: object, expected: str) -> None:
    """Words as they are, nothing for no answer, lists with commas."""
    assert shown("<{{ slots.a }}>", a=value) == expected


@pytest.mark.parametrize("value", [True, {"typed": "today", "date": None}, [{"typed": "x"}], [True], [["a"]], b"a"])
def test_what_cannot_be_shown(value: object) -> None:
    """Nobody reads Python's spelling of a value: the flow's author must say what of it is meant."""
    with pytest.raises(EvaluationError, match="cannot be shown"):
        shown("{{ slots.a }}", a=value)


def test_tuples_of_an_author_are_lists() -> None:
    """They are not taken for the blocks of a document."""
    assert shown("{{ (slots.a, 'b') }}", a="a") == "a, b"


def test_blocks_stand_where_a_place_stands_alone() -> None:
    """A summary is spliced in as it is."""
    blocks = (paragraph("One"), paragraph("Two"))
    found = Wording("Before\n\n{{ summary }}").render(Scope({"summary": blocks}))
    assert found == (paragraph("Before"), *blocks)


@pytest.mark.parametrize(
    "place", ["{{ user.nobody }}", "{{ slots.a + 1 }}", "{{ [user.nobody] }}", "{{ slots.a | join }}"]
)
def test_places_that_cannot_be_filled(place: str) -> None:
    """One kind of error, whatever went wrong, so that a turn can answer it."""
    with pytest.raises(EvaluationError):
        shown(f"Hello {place}", a="x")


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("# Heading", MarkdownError, "headings"),
        ("![a](https://x.example/y.png)", MarkdownError, "pictures"),
        ("[a](javascript:x)", MarkdownError, "whole address"),
        ("[a](https://x.example/{{ slots.a }})", MarkdownError, "cannot be part of a link"),
        ("Hello {{ slots.a", MarkdownError, "not closed"),
        ("Hello {{ }}", MarkdownError, "is empty"),
        ("{% if slots.a %}Hello", MarkdownError, "use `when:`"),
        ("{# Hello #}", MarkdownError, "use `when:`"),
        ("Hello \U000f0000", MarkdownError, "reserved"),
        ("Hello {{ nobody }}", ExpressionError, "unknown name"),
        ("Hello {{ slots.a() }}", ExpressionError, "call is not allowed"),
        ("{{ '}}' }}{{ slots._a }}", ExpressionError, "start with `_`"),
    ],
)
def test_what_an_author_may_not_write(source: str, error: type[Exception], words: str) -> None:
    """A text is refused when the flow is read; as a value of the file, with the code of its problem."""
    with pytest.raises(error, match=words):
        Text(source)
    with pytest.raises(ValidationError) as refused:
        TEXTS.validate_python(source)
    (problem,) = refused.value.errors()
    assert problem["type"] == ("bad-markup" if error is MarkdownError else "bad-expression")
    assert words in problem["msg"]


@pytest.mark.parametrize("source", ["", " ", "\n\n", "\t"])
def test_a_text_says_something(source: str) -> None:
    """No button is empty, and no message."""
    with pytest.raises(ValidationError, match="at least 1 character"):
        TEXTS.validate_python(source)


@pytest.mark.parametrize("source", [3, True, None, ["a"], {"a": "b"}, b"a"])
def test_only_text_is_a_text(source: object) -> None:
    """A number of the file is not made a word of."""
    with pytest.raises(ValidationError, match="valid string"):
        TEXTS.validate_python(source)


def test_outer_space_is_not_part_of_a_text() -> None:
    """A block of YAML ends with a line break that nobody means."""
    assert TEXTS.validate_python("  Hello\n").source == "Hello"


def test_a_text_is_known_by_its_place() -> None:
    """In a traceback one sees which text it is, as soon as that is known."""
    text = Text("Hello")
    assert repr(text) == "Text('Hello')"
    text.context = "f.welcome.say"
    assert repr(text) == "Text('f.welcome.say')"
