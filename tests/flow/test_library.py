"""The library: which version of a flow, which language of a text, which flow a word or command starts."""

from __future__ import annotations

import pytest

from bot.chat.people import Channel
from bot.flow.library import MOST_PASSING, Library
from bot.flow.menu import Option
from bot.flow.model import Collect
from bot.flow.texts import Text
from bot.text.nodes import paragraph
from bot.text.plain import plain
from tests.flow.made import catalogs, flow, library

WORDS = """
flow: pattern_words
version: 1
title: Words
texts: {you_chose: "You chose **{{ pattern.answer }}**", unsure: I do not know, unsure_synonyms: no idea}
steps: [{id: none, end: done}]
"""
SHOP = """
flow: shop
version: 1
title: Shop
triggers:
  - {command: shop, words: "my shop, a shop, 🛍️"}
slots: {x: {type: choice}}
steps:
  - {id: hello, say: "Hello {{ user.first_name }}"}
  - {id: ask, collect: x, prompt: X?, unsure: true, choices: [{id: one, label: One}, {id: two, label: Two}]}
"""
OTHER = """
flow: other
version: 1
title: Other
triggers: [{command: other}, {words: "tienda, elsewhere"}]
steps: [{id: over, end: done}]
"""
HELLO = ("shop.hello.say", "Hello {{ user.first_name }}")
TRIGGER = ("shop.triggers.1.words", "my shop, a shop, 🛍️")
TITLE = ("shop.title", "Shop")


def title(where: Library) -> Text:
    """The title of the shop."""
    return where.programs["shop"].flow.title


def test_the_version_in_force_and_those_that_are_kept() -> None:
    """A session finds the structure it was pinned to as long as anybody has it."""
    old, older = flow(SHOP.replace("id: two", "id: three")), flow(SHOP.replace("id: two", "id: four"))
    where = library(SHOP, kept=[old, older])
    now, kept = where.programs["shop"], Library([old], catalogs({})).programs["shop"]
    assert where.pinned("shop", now.hash) is now
    found = where.pinned("shop", kept.hash)
    assert found is not None
    assert (found.hash, found.flow) == (kept.hash, old)
    assert where.pinned("shop", "0" * 16) is None
    assert where.pinned("other", now.hash) is None


def test_another_wording_is_the_version_in_force() -> None:
    """A session whose texts were rewritten meanwhile reads the new ones at once."""
    before = library(SHOP).programs["shop"].hash
    where = library(SHOP.replace("label: One", "label: The first"), kept=[flow(SHOP)])
    assert where.pinned("shop", before) is where.programs["shop"]


@pytest.mark.parametrize(
    ("locale", "known", "expected"),
    [
        ("pt-BR", {"pt-BR": "Loja BR", "pt": "Loja"}, "Loja BR"),
        ("pt-BR", {"pt": "Loja"}, "Loja"),
        ("pt", {"pt-BR": "Loja BR"}, "Shop"),
        ("pt-BR", {"es": "Tienda"}, "Shop"),
        ("en", {"pt": "Loja"}, "Shop"),
        ("en", {"en": "Store"}, "Store"),
        ("pt-BR", {"pt-BR": "# Loja", "pt": "Loja"}, "Loja"),
        ("pt-BR", {"pt-BR": "Loja {{ nobody }}", "pt": "{% Loja"}, "Shop"),
        ("es", {"es": "[Tienda](x)"}, "Shop"),
    ],
)
def test_the_nearest_language_that_has_a_text(locale: str, known: dict[str, str], expected: str) -> None:
    """First the region's, then the language's, then the source; what cannot be parsed is passed over."""
    where = library(SHOP, translations={language: {TITLE: found} for language, found in known.items()})
    assert where.plain(title(where), locale) == expected


def test_texts_are_parsed_once() -> None:
    """A wording is remembered, also the one that stands in for a broken translation."""
    where = library(SHOP, translations={"es": {TITLE: "# Tienda"}, "it": {TITLE: "Negozio"}})
    text = title(where)
    assert where.wording(text, "es") is text.wording
    assert where.wording(text, "en") is text.wording
    assert where.wording(text, "it") is where.wording(text, "it")


def test_the_place_of_a_text_counts() -> None:
    """The same words elsewhere have a translation of their own, and older words have none."""
    where = library(SHOP, translations={"es": {("other.title", "Shop"): "A", ("shop.title", "Store"): "B"}})
    assert where.plain(title(where), "es") == "Shop"


