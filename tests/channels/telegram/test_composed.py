"""A message's text and entities as a text and its styles, and back."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.composed import composed
from bot.channels.telegram.rendering import rendered
from bot.channels.telegram.updates import Message
from bot.text.nodes import CodeBlock, Document, Link, Paragraph, Quote, Text
from bot.text.styles import document


def written(text: str, *entities: tuple[str, int, int] | tuple[str, int, int, str]) -> Document:
    """What a message says; entities as (type, offset, length, url)."""
    named: list[dict[str, Any]] = [
        dict(zip(("type", "offset", "length", "url"), each, strict=False)) for each in entities
    ]
    message = {"message_id": 1, "chat": {"id": 1}, "text": text, "entities": named}
    return document(*composed(msgspec.convert(message, Message)))


def test_each_entity_has_its_node() -> None:
    """Offsets count UTF-16 code units: what is behind an emoji is where it is."""
    text = "😀 bold and https://a.eu/x\nso it is\na = 1"
    assert written(text, ("bold", 3, 4), ("url", 12, 14), ("blockquote", 27, 8), ("pre", 36, 5), ("spoiler", 0, 2)) == (
        Paragraph(
            (Text("😀 "), Text("bold", bold=True), Text(" and "), Link("https://a.eu/x", (Text("https://a.eu/x"),)))
        ),
        Quote(((Text("so it is"),),)),
        CodeBlock((Text("a = 1"),)),
    )


def test_a_link_behind_words_shows_where_it_leads() -> None:
    """Its address stands beside them, and styles around it still are."""
    assert written("Go here now", ("bold", 0, 11), ("text_link", 3, 4, "https://evil.eu")) == (
        Paragraph((Text("Go here (https://evil.eu) now", bold=True),)),
    )


entities = st.tuples(
    st.sampled_from(["bold", "italic", "code", "pre", "url", "text_link", "mention", "text_mention", "blockquote"]),
    st.integers(-2, 12),
    st.integers(-2, 12),
    st.sampled_from(["", "tg://user?id=1", "https://a.eu"]),
)


@given(st.text(max_size=8).filter(lambda text: "\r" not in text), st.lists(entities, max_size=5))
def test_what_people_compose_can_be_sent_again(text: str, found: list[tuple[str, int, int, str]]) -> None:
    """Its entities lie in the text, and mention nobody; a link reads as it leads."""
    shown = rendered(written(text, *found))
    units = shown.text.encode("utf-16-le")
    for each in shown.entities:
        assert 0 <= each.offset < each.offset + each.length <= len(units) // 2
        assert each.type in {"bold", "italic", "code", "pre", "blockquote", "text_link"}
        covered = units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le", "replace")
        assert each.type != "text_link" or each.url == covered
