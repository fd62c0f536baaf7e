"""The pseudo-language."""

from __future__ import annotations

import pytest

from bot.text.locales import fallbacks, normalise
from bot.text.pseudo import PSEUDO, pseudo, pseudo_words


@pytest.mark.parametrize(
    ("source", "translated"),
    [
        ("Hello", "⟦Ĥéļļö⟧"),
        ("Hi {{ user.first_name }}!", "⟦Ĥî {{ user.first_name }}!⟧"),
        ("**Bold** and `/back`", "⟦**Ɓöļð** åñð `/back`⟧"),
        ("- one\n- two", "- ⟦öñé⟧\n- ⟦ţŵö⟧"),
        ("1. one\n\n> two", "1. ⟦öñé⟧\n\n> ⟦ţŵö⟧"),
        ("[guide](https://docs.example/a)", "⟦[ĝûîðé](https://docs.example/a)⟧"),
        ("see https://docs.example/a or me@docs.example", "⟦šéé https://docs.example/a öŕ me@docs.example⟧"),
        ("Write /start now", "⟦Ŵŕîţé /start ñöŵ⟧"),
        ("{{ summary }}", "{{ summary }}"),
        ("```\ncode\n```", "```\ncode\n```"),
        ("42 – …", "42 – …"),
    ],
)
def test_words_change_and_nothing_else(source: str, translated: str) -> None:
    """Places, code, addresses, commands and Markdown stay; every line with words stands in brackets."""
    assert pseudo(source) == translated


def test_lists_of_words_have_no_brackets() -> None:
    """They would be part of the first word and of the last."""
    assert pseudo_words("yes, of course") == "ýéš, öƒ çöûŕšé"


def test_its_tag_is_a_language() -> None:
    """One whose texts come from English where it has none."""
    assert normalise(PSEUDO) == PSEUDO
    assert fallbacks(PSEUDO)[-1] == "en"