def test_languages() -> None:
    """The source comes first, whether or not it has a catalog."""
    assert library(SHOP, translations={"it": {}, "es": {}}).languages == ("en", "es", "it")


def test_commands() -> None:
    """Each starts its flow; words are no commands."""
    assert library(SHOP, OTHER).commands == {"shop": "shop", "other": "other"}


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("my shop", "en", "shop"),
        ("  My SHOP! ", "en", "shop"),
        ("my shop please", "en", None),
        ("shop", "en", None),
        ("la tienda", "es", "shop"),
        ("la tienda", "es-MX", "shop"),
        ("la tienda", "en", None),
        ("my shop", "es", "shop"),
        ("my shop", "it", "shop"),
        ("tienda", "en", "other"),
        ("tienda", "es", "shop"),
        ("elsewhere", "es", "other"),
        ("en otra parte", "es", "other"),
        ("", "en", None),
        ("?!", "en", None),
        ("🛍️", "en", None),
        ("👍", "en", None),
    ],
)
def test_words_that_start_a_flow(text: str, locale: str, expected: str | None) -> None:
    """Only as the whole message, in the conversation's language or the source's; the nearest language decides.

    What has no letters at all starts nothing, since every emoji would be the same.
    """
    other = ("other.triggers.2.words", "tienda, elsewhere")
    where = library(SHOP, OTHER, translations={"es": {TRIGGER: "la tienda, tienda", other: "en otra parte"}})
    assert [where.triggered(text, locale) for _ in range(2)] == [expected] * 2


def test_wordings_of_the_engine() -> None:
    """They stand in the pattern of words, and are translated like any text."""
    unsure = ("pattern_words.texts.unsure", "I do not know")
    where = library(WORDS, SHOP, translations={"es": {unsure: "No lo sé"}})
    assert where.named("unsure").source == "I do not know"
    assert where.word("unsure", "es-AR") == "No lo sé"
    with pytest.raises(KeyError):
        where.named("nobody")


def test_what_was_chosen() -> None:
    """What takes the place of the buttons is a text of the author around a label, in the same language."""
    label, said = ("shop.ask.one.label", "One"), ("pattern_words.texts.you_chose", "You chose **{{ pattern.answer }}**")
    where = library(WORDS, SHOP, translations={"es": {label: "*Uno*", said: "Ha elegido {{ pattern.answer }}"}})
    ask = where.programs["shop"].steps["ask"]
    assert isinstance(ask, Collect)
    assert plain(where.chosen(ask.choices[0].label, "es")) == "Ha elegido Uno"
    assert plain(where.chosen(ask.choices[0].label, "en")) == "You chose One"
    assert where.chosen(ask.choices[0].label, "en") is where.chosen(ask.choices[0].label, "en")


def test_the_fingerprint_of_a_rule() -> None:
    """It is that of the words as they were shown, whatever was shown before."""
    where = library(SHOP)
    text = title(where)
    first, second = (paragraph("One"),), (paragraph("Two"),)
    digests = [where.digest(text, "en", shown) for shown in (first, first, second, (paragraph("One"),))]
    assert digests[0] == digests[1] == digests[3] != digests[2]
    assert len(digests[0]) == 16


def test_a_menu_is_made_once() -> None:
    """For each question, language and length of labels."""
    where = library(WORDS, SHOP)
    made = where.programs["shop"]
    ask = made.linked["ask"]
    assert where.menu(ask, "en") is where.menu(ask, "en")
    assert where.menu(ask, "en") is not where.menu(ask, "es")
    assert where.menu(ask, "en") is not where.menu(ask, "en", Channel("x", label_limit=5).label_limit)


def test_menus_of_single_conversations_are_not_kept_for_ever() -> None:
    """Options that only one conversation has are remembered for a while; the usual menus stay."""
    where = library(WORDS, SHOP)
    made = where.programs["shop"]
    ask = made.linked["ask"]
    usual = where.menu(ask, "en")

    def passing(number: int) -> tuple[str, ...]:
        option = Option(f"extra_{number}", Text("Extra"))
        found = where.menu(ask, "en", passing=(option.id,), more=lambda: (option,))
        return tuple(found.by_id)

    for number in range(3 * MOST_PASSING):
        assert passing(number) == ("one", "two", "unsure", f"extra_{number}")
    assert len(where._passing) <= MOST_PASSING
    assert where.menu(ask, "en") is usual
