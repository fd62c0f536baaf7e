"""What the Markdown subset means, and what outside it is refused with which advice."""

from __future__ import annotations

import pytest

from bot.text.commonmark import read
from bot.text.nodes import Block, CodeBlock, Divider, Inline, Link, List, Paragraph, Quote, Text, Var
from bot.text.places import MarkdownError, cut

URL = "https://example.com/a?b=1&c=2"


@pytest.mark.parametrize(
    ("source", "children"),
    [
        ("a **b** c", (Text("a "), Text("b", bold=True), Text(" c"))),
        ("__b__", (Text("b", bold=True),)),
        ("*i* _i_", (Text("i", italic=True), Text(" "), Text("i", italic=True))),
        ("~~s~~", (Text("s", strike=True),)),
        ("`c *x*`", (Text("c *x*", code=True),)),
        ("**a *b* ~~c~~**", (
            Text("a ", bold=True),
            Text("b", bold=True, italic=True),
            Text(" ", bold=True),
            Text("c", bold=True, strike=True),
        )),
        ("**`c`**", (Text("c", bold=True, code=True),)),
        ("**a** **b", (Text("a", bold=True), Text(" **b"))),
        ("a\nb", (Text("a\nb"),)),
        ("a  \nb\\\nc", (Text("a\nb\nc"),)),
        ("**a\nb**", (Text("a\nb", bold=True),)),
        ("5 * 3 = 15, snake_case_name", (Text("5 * 3 = 15, snake_case_name"),)),
        (r"\*not italic\* \{{", (Text("*not italic* {{"),)),
        ("<b>AT&T</b> &amp; &copy;", (Text("<b>AT&T</b> &amp; &copy;"),)),
        ("<div>\n<!-- x -->", (Text("<div>\n<!-- x -->"),)),
        (f"[l **b**]({URL})", (Link(URL, (Text("l "), Text("b", bold=True))),)),
        (f"**[l]({URL})**", (Link(URL, (Text("l", bold=True),)),)),
        (f"see <{URL}>.", (Text("see "), Link(URL, (Text(URL),)), Text("."))),
        ("<a@example.com>", (Link("mailto:a@example.com", (Text("a@example.com"),)),)),
        ("[m](mailto:a@example.com)", (Link("mailto:a@example.com", (Text("m"),)),)),
        ("[h](http://example.com)", (Link("http://example.com", (Text("h"),)),)),
        (f"{URL} [note]", (Text(f"{URL} [note]"),)),
    ],
)  # fmt: skip
def test_inline_markup(source: str, children: tuple[Inline, ...]) -> None:
    """Each inline construct of the subset becomes its nodes; neighbours of one style are one node."""
    assert read(source) == (Paragraph(children),)


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("a\n\n\nb", (Paragraph((Text("a"),)), Paragraph((Text("b"),)))),
        ("- a\n- b *c*", (List(((Text("a"),), (Text("b "), Text("c", italic=True)))),)),
        ("* a\n\n* b", (List(((Text("a"),), (Text("b"),))),)),
        ("+ a\n  b", (List(((Text("a\nb"),),)),)),
        ("1. a\n1. b", (List(((Text("a"),), (Text("b"),)), 1),)),
        ("7) a", (List(((Text("a"),),), 7),)),
        ("0. a", (List(((Text("a"),),), 0),)),
        ("> a\n> b\n>\n> c", (Quote(((Text("a\nb"),), (Text("c"),))),)),
        (">", ()),
        ("```python\n*a*\n\n  b\n```", (CodeBlock((Text("*a*\n\n  b"),)),)),
        ("~~~\na\n~~~", (CodeBlock((Text("a"),)),)),
        ("a\n\n---\n\nb", (Paragraph((Text("a"),)), Divider(), Paragraph((Text("b"),)))),
        ("- a\n\n1. b\n\n> c", (List(((Text("a"),),)), List(((Text("b"),),), 1), Quote(((Text("c"),),)))),
        ("\u00a0", ()),
        ("", ()),
    ],
)
def test_blocks(source: str, blocks: tuple[Block, ...]) -> None:
    """Each block construct of the subset becomes its node."""
    assert read(source) == blocks


