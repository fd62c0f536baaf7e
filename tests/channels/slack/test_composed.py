"""The rich text of Slack's editor as a text and its styles."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.composed import composed
from bot.channels.slack.rendering import blocks
from bot.text.nodes import CodeBlock, Document, Link, List, Paragraph, Quote, Text
from bot.text.styles import document


def text(words: str, **style: bool) -> dict[str, Any]:
    """A run of text."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def part(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A part of a rich text block."""
    return {"type": f"rich_text_{kind}", "elements": list(elements), **more}


def written(*elements: dict[str, Any], bot: str = "") -> Document:
    """What a message of these parts says."""
    return document(*composed({"text": "as markup", "blocks": [{"type": "rich_text", "elements": elements}]}, bot))


def test_each_part_has_its_node() -> None:
    """Sections with their styles, lists with lists in them, quotations and code; links as they are typed."""
    item = part("section", text("one"))
    assert written(
        part("section", text("See "), text("this", bold=True, italic=True), {"type": "link", "url": "https://a.eu/x"}),
        part("list", item, part("section", text("two", strike=True)), style="ordered"),
        part("list", part("section", text("deep")), style="bullet", indent=1),
        part("list", item, style="ordered", offset=2),
        part("quote", text("so\nit is")),
        part("preformatted", text("a = 1\n\nb = 2")),
    ) == (
        Paragraph(
            (Text("See "), Text("this", bold=True, italic=True), Link("https://a.eu/x", (Text("https://a.eu/x"),)))
        ),
        List(((Text("one"),), (Text("two", strike=True), Text("\n  - deep")), (Text("one"),)), 1),
        Quote(((Text("so\nit is"),),)),
        CodeBlock((Text("a = 1\n\nb = 2"),)),
    )


def test_whoever_is_mentioned_is_a_name_in_a_text() -> None:
    """The app itself is left out; emoji are characters, where they have any; what is unknown is its text."""
    element = part(
        "section",
        {"type": "user", "user_id": "UBOT"},
        text(" "),
        {"type": "user", "user_id": "U1"},
        {"type": "broadcast", "range": "channel"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fb"},
        {"type": "emoji", "name": "party"},
        {"type": "something", "text": "new"},
        {"type": "nothing"},
    )
    assert written(element, bot="UBOT") == (Paragraph((Text("@U1@channel#C1👋🏻:party:new"),)),)


def test_a_link_behind_words_shows_where_it_leads() -> None:
    """Its address stands beside them; a label that is only like the end of an address is no address."""
    evil = {"type": "link", "url": "https://evil.eu/bank.eu", "text": "bank.eu"}
    (paragraph,) = written(part("section", evil))
    assert isinstance(paragraph, Paragraph)
    first, link, last = paragraph.children
    assert (first, link, last) == (
        Text("bank.eu ("),
        Link("https://evil.eu/bank.eu", (Text("https://evil.eu/bank.eu"),)),
        Text(")"),
    )


def test_messages_of_apps_have_their_text() -> None:
    """Blocks that are no rich text, or none at all, say nothing here."""
    assert composed({"text": "a &lt; b", "blocks": [{"type": "section"}]}) == ("a < b", ())
    assert composed({"text": "hello"}) == ("hello", ())


json = st.recursive(
    st.text(max_size=5) | st.booleans() | st.integers(0, 3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ["rich_text_section", "rich_text_quote", "rich_text_list", "text", "link", "user", "broadcast"]
                ),
                "elements": st.lists(inner, max_size=3),
                "text": st.sampled_from(["<!channel>", "words", "https://a.eu"]),
                "url": st.sampled_from(["https://a.eu", "tg://user?id=1", "javascript:1"]),
            }
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.just("elements"), st.lists(json, max_size=3)), max_size=2))
def test_nothing_that_people_compose_mentions_anybody(found: list[Any]) -> None:
    """Shown again it is text and links that read as they lead, or it cannot be read, and is parked."""
    parts = [{"type": "rich_text_section", **each} for each in found]
    try:
        shown = blocks(written(*parts))
    except (LookupError, TypeError, ValueError, AttributeError):
        return  # as the inbound has it
    waiting: list[Any] = list(shown)
    while waiting:
        each = waiting.pop()
        waiting += each.get("elements", ())
        assert each["type"] in {"rich_text", "rich_text_section", "rich_text_quote", "rich_text_list", "text", "link"}
        assert each["type"] != "link" or each["url"] == each["text"] == "https://a.eu"
