"""The quick reader: it says what the parser says, or leaves the text to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import quick
from bot.text.commonmark import read
from bot.text.nodes import Document, Link, List, Paragraph, Text, Var, paragraph
from bot.text.places import MarkdownError, cut
from tests.searching import examples

WORDS = [
    "a",
    "word",
    "1.5",
    "é",
    "\U000f0000",
    "€",
    "“q”",
    "x.",
    "(b)",
    "a&b",
    "日本",
    "'",
    "😀",
    "\u0301",
    "-",
    "#",
    "!",
]
CODE = ["a", "x y", "a_b", "*", "**", "<b>", "\\", "[x]", "\U000f0001", " a", ""]
URLS = ["https://a.b/c-1", "https://a", "https://a.b/", "https://a..b", "https:///", "http://a.b", "mailto:a@b.c", "x"]

word = st.sampled_from(WORDS)
plain = st.lists(word, min_size=1, max_size=3).map(" ".join)
code = st.sampled_from(CODE).map("`{}`".format)
link = st.builds("[{}]({})".format, plain, st.sampled_from(URLS))
simple = plain | code | link
styled = st.builds(
    "{0}{1}{0}".format, st.sampled_from(["*", "**", "_", "***"]), st.lists(simple, max_size=2).map("".join)
)
line = st.builds(
    "{}{}".format,
    st.lists(simple | styled | styled, min_size=1, max_size=4).flatmap(
        lambda parts: st.sampled_from([" ", " ", "", "\n"]).map(lambda between: between.join(parts))
    ),
    st.sampled_from(["", ".", "?", "!)", " "]),
)
bullets = st.lists(st.builds("{}{}".format, st.sampled_from(["- ", "- ", "-", "* ", ""]), line), max_size=3).map(
    "\n".join
)
texts = st.lists(line | bullets, min_size=1, max_size=3).flatmap(
    lambda blocks: st.sampled_from(["\n\n", "\n\n\n", "\n"]).map(lambda between: between.join(blocks))
)


def slow(text: str) -> Document | str:
    """What the parser says, or why it refuses."""
    try:
        return read(text)
    except MarkdownError as error:
        return str(error)


@settings(max_examples=examples(200))
@given(texts)
def test_it_says_what_the_parser_says(text: str) -> None:
    """Where it answers at all: a wrong answer would be another text than the author wrote."""
    text = text.strip("\n")
    found = quick.read(text) if text else None
    assert found is None or found == slow(text)


@pytest.mark.parametrize(
    ("source", "document"),
    [
        ("Hello", (paragraph("Hello"),)),
        ("Magento 2 / Adobe Commerce", (paragraph("Magento 2 / Adobe Commerce"),)),
        ("Hello {{ a }}!", (Paragraph((Text("Hello "), Var(0), Text("!"))),)),
        ("One\ntwo\n\n\nThree", (paragraph("One\ntwo"), paragraph("Three"))),
        ("**What?**\n\nTry.", (paragraph("What?", bold=True), paragraph("Try."))),
        ("Say `/why`.", (Paragraph((Text("Say "), Text("/why", code=True), Text("."))),)),
        ("a *b `c` d*", (Paragraph((
            Text("a "), Text("b ", italic=True), Text("c", italic=True, code=True), Text(" d", italic=True),
        )),)),
        ("**{{ a }}**.", (Paragraph((Var(0, bold=True), Text("."))),)),
        ("See [our **guide", None),
        ("See [a guide](https://docs.example.com/a-b/)", (Paragraph((
            Text("See "), Link("https://docs.example.com/a-b/", (Text("a guide"),)),
        )),)),
        ("- one\n- **two**", (List(((Text("one"),), (Text("two", bold=True),))),)),
        ("Do:\n\n- one\n\nThen", (paragraph("Do:"), List(((Text("one"),),)), paragraph("Then"))),
    ],
)  # fmt: skip
def test_what_it_reads(source: str, document: Document | None) -> None:
    """The texts of an ordinary flow never meet the parser."""
    assert quick.read(cut(source).text) == document


@pytest.mark.parametrize(
    "text",
    [
        *(" a", "a ", "a \nb", "a\n b", "# a", "> a", "1. a", "2) a", "- ", "-", "---", "+ a", "= a", "| a", ": a"),
        *("a\n---", "a\n- b", "- a\n b", "- a\n\n- b", "- - a", "- # a", "- 1. a", "-  a", "* a"),
        *("~~a~~", "_a_", "a_b", "\\a", "<a>", "`a", "``a``", "` a `", "`a\nb`", "**a", "a**", "**a*", "***a***"),
        *("a*b*c", "a**b**c", "** a **", "**a **", "**a\n\nb**", "*a **b** c*", "(**a**)"),
        *("**a**b", "**!**a", "**a!**."),
        *("[a]", "[a](x)", "[a](https://a.b 'c')", "![a](https://a.b)", "[a](https://a.b/(c))", "[a](<https://a.b>)"),
        *("[a][b]", "[a]: https://a.b", "[*a*](https://a.b)", "[a](https://A.b)", "[a](https://a.b/%20)", "a\rb", "\0"),
    ],
)
def test_what_it_leaves_to_the_parser(text: str) -> None:
    """Other blocks, other marks, and marks that stand where Markdown has finer rules."""
    assert quick.read(text) is None