def test_places_keep_their_style() -> None:
    """A place stands wherever text can, in the style of the text around it."""
    source = "**{{ a }}** `x {{ b }}` [{{ c }}](https://example.com)\n\n- {{ d }}\n\n> {{ e }}\n\n```\n{{ f }}\n```"
    assert read(cut(source).text) == (
        Paragraph(
            (
                Var(0, bold=True),
                Text(" "),
                Text("x ", code=True),
                Var(1, code=True),
                Text(" "),
                Link("https://example.com", (Var(2),)),
            )
        ),
        List(((Var(3),),)),
        Quote(((Var(4),),)),
        CodeBlock((Var(5),)),
    )


@pytest.mark.parametrize("source", ["{{ a }}. b", "{{ a }} b\n{{ c }}\n", "{{ a }}", "x{{ a }}*b"])
def test_a_place_is_a_letter_to_the_parser(source: str) -> None:
    """No place starts a list or any other markup."""
    (block,) = read(cut(source).text)
    assert isinstance(block, Paragraph)


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a\n\n# b", 2, r"headings .* write \*\*bold\*\*"),
        ("a\n===", 0, "headings"),
        ("a\n---", 0, "leave an empty line before ---"),
        ("a\n\n    b", 2, "remove the spaces"),
        ("a | b\n--- | ---", 0, "tables .* write a list"),
        ("- a\n  - b", 1, "a list item is one paragraph"),
        ("- a\n\n  b", 0, "a list item is one paragraph"),
        ("- a\n  > b", 1, "a list item is one paragraph"),
        ("- # a", 0, "headings"),
        ("- a\n-", 1, "this list item is empty"),
        ("> - a", 0, "a quote holds paragraphs"),
        ("> a\n>\n> > b", 2, "a quote holds paragraphs"),
        ("```\n```", 0, "this code block is empty"),
        ("``` {{ a }}\nb\n```", 0, "a value cannot stand next to ```"),
        ("a\nb ![c](https://example.com/d.png)", 1, "pictures .* write a link"),
        ("[a]\n\n[a]: https://example.com", 2, "write the link where it is used"),
        ("[a]: https://example.com\n[a]: https://example.com", 0, "write the link where it is used"),
        ("a\nb [c](/d)", 1, r"a whole address .* not \(/d\)"),
        ("[a]()", 0, r"a whole address .* not \(\)"),
        ("[a](example.com)", 0, "a whole address"),
        ("[a](//example.com)", 0, "a whole address"),
        ("[a](https:///b)", 0, "a whole address"),
        ("[a](javascript:alert)", 0, "a whole address"),
        ("[a](tg://user?id=1)", 0, "a whole address"),
        ("[a](mailto:b)", 0, "a whole address"),
        ("<ftp://example.com>", 0, "a whole address"),
        ("[](https://example.com)", 0, "no label"),
        ('[a](https://example.com "b")', 0, "no title"),
        ("[a <https://example.com>](https://example.com)", 0, "inside the label"),
        ("[a](https://example.com/{{ b }})", 0, "a value cannot be part of a link"),
        ("[a](<https://example.com/{{ b }}>)", 0, "a value cannot be part of a link"),
        ("[a]({{ b }})", 0, "a value cannot be part of a link"),
        ("a\n<https://example.com/{{ b }}>", 1, "a value cannot be part of a link"),
        ('[a](https://example.com "{{ b }}")', 0, "no title"),
        ("[a]: https://example.com/{{ b }}", 0, "write the link where it is used"),
        ("![{{ a }}](https://example.com)", 0, "pictures"),
    ],
)
def test_what_is_outside_the_subset_is_refused(source: str, line: int, message: str) -> None:
    """The error says what to write instead, and on which line."""
    with pytest.raises(MarkdownError, match=message) as caught:
        read(cut(source).text)
    assert caught.value.line == line
