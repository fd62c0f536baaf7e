"""Macros: in the language that serves best, with what people typed as mere text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic_core import ValidationError

from bot.desk import settings
from bot.desk.drafts import Draft
from bot.desk.work import Merchant
from bot.flow.understanding import understood
from bot.text.nodes import Paragraph, Text
from bot.text.plain import plain
from tests.desk.talk import FLOW, KIM, NOOR, Talk
from tests.engine.talk import library

if TYPE_CHECKING:
    from bot.chat.people import Person
    from bot.desk.macros import Macro


def macro_of(text: dict[str, object]) -> Macro:
    """A macro as the settings have it."""
    return understood(settings.DeskFile, {"macros": {"a": {"title": "Hi", "text": text}}}).build().macros["a"]


def rendered(macro: Macro, locale: str) -> str:
    """The macro as the merchant reads it."""
    return plain(macro.render(locale, merchant="**Noor**", staff="Kim", case="C1") or ())


def test_a_macro_speaks_the_language_that_serves_best() -> None:
    """The merchant's own, a less special one, or the source language."""
    macro = macro_of({"en": "Hello", "pt": "Olá", "pt-BR": "Oi"})
    assert [rendered(macro, each) for each in ("pt-BR", "pt-PT", "de", "en-GB")] == ["Oi", "Olá", "Hello", "Hello"]


def test_a_macro_without_a_language_for_someone_says_nothing() -> None:
    """Rather no text than one in a language that nobody chose."""
    macro = macro_of({"es": "Hola"})
    assert macro.render("de", merchant="", staff="", case="") is None


def test_names_stay_mere_text() -> None:
    """What fills a place is never markup, and places may repeat and come in any order."""
    source = "Case {{ case.id }}: {{ merchant.name }}, {{staff.name}}, {{ merchant.name }}"
    macro = macro_of({"en": source})
    assert rendered(macro, "en") == "Case C1: **Noor**, Kim, **Noor**"
    document = macro.render("en", merchant="**Noor**", staff="Kim", case="C1")
    assert document is not None
    assert all(isinstance(block, Paragraph) for block in document)
    assert all(isinstance(node, Text) and not node.bold for block in document for node in block.children)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ({}, "at least 1"),
        ({"en": " "}, "says something"),
        ({"en": 5}, "says something"),
        ({"en": "{{ slots.platform }}"}, "cannot show `slots.platform`"),
        ({"en": "{{ merchant.name"}, "text"),
        ({"en": "# Heading"}, "text"),
        ({"english": "Hello"}, "no language"),
        ({"pt_br": "Oi"}, "no language"),
    ],
)
def test_a_macro_that_cannot_be_sent_is_refused(text: dict[str, object], reason: str) -> None:
    """Nothing to say, unknown places, Markdown beyond the subset, languages that are none."""
    with pytest.raises(ValidationError, match=reason):
        macro_of(text)


def test_a_draft_says_what_holds_now() -> None:
    """Both sides' words of one macro, once where they are the same; whoever may not reply reads why."""
    office = understood(
        settings.DeskFile,
        {
            "macros": {
                "a": {"title": "Hi", "text": {"en": "Hello", "es": "Hola"}},
                "b": {"title": "B", "text": {"es": "B"}},
            }
        },
    ).build()
    talk = Talk(office)

    def draft(locale: str, person: Person = NOOR) -> Draft:
        return Draft(library(FLOW), office, talk.case, Merchant("Ana", locale), person)

    def shown(found: Draft, name: str) -> list[tuple[str, str]]:
        return [(locale, plain(document)) for locale, document in found.preview(name)]

    assert shown(draft("es"), "a") == [("es", "Noor: Hola"), ("en", "Hello")]
    assert shown(draft("de"), "a") == [("de", "Noor: Hello")]
    assert shown(draft("es"), "b") == [("es", "Noor: B")]
    assert shown(draft("de"), "b") == shown(draft("de"), "gone") == []
    assert draft("es").refusal == ()
    assert "Noor" in plain(draft("es", KIM).refusal)
    talk.command("solve")
    talk.command("close")
    assert "closed" in plain(draft("es").refusal)
