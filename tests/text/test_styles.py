"""Styled texts: whatever the stretches are, the rich text says what the text says, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.guard.redact import redact
from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote, Text
from bot.text.normal import clean
from bot.text.plain import plain_inlines
from bot.text.styles import Kind, Style, Writing, document, followed, moved

if TYPE_CHECKING:
    from bot.text.nodes import Block, Document, Inline

words = st.text(alphabet="ab 1.-\n/:@<>!h\N{GRINNING FACE}", max_size=30) | st.sampled_from(
    ["see https://example.com/a now", "- a\n- b", "1. x\n2. y", "<!channel> <@U1> [a](tg://user?id=1)"]
)
styles = st.lists(st.builds(Style, st.sampled_from(get_args(Kind)), st.integers(-3, 40), st.integers(-3, 40)))


@given(words, styles)
@example("11", [Style("quote", 0, -1)])
def test_the_rich_text_says_what_the_text_says(text: str, found: list[Style]) -> None:
    """Nothing is added, left out or put elsewhere, but for white space and the marks of lists."""
    assert "".join(_said(document(text, found)).split()) == "".join(text.split())


@given(words, styles)
def test_a_link_reads_as_where_it_leads(text: str, found: list[Style]) -> None:
    """No stretch makes a link of anything but its own address."""
    for each in _nodes(document(text, found)):
        if isinstance(each, Link):
            assert each.url == plain_inlines(each.children)
            assert each.url in text
            assert each.url.startswith(("http://", "https://"))


def test_each_way_to_write_has_its_node() -> None:
    """Bold, italic, struck, code, links, quotations, code blocks and lists, one after the other."""
    writing = Writing()
    for text, kind in (("bold", "bold"), ("both", "bold"), (" ", ""), ("c", "code"), ("https://a.eu/x", "link")):
        writing.add(text, *(each for each in get_args(Kind) if each == kind))
    for number, kind in enumerate(get_args(Kind)[5:]):
        writing.newline()
        writing.block(kind, lambda number=number: writing.add(f"{number}. x"))  # type: ignore[misc]
    assert document(*writing.ended()) == (
        Paragraph(
            (
                Text("boldboth", bold=True),
                Text(" "),
                Text("c", code=True),
                Link("https://a.eu/x", (Text("https://a.eu/x"),)),
            )
        ),
        CodeBlock((Text("0. x"),)),
        Quote(((Text("1. x"),),)),
        List(((Text("x"),),), 2),
    )


@pytest.mark.parametrize("address", ["https://bank.eu@evil.eu/", "javascript:alert(1)", "https://bаnk.eu", "https://"])
def test_what_could_mislead_is_no_link(address: str) -> None:
    """Nor what is no address of a page; it stays the words that it is."""
    assert document(address, [Style("link", 0, len(address))]) == (Paragraph((Text(address),)),)


secrets = st.sampled_from(["4485 2757 4230 8327", "api_key=" + "9f" * 20, "IBAN NL91ABNA0417164300"])


@given(st.text(max_size=8), secrets, st.text(max_size=8), styles)
def test_a_secret_is_found_however_it_is_written(before: str, secret: str, after: str, found: list[Style]) -> None:
    """It is looked for in the text alone; stretches follow it, and show nothing of what was taken out."""
    text = clean(f"{before} {secret} {after}", 80)
    redacted = redact(text)
    assert redacted.edits
    shown = _said(document(redacted.text, moved(found, redacted.edits)))
    assert "".join(shown.split()) == "".join(redacted.text.split())


def test_stretches_follow_what_was_replaced() -> None:
    """One around a secret stays around its label, one that ends in it ends before; what is behind moves along."""
    text = "my card 4485275742308327 is new"
    redacted = redact(text)
    assert len(redacted.edits) == 1
    around, into, behind = moved([Style("bold", 3, 24), Style("bold", 3, 12), Style("code", 28, 31)], redacted.edits)
    assert redacted.text[around.start : around.end].startswith("card [removed")
    assert redacted.text[into.start : into.end] == "card "
    assert redacted.text[behind.start : behind.end] == "new"


@given(st.text(alphabet="ab \u200b\x00\n\r\ud800", max_size=20), styles)
def test_stretches_follow_what_is_made_clean(text: str, found: list[Style]) -> None:
    """They stay in bounds, and cover the same letters as before."""
    after = clean(text, 15)
    for each in followed([each for each in found if 0 <= each.start < each.end <= len(text)], text, after):
        assert 0 <= each.start < each.end <= len(after)
    letters = [Style("bold", at, at + 1) for at, character in enumerate(text) if character in "ab"]
    kept = followed(letters, text, after)
    assert all(after[each.start : each.end] in {"a", "b"} for each in kept)
    assert len(kept) == sum(after.count(each) for each in "ab")


def _said(written: Document) -> str:
    return "\n".join(map(_block, written))


def _block(block: Block) -> str:
    if isinstance(block, List):
        marks = ("- " if block.start is None else f"{block.start + at}. " for at in range(len(block.items)))
        return "\n".join(mark + _characters(item) for mark, item in zip(marks, block.items, strict=True))
    if isinstance(block, Quote):
        return "\n".join(map(_characters, block.paragraphs))
    assert isinstance(block, (Paragraph, CodeBlock))
    return _characters(block.children)


def _characters(nodes: tuple[Inline, ...]) -> str:
    """Their characters, a link by its words."""
    return "".join(plain_inlines(each.children) if isinstance(each, Link) else plain_inlines((each,)) for each in nodes)


def _nodes(written: Document) -> list[Inline]:
    found: list[Inline] = []
    for block in written:
        if isinstance(block, (Paragraph, CodeBlock)):
            found += block.children
        elif isinstance(block, (List, Quote)):
            parts = block.items if isinstance(block, List) else block.paragraphs
            found += [each for part in parts for each in part]
    return found
