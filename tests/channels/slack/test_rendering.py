"""Rich text on Slack: always valid, complete, and never a mention, a link or a format out of somebody's words."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.channels.slack.rendering import (
    LIMIT,
    MOST_DIVIDERS,
    MOST_TEXT,
    blocks,
    chunks,
    escaped,
    label,
    line,
    notification,
    plain_text,
    whole,
)
from bot.text.nodes import Divider, Document, Link, List, Moment, Paragraph, Quote, Text, paragraph
from bot.text.plain import plain
from tests.channels.slack.documents import DOCUMENT, NASTY, STYLED, URL, WORDS
from tests.platforms.clock import Clock
from tests.platforms.slack.blocks import Blocks
from tests.platforms.slack.ids import Ids

if TYPE_CHECKING:
    from collections.abc import Iterator

SLACK = Blocks(Ids(Clock()))


def taken(found: list[dict[str, Any]]) -> bool:
    """Whether Slack and its own library take these blocks; raises what is wrong with them."""
    SLACK.message(found)
    for each in found:
        parsed = Block.parse(each)
        assert parsed is not None
        parsed.validate_json()
    return True


def leaves(value: Any) -> Iterator[dict[str, Any]]:
    """Everything in a rich text that has no elements of its own."""
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif "elements" in value:
        yield from leaves(value["elements"])
    else:
        yield value


def squeezed(text: str) -> str:
    """Without white space, which blocks make their own way."""
    return "".join(whole(text).split())


@given(DOCUMENT)
def test_blocks_are_valid(document: Document) -> None:
    """Whatever the document, each of its messages has blocks that Slack takes."""
    assert all(taken(blocks(each)) for each in chunks(document))


@given(DOCUMENT)
def test_nothing_is_made_of_words(document: Document) -> None:
    """There are runs of text, the authors' links, and dividers; no mention, broadcast, channel or emoji ever."""
    found = list(leaves(blocks(document)))
    assert {each["type"] for each in found} <= {"text", "link", "divider"}
    assert {each["url"] for each in found if each["type"] == "link"} <= {URL}
    assert all(each["text"] for each in found if each["type"] != "divider")


@given(st.lists(STYLED, min_size=1, max_size=4).map(tuple), st.sampled_from([Paragraph, lambda x: Quote((x,))]))
def test_words_and_styles_stay(children: Any, wrap: Any) -> None:
    """Each run of words is there as it was written, in its style."""
    found = [(each["text"], each.get("style", {})) for each in leaves(blocks((wrap(children),)))]
    expected = [
        (whole(each.value), {name: True for name in ("bold", "italic", "strike", "code") if getattr(each, name)})
        for each in children
        if each.value
    ]
    assert found == expected


@given(DOCUMENT)
def test_nothing_is_lost(document: Document) -> None:
    """All words are there, in their order; only the signs that plain text needs are drawn instead."""
    shown = "".join(each.get("text", "") for each in leaves(blocks(document)))
    words = [text for block in document for text in _texts(block)]
    position = 0
    for each in filter(None, map(squeezed, words)):
        position = squeezed(shown).index(each, position) + len(each)


def _texts(block: Any) -> Iterator[str]:
    if isinstance(block, Divider):
        return
    groups = getattr(block, "items", None) or getattr(block, "paragraphs", None) or (block.children,)
    for inline in (each for group in groups for each in group):
        children: Any = inline.children if isinstance(inline, Link) else (inline,)
        yield from (each.value for each in children)


