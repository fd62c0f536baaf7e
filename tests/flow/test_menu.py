"""Menus: what can be chosen at a question, what it is called in every language, and how its buttons are known."""

from __future__ import annotations

import pytest

from bot.flow.linked import short_name
from bot.flow.menu import Menu, Option, split_words, standing
from bot.flow.model import Collect
from bot.flow.texts import Text
from tests.flow.made import Translations, library

NAMES = ("yes", "no", "unsure", "skip", "accept")
WORDS = "flow: pattern_words\nversion: 1\ntitle: W\nsteps: [{id: none, end: done}]\ntexts:\n" + "".join(
    f'  "{name}": The {name}\n  {name}_synonyms: {name} word, my {name}\n' for name in NAMES
)
SHOP = """
flow: shop
version: 1
title: Shop
slots: {x: {type: choice}, y: {type: yes_no}, z: {type: text}}
steps:
  - id: x
    collect: x
    prompt: X?
    choices:
      - {id: woo, label: "**Woo**Commerce", synonyms: [wordpress], next: over}
      - {id: own, label: My own shop}
    unsure: true
    optional: true
  - {id: y, collect: y, prompt: Y?}
  - {id: named, collect: y, prompt: Y?, choices: [{id: "yes", label: Indeed}, {id: "no", label: Not at all}]}
  - {id: z, collect: z, prompt: Z?, optional: true}
  - {id: rule, rule: r, text: R, accept: Understood, decline: {label: I cannot, next: over}}
  - {id: short, rule: s, text: S, accept: Fine}
  - {id: over, end: done}
"""
SPANISH: Translations = {
    "es": {
        ("shop.x.own.label", "My own shop"): "Mi propia tienda",
        ("shop.x.woo.synonyms", "wordpress"): "la de wordpress, tienda wp",
        ("pattern_words.texts.unsure", "The unsure"): "No lo sé",
    },
    "nl": {("shop.x.own.label", "My own shop"): "Mijn eigen winkel"},
}


def menu(step: str, locale: str = "en", limit: int = 0, more: tuple[Option, ...] = ()) -> Menu:
    """The menu of a step of the shop."""
    where = library(WORDS, SHOP, translations=SPANISH)
    made = where.programs["shop"]
    return where.menu(made.linked[step], locale, limit, tuple(each.id for each in more), lambda: more)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("x", [("woo", "over"), ("own", None), ("unsure", None), ("skip", None)]),
        ("y", [("yes", None), ("no", None)]),
        ("named", [("yes", None), ("no", None)]),
        ("z", [("skip", None)]),
        ("rule", [("accept", None), ("decline", "over")]),
        ("short", [("accept", None)]),
    ],
)
def test_what_a_question_offers(step: str, expected: list[tuple[str, str | None]]) -> None:
    """Its choices in their order, then what its flags add; a rule offers to accept it, and perhaps not to."""
    assert [(option.id, option.next) for option in menu(step).options] == expected


def test_a_question_without_a_slot_offers_its_choices() -> None:
    """A flow that names no such slot is a problem of its own; its menu can be made all the same."""
    where = library(WORDS, SHOP)
    asked = where.programs["shop"].steps["y"]
    assert isinstance(asked, Collect)
    assert standing(where, asked, "") == ()


@pytest.mark.parametrize(
    ("step", "locale", "expected"),
    [
        ("x", "en", ("WooCommerce", "My own shop", "The unsure", "The skip")),
        ("x", "es", ("WooCommerce", "Mi propia tienda", "No lo sé", "The skip")),
        ("x", "es-MX", ("WooCommerce", "Mi propia tienda", "No lo sé", "The skip")),
        ("y", "en", ("The yes", "The no")),
        ("named", "en", ("Indeed", "Not at all")),
        ("rule", "en", ("Understood", "I cannot")),
    ],
)
def test_labels(step: str, locale: str, expected: tuple[str, ...]) -> None:
    """Plain characters, in the conversation's language where it has them."""
    found = menu(step, locale)
    assert found.labels == expected
    assert tuple(found.label(option.id) for option in found.options) == expected


@pytest.mark.parametrize("locale", ["en", "es", "nl", "it"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("own", "own"),
        ("my own shop", "own"),
        ("Mi propia tienda", "own"),
        ("mijn eigen winkel", "own"),
        ("woocommerce", "woo"),
        ("wordpress", "woo"),
        ("la de wordpress", "woo"),
        ("tienda WP", "woo"),
        ("no lo se", "unsure"),
        ("my unsure", "unsure"),
        ("skip word", "skip"),
        ("2", "own"),
    ],
)
def test_any_language_is_understood(typed: str, expected: str, locale: str) -> None:
    """Id, label or synonym in whatever language the merchant falls into, whichever language is spoken."""
    match = menu("x", locale).matcher.match(typed)
    assert (match.ids, match.sure) == ((expected,), True)


def test_a_label_as_a_channel_cuts_it() -> None:
    """What a merchant reads on a button is understood, but only where it is cut so."""
    assert menu("x", limit=6).matcher.match("My ow").ids == ("own",)
    assert menu("x", "es", limit=10).matcher.match("Mi propia…").sure


def test_buttons() -> None:
    """A button's token ends with the short names of its step and option; by them the option is found again."""
    found = menu("x")
    assert list(found.marks) == [f".{short_name('x')}.{short_name(option.id)}" for option in found.options]
    for mark, option in zip(found.marks, found.options, strict=True):
        assert found.by_mark[mark.rpartition(".")[2]] is option
        assert found.by_id[option.id] is option


def test_the_same_in_every_language() -> None:
    """Buttons stay what they are when the language is switched."""
    assert menu("x", "es").marks == menu("x", "en").marks


def test_options_of_the_moment() -> None:
    """They come last; a prefix is shown before the label, and with or without it the option is understood."""
    change = Option("change.x", Text("Shop"), prefix="Change")
    found = menu("z", more=(change,))
    assert found.labels == ("The skip", "Change: Shop")
    assert [found.matcher.match(typed).ids for typed in ("Shop", "change: shop", "2")] == [("change.x",)] * 3


@pytest.mark.parametrize(
    ("words", "expected"),
    [("a, b", ["a", "b"]), (" a ,, b c ,", ["a", "b c"]), ("", []), (" , ", []), ("a", ["a"])],
)
def test_words_of_a_list(words: str, expected: list[str]) -> None:
    """A comma too many makes no empty word, which would match nothing or anything."""
    assert split_words(words) == expected
