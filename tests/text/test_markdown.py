"""Parsing an author's text and filling its places."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.commonmark import read
from bot.text.markdown import MarkdownError, Parsed, Value, parse, render
from bot.text.nodes import Block, CodeBlock, Divider, Document, Inline, Link, List, Paragraph, Quote, Text, Var
from bot.text.places import cut
from bot.text.plain import plain
from tests.searching import examples

# Characters that mean something to Markdown in some places only, so that some texts take the fast path and some do not.
SOMETIMES = "ab 1.)-+#>=|:!&;\"'(]}~\t\n\n\u00a0\u2028\x0b\x1c\r"
LINES = """
a|Is it 1.5?|1. a|12) b|- a|-|--|---|===|# a|#2|> a|:-|:)|a |a  | a|    a|a\t|(a)|a!|+1|=|é|**a**|{{ x }}|{{ x }} a
"""
LINE = st.sampled_from([*LINES.strip("\n").split("|"), "", "| a |", "|-|"])
SOURCES = st.text(SOMETIMES) | st.lists(LINE, max_size=6).map("\n".join) | st.text(SOMETIMES + "*_`[\\<", max_size=12)
VALUES = st.text("ab*_~`[]()<>!@#|{}\\-1. \nhtps:/")


def slow(source: str) -> Parsed | str:
    """What the Markdown parser alone makes of a text; the message where it refuses."""
    try:
        found = cut(source)
        return Parsed(read(found.text), found.expressions)
    except MarkdownError as error:
        return str(error)


def places(document: Document) -> list[int]:
    """The places of a document from its beginning to its end."""

    def inside(children: tuple[Inline, ...]) -> list[int]:
        found: list[int] = []
        for child in children:
            if isinstance(child, Link):
                found += inside(child.children)
            elif isinstance(child, Var):
                found.append(child.index)
        return found

    found: list[int] = []
    for block in document:
        for children in parts(block):
            found += inside(children)
    return found


def parts(block: Block) -> tuple[tuple[Inline, ...], ...]:
    """What a block holds, part by part."""
    match block:
        case List():
            return block.items
        case Quote():
            return block.paragraphs
        case Paragraph() | CodeBlock():
            return (block.children,)
        case Divider():
            return ()


@settings(max_examples=examples(300))
@given(SOURCES)
def test_the_fast_path_changes_nothing(source: str) -> None:
    """A text that is not given to the Markdown parser becomes exactly what the parser would have made of it."""
    expected = slow(source)
    if isinstance(expected, str):
        with pytest.raises(MarkdownError) as caught:
            parse(source)
        assert str(caught.value) == expected
    else:
        assert parse(source) == expected


def test_plain_texts_never_meet_the_parser() -> None:
    """Where all texts are plain, the Markdown parser is not even imported; neither is Babel."""
    code = (
        "import sys; from bot.text.markdown import parse; import bot.text.catalogs;"
        "parse('Hello {{ user.first_name }}.\\nWhich platform (1 or 2) is it?');"
        "sys.exit('markdown_it' in sys.modules or 'babel' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.lists(st.sampled_from(["{{ x }}", "**", "*", "`", "~~", "[", "](https://a.b)", " ", "a", "\n", "- ", "> "])))
def test_no_place_is_lost(pieces: list[str]) -> None:
    """Each expression has exactly one place, in the order of the source, whatever markup is around it."""
    try:
        parsed = parse("".join(pieces))
    except MarkdownError:
        return
    assert places(parsed.document) == list(range(pieces.count("{{ x }}"))) == list(range(len(parsed.expressions)))


def test_errors_name_the_line_of_the_source() -> None:
    """The line breaks inside an expression count."""
    with pytest.raises(MarkdownError, match="headings") as caught:
        parse("\n{{ a\n  if b }}\n\n# c")
    assert caught.value.line == 4


def test_expressions_are_not_markdown() -> None:
    """Markup inside an expression's strings means nothing."""
    parsed = parse("**{{ '** `' }}**")
    assert parsed == Parsed((Paragraph((Var(0, bold=True),)),), ("'** `'",))


