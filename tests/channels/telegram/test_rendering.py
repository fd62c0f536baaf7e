"""Rich text on Telegram: entities stay in bounds and come from authors alone, and no text is lost by splitting."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.posting import entities
from bot.channels.telegram.rendering import LIMIT, Entity, chunks, rendered
from bot.text.nodes import CodeBlock, Document, Link, List, Moment, Paragraph, Quote, Text, paragraph
from bot.text.split import utf16_units

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(["*a*", "👩‍👩‍👧 <b>", "@all"])
STYLED = st.builds(Text, WORDS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
INLINE = (
    STYLED
    | st.builds(lambda text: Link("https://example.com/", (text,)), STYLED)
    | st.builds(Moment, st.integers(1, 2**40), WORDS)
)
INLINES = st.lists(INLINE, max_size=4).map(tuple)
BLOCK = st.one_of(
    st.builds(Paragraph, INLINES),
    st.builds(lambda items, start: List(tuple(items), start), st.lists(INLINES, min_size=1, max_size=3), st.none()),
    st.builds(lambda each: Quote(tuple(each)), st.lists(INLINES, min_size=1, max_size=3)),
    st.builds(lambda text: CodeBlock((text,)), STYLED),
)
DOCUMENT = st.lists(BLOCK, max_size=4).map(tuple)


@given(DOCUMENT)
def test_entities_are_in_bounds(document: Document) -> None:
    """Every entity covers at least one code unit of its text, counted as Telegram counts."""
    text, entities = rendered(document)
    size = utf16_units(text)
    assert all(each.offset >= 0 and each.length > 0 and each.offset + each.length <= size for each in entities)


@given(WORDS)
def test_words_are_never_markup(words: str) -> None:
    """What somebody wrote stays as it is, without any entity."""
    assert rendered((paragraph(words),)) == (words, ())


@given(st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc", "Zl", "Zp"]), min_size=1, max_size=50))
def test_pieces_joined_are_the_text(words: str) -> None:
    """A text beyond the limit is cut into messages that fit, and nothing of it is lost."""
    whole = words * (2 * LIMIT // len(words))
    pieces = [rendered(each).text for each in chunks((paragraph(whole),))]
    assert "".join(pieces) == whole
    assert all(utf16_units(each) <= LIMIT for each in pieces)


def test_a_time_is_shown_in_its_reader_s_time_zone() -> None:
    """Telegram writes it; the words are for programs that are too old for that."""
    text, found = rendered((Paragraph((Text("At "), Moment(1775545200, "9:00"))),))
    assert text == "At 9:00"
    (entity,) = entities(found)
    assert (entity.type, entity.offset, entity.length) == ("date_time", 3, 4)
    assert entity.to_dict()["unix_time"] == 1775545200


def test_units_are_utf16() -> None:
    """A character beyond the basic plane counts twice; a mail address is no link behind a label."""
    link = Link("mailto:a@example.com", (Text("us"),))
    text, entities = rendered((Paragraph((Text("🛒 "), Text("now", bold=True), Text(" "), link)),))
    assert text == "🛒 now us (mailto:a@example.com)"
    assert entities == (Entity("bold", 3, 3),)