@given(st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc", "Zl", "Zp"]), min_size=1, max_size=50))
def test_pieces_joined_are_the_text(words: str) -> None:
    """A text beyond the limit is cut into messages that fit, and nothing of it is lost."""
    text = words * (2 * LIMIT // len(words))
    pieces = [plain(each) for each in chunks((paragraph(text),))]
    assert "".join(pieces) == text
    assert all(len(each) <= LIMIT for each in pieces)


@given(DOCUMENT)
@example((paragraph("&" * 4000),))
def test_the_notification_is_escaped_and_fits(document: Document) -> None:
    """Nothing in it is markup with brackets, it is never empty, and Slack takes it at every method."""
    found = notification(document)
    assert 1 <= len(found) <= MOST_TEXT
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", found)
    said = whole(plain(document).strip())
    assert html.unescape(found) == said or said.startswith(html.unescape(found.removesuffix("…")))


@given(st.sampled_from(["&", "<", "a", "👍"]), st.integers(1, 40), st.integers(2, 40))
def test_escapes_count(sign: str, size: int, limit: int) -> None:
    """What is shortened ends in a whole escape and a sign that something is missing."""
    found = escaped(sign * size, limit)
    assert len(found) <= limit
    assert html.unescape(found).rstrip("…") == sign * html.unescape(found).count(sign)
    assert found.endswith("…") == (html.unescape(found) != sign * size)


@given(st.lists(STYLED, max_size=4).map(lambda found: (Paragraph(tuple(found)),)))
def test_a_line_says_what_it_says(document: Document) -> None:
    """As markup or as plain text, it reads as the document does, and only authors' bold is bold."""
    found = line(document)
    assert taken([{"type": "section", "text": found}])
    said = whole(plain(document).strip())
    if found["type"] == "plain_text":
        assert found["text"] == (said or "…")
        return
    assert not re.search(r"[<>]", found["text"])
    assert html.unescape(found["text"]).replace("*", "").strip() in {said, "…"}
    bold = [each.value.strip() for block in document for each in getattr(block, "children", ()) if each.bold]
    assert {html.unescape(each) for each in re.findall(r"\*(.*?)\*", found["text"])} <= {whole(each) for each in bold}


def test_a_line_is_bold_where_that_is_safe() -> None:
    """What was chosen stands out; words that would be markup are shown as they are instead."""

    def chosen(words: str) -> Document:
        return (Paragraph((Text("You chose "), Text(words, bold=True))),)

    assert line(chosen("Tom & Co")) == {"type": "mrkdwn", "text": "You chose *Tom &amp; Co*", "verbatim": True}
    for words in filter(str.strip, NASTY):
        assert line(chosen(words))["type"] == "plain_text" or "<" not in line(chosen(words))["text"]
    assert line(chosen("*a*"))["text"] == "You chose *a*"
    assert line(chosen("*a*"))["type"] == "plain_text"


@given(WORDS | st.text(min_size=60, max_size=90), st.sampled_from([24, 75, 150]))
def test_plain_texts_fit(words: str, limit: int) -> None:
    """Labels are never empty, never too long, and have no emoji made of colons; those of one line have one line."""
    for made in (plain_text(words, limit), label(words, limit)):
        assert 1 <= len(made["text"]) <= limit
        assert made["text"].strip()
        assert made["emoji"] is False
    assert "\n" not in label(words, limit)["text"]


def test_paragraphs_lists_and_dividers() -> None:
    """Paragraphs share a section; a list has its own signs, but one that begins in its middle brings its numbers."""
    items = ((Text("a"),), (Text("b"),))
    found = blocks((paragraph("1"), paragraph("2"), List(items), Divider(), List(items, 1), List(items, 3)))
    assert [each["type"] for each in found] == ["rich_text", "divider", "rich_text"]
    section, bullets = found[0]["elements"]
    assert "".join(each["text"] for each in section["elements"]) == "1\n\n2"
    assert (bullets["style"], len(bullets["elements"])) == ("bullet", 2)
    ordered, rest = found[2]["elements"]
    assert ordered["style"] == "ordered"
    assert rest["elements"][0]["text"] == "3. a\n4. b"


def test_a_time_is_shown_in_its_reader_s_time_zone() -> None:
    """Slack writes it; the words are for where it cannot."""
    found = blocks((Paragraph((Text("At "), Moment(1775545200, "9:00"))),))
    assert taken(found)
    assert found[0]["elements"][0]["elements"][1] == {
        "type": "date", "timestamp": 1775545200, "format": "{date_long_pretty} {time}", "fallback": "9:00"
    }  # fmt: skip


def test_many_dividers_are_written() -> None:
    """Where drawing them would take more blocks than a message has, they are dashes."""
    assert taken(blocks((Divider(), paragraph("x")) * MOST_DIVIDERS))
    assert len(blocks((Divider(), paragraph("x")) * 40)) == 1