def test_values_are_literal() -> None:
    """A value is shown as it is, in the style of its place."""
    parsed = parse("Hi **{{ name }}**, see [{{ label }}](https://example.com) `{{ code }}`")
    assert render(parsed.document, ["<!channel> *x*", "[y](tg://z)", "`"]) == (
        Paragraph(
            (
                Text("Hi "),
                Text("<!channel> *x*", bold=True),
                Text(", see "),
                Link("https://example.com", (Text("[y](tg://z)"),)),
                Text(" "),
                Text("`", code=True),
            )
        ),
    )


@given(VALUES, VALUES)
def test_no_value_becomes_markup(one: str, two: str) -> None:
    """Whatever a value holds, it comes out character by character, and the tree around it stays what it was."""
    (block,) = render(parse("a {{ x }} b *{{ y }}* c").document, [one, two])
    filled = [Text(one), Text(" b "), Text(two, italic=True)]
    assert block == Paragraph((Text("a "), *[node for node in filled if node.value], Text(" c")))


TABLE: Document = (List(((Text("one"),),)), Divider())


@pytest.mark.parametrize(
    ("source", "values", "rendered"),
    [
        ("{{ x }}", ["a"], (Paragraph((Text("a"),)),)),
        ("{{ x }}", [TABLE], TABLE),
        ("a\n\n{{ x }}\n\nb", [TABLE], (Paragraph((Text("a"),)), *TABLE, Paragraph((Text("b"),)))),
        ("{{ x }}", [()], ()),
        ("a {{ x }}", [TABLE], (Paragraph((Text("a "), Text("- one\n\n---"))),)),
        ("- {{ x }}", [TABLE], (List(((Text("- one\n\n---"),),)),)),
        ("a {{ x }}b", [""], (Paragraph((Text("a "), Text("b"))),)),
        ("a\n\n{{ x }}", [""], (Paragraph((Text("a"),)),)),
        ("{{ x }} {{ y }}", ["", ""], ()),
        ("- a\n- {{ x }}\n- {{ y }}", ["", "b"], (List(((Text("a"),), (Text("b"),))),)),
        ("2. {{ x }}\n3. a", [""], (List(((Text("a"),),), 2),)),
        ("- {{ x }}", [""], ()),
        ("> {{ x }}\n>\n> {{ y }}", ["", "b"], (Quote(((Text("b"),),)),)),
        ("> {{ x }}", [""], ()),
        ("```\n{{ x }}\n```", [""], ()),
        ("```\na = {{ x }}\n```", ["1"], (CodeBlock((Text("a = "), Text("1"))),)),
        ("<https://a.b> {{ x }}", [""], (Paragraph((Link("https://a.b", (Text("https://a.b"),)), Text(" "))),)),
        ("[{{ x }}](https://a.b)", [""], (Paragraph((Link("https://a.b", (Text("https://a.b"),)),)),)),
        ("[{{ x }}](https://a.b)", [TABLE], (Paragraph((Link("https://a.b", (Text("- one\n\n---"),)),)),)),
    ],
)
def test_filling_places(source: str, values: list[Value], rendered: Document) -> None:
    """Blocks are spliced in where their place is alone; what is left blank vanishes."""
    assert render(parse(source).document, values) == rendered


def test_blocks_without_places_are_shared() -> None:
    """Only what has a place is made anew."""
    document = parse("a **b**\n\n- c\n\n> d\n\n```\ne\n```\n\n---\n\n{{ x }}").document
    rendered = render(document, ["f"])
    assert all(new is old for new, old in zip(rendered[:-1], document[:-1], strict=True))
    assert plain(rendered[-1:]) == "f"


def test_items_without_places_are_shared() -> None:
    """In a list or quote with a place, the other parts stay the very same objects."""
    document = parse("- a\n- {{ x }}\n\n> b\n>\n> {{ y }}").document
    for new, old in zip(render(document, ["c", "d"]), document, strict=True):
        assert parts(new)[0] is parts(old)[0]


def test_a_missing_value_is_an_error() -> None:
    """There must be a value for each place."""
    with pytest.raises(IndexError):
        render(parse("{{ a }}{{ b }}").document, ["a"])
