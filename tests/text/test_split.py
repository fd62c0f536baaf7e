"""Splitting a document into messages: every piece within the limit, and nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.markdown import parse
from bot.text.nodes import Block, CodeBlock, Divider, Document, Inline, Link, List, Paragraph, Quote, Text, paragraph
from bot.text.plain import plain, plain_inlines
from bot.text.split import code_points, split, utf16_units
from tests.searching import examples

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = "👩‍👩‍👧‍👦"
WORDS = st.text("abé e\u0301😀🇪🇸👩‍👧🏽\u200d \n\t", min_size=1, max_size=40)
FLAGS = st.booleans()
TEXTS = st.builds(Text, WORDS, bold=FLAGS, italic=FLAGS, code=FLAGS)
TIDY_WORDS = st.lists(st.text("abé😀", min_size=1, max_size=20), min_size=1, max_size=8).map(" ".join)
TIDY = st.builds(Text, TIDY_WORDS, bold=FLAGS, italic=FLAGS)
URLS = st.sampled_from(["https://a.b", "https://example.com/a/long/way/down", "mailto:a@b.c"])
LINKS = st.builds(Link, URLS, st.lists(TEXTS, min_size=1, max_size=2).map(tuple))
INLINES: st.SearchStrategy[tuple[Inline, ...]] = st.lists(TEXTS | LINKS, min_size=1, max_size=4).map(tuple)
PARTS = st.lists(INLINES, min_size=1, max_size=4).map(tuple)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, INLINES),
    st.builds(List, PARTS, st.none() | st.integers(0, 12) | st.just(999_999_990)),
    st.builds(Quote, PARTS),
    st.builds(CodeBlock, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.just(Divider()),
)
DOCUMENTS: st.SearchStrategy[Document] = st.lists(BLOCKS, max_size=4).map(tuple)
MEASURES = st.sampled_from([code_points, utf16_units])


def inlines(document: Document) -> list[Inline]:
    """The inline nodes of a document from its beginning to its end."""
    found: list[Inline] = []
    for block in document:
        match block:
            case Paragraph() | CodeBlock():
                found += block.children
            case List():
                found += [node for item in block.items for node in item]
            case Quote():
                found += [node for part in block.paragraphs for node in part]
            case Divider():
                found.append(Text("---"))
    return found


def text_content(document: Document) -> str:
    """All that is to be read in a document, without what shows its structure, and without white space."""
    return "".join(plain_inlines(inlines(document)).split())


def styles(document: Document) -> list[tuple[str, bool, bool, bool]]:
    """Each character outside of links with its style."""
    texts = [node for node in inlines(document) if isinstance(node, Text)]
    return [(char, text.bold, text.italic, text.code) for text in texts for char in text.value]


def numbers(document: Document) -> list[tuple[int, str]]:
    """Each numbered item's number and what it begins with."""
    return [
        (block.start + position, text_content((Paragraph(item),))[:1])
        for block in document
        if isinstance(block, List) and block.start is not None
        for position, item in enumerate(block.items)
    ]


@given(DOCUMENTS, st.integers(16, 80), MEASURES)
def test_every_piece_is_within_the_limit_and_nothing_is_lost(
    document: Document, limit: int, measure: Callable[[str], int]
) -> None:
    """The pieces hold the same text in the same order, none is too long, and none is blank."""
    pieces = split(document, limit, measure)
    assert [piece for piece in pieces if measure(plain(piece)) > limit] == []
    assert [piece for piece in pieces if not plain(piece).strip()] == []
    assert "".join(map(text_content, pieces)) == text_content(document)


@given(
    st.lists(st.builds(Paragraph, st.lists(TIDY, min_size=1, max_size=4).map(tuple)), max_size=4).map(tuple),
    st.integers(16, 80),
)
def test_text_keeps_its_white_space_and_style(document: Document, limit: int) -> None:
    """A cut takes nothing away, not even a space, and every character keeps its style."""
    pieces = split(document, limit, code_points)
    assert [style for piece in pieces for style in styles(piece)] == styles(document)


@settings(max_examples=examples(50))
@given(DOCUMENTS, st.integers(16, 80))
def test_numbers_go_on(document: Document, limit: int) -> None:
    """Each item of a numbered list has the same number wherever it ends up."""
    pieces = split(document, limit, code_points)
    found = [number for piece in pieces for number in numbers(piece) if number[1]]
    assert found == [number for number in numbers(document) if number[1]]


@settings(max_examples=examples(50))
@given(DOCUMENTS, st.integers(16, 80))
def test_what_fits_is_left_alone(document: Document, limit: int) -> None:
    """A piece is not split again, and a document within the limit is its own only piece."""
    for piece in split(document, limit, code_points):
        assert split(piece, limit, code_points) == [piece]


def shown(source: str, limit: int) -> list[str]:
    """The plain text of the pieces of a Markdown text."""
    return [plain(piece) for piece in split(parse(source).document, limit, code_points)]


@pytest.mark.parametrize(
    ("source", "limit", "pieces"),
    [
        ("", 16, []),
        ("one two three", 16, ["one two three"]),
        ("one two\n\nthree four", 16, ["one two", "three four"]),
        ("a\n\nb\n\nthree four five", 16, ["a\n\nb", "three four five"]),
        ("- one\n- two\n- three", 16, ["- one\n- two", "- three"]),
        ("8. one\n9. two\n10. three", 16, ["8. one\n9. two", "10. three"]),
        ("1. one two three four five\n2. b", 16, ["1. one two ", "three four five", "2. b"]),
        ("1. one two three four\n2. b", 20, ["1. one two three ", "four\n\n2. b"]),
        ("> one two\n>\n> three four", 16, ["> one two", "> three four"]),
        ("> one two three four\n>\n> b", 16, ["> one two three ", "> four\n>\n> b"]),
        ("> a\n>\n> one two three four", 16, ["> a", "> one two three ", "> four"]),
        ("one two **three four five**", 20, ["one two ", "three four five"]),
        ("a **one two three four five** b", 16, ["a one two three ", "four five b"]),
        ("abcdefgh **ijklmnopqrstuvwxyz** b", 16, ["abcdefgh ", "ijklmnopqrstuvwx", "yz b"]),
        ("abcdefghijklmnopqrs tu", 16, ["abcdefghijklmnop", "qrs tu"]),
        ("one two\nthree four five", 16, ["one two\nthree ", "four five"]),
        ("one two six\nthree four five", 16, ["one two six\n", "three four five"]),
        ("```\nif a:\n    b = 1\n    c = 2\n```", 16, ["if a:\n    b = 1\n", "    c = 2"]),
        ("```\n    abcdefghijklmnop\n```", 16, ["    abcdefghijkl", "mnop"]),
        ("a [here](https://a.b)", 20, ["a here (https://a.b)"]),
        ("and a [here](https://a.b)", 20, ["and a ", "here (https://a.b)"]),
        ("see [here](https://a.b/cdefghijklm)", 16, ["see here ", "(https://a.b/cde", "fghijklm)"]),
        ("a\n\n---\n\none two three", 16, ["a\n\n---", "one two three"]),
    ],
)
def test_where_cuts_fall(source: str, limit: int, pieces: list[str]) -> None:
    """Between blocks, else items or paragraphs, else inline nodes, else at white space, else between characters."""
    assert shown(source, limit) == pieces


def test_style_is_kept_across_a_cut() -> None:
    """Both halves of a run look like the whole."""
    first, second = split(parse("***one two three four***").document, 16, code_points)
    assert first == (Paragraph((Text("one two three ", bold=True, italic=True),)),)
    assert second == (Paragraph((Text("four", bold=True, italic=True),)),)


@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        ("a" * 15 + "é\u0301\u0302bc", ["a" * 15, "é\u0301\u0302bc"]),
        ("a" * 15 + "👍🏽b", ["a" * 15, "👍🏽b"]),
        ("a" * 10 + FAMILY, ["a" * 10, FAMILY]),
        ("a" * 15 + "☎\ufe0fb", ["a" * 15, "☎\ufe0fb"]),
        ("a" * 13 + "🇪🇸🇳🇱🇮🇹", ["a" * 13 + "🇪🇸", "🇳🇱🇮🇹"]),
        ("🏴" + "\U000e0067" * 20, ["🏴" + "\U000e0067" * 15, "\U000e0067" * 5]),
        ("a" + "\u0301" * 20, ["a" + "\u0301" * 15, "\u0301" * 5]),
        (" " * 20 + "a", ["    a"]),
        (" " * 40, []),
    ],
)
def test_characters_are_not_torn(value: str, pieces: list[str]) -> None:
    """A letter keeps its accents, an emoji its parts, a flag both its letters, unless one alone is too long."""
    assert [plain(piece) for piece in split((paragraph(value),), 16, code_points)] == pieces


def test_utf16_limits() -> None:
    """Telegram counts a character beyond the first 65,536 as two; a pair is never torn."""
    assert utf16_units("a😀") == 3
    assert code_points("a😀") == 2
    assert [plain(piece) for piece in split((paragraph("a" + "😀" * 8),), 16, utf16_units)] == ["a" + "😀" * 7, "😀"]


def test_a_character_longer_than_the_limit_is_not_cut() -> None:
    """A measure that counts escapes may find one character too long; it stays whole rather than looping."""

    def escaped(text: str) -> int:
        return len(text) * 20

    assert [plain(piece) for piece in split((paragraph("ab"),), 16, escaped)] == ["a", "b"]


def test_a_limit_must_leave_room() -> None:
    """A limit that a list number alone could fill is a mistake of the caller."""
    with pytest.raises(ValueError, match="a limit of 15 is too small"):
        split((), 15, code_points)
