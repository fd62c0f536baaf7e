"""The tables of date words are as the grammar needs them."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.engine.answers.date_words import VOCABULARIES, Meaning
from bot.text.locales import LANGUAGES
from bot.text.normal import normalise


def test_every_shipped_language_has_words() -> None:
    """No shipped language is read with English words only."""
    assert set(VOCABULARIES) == set(LANGUAGES)


@pytest.mark.parametrize("tag", VOCABULARIES)
def test_words_are_normal_forms(tag: str) -> None:
    """A word that is not its own normal form would never be found; neither would a longer phrase than is looked for."""
    words = [*VOCABULARIES[tag].words, *VOCABULARIES[tag].numbers]
    assert [word for word in words if normalise(word) != word or len(word.split()) > 4] == []


@pytest.mark.parametrize("tag", VOCABULARIES)
def test_every_month_weekday_unit_and_number(tag: str) -> None:
    """Each language names all of them."""
    counted = Counter(set(VOCABULARIES[tag].words.values()))
    expected = [("M", range(1, 13)), ("W", range(7)), ("U", range(6)), ("T", range(-2, 3)), ("B", range(3))]
    assert [
        Meaning(kind, value) for kind, values in expected for value in values if not counted[Meaning(kind, value)]
    ] == []
    assert set(VOCABULARIES[tag].numbers.values()) == {*range(1, 13), 14, 15, 20, 30}


def test_english_stays_out_of_the_way() -> None:
    """English is understood beside each language, but a word's own meaning wins and "mon" is no Monday in French."""
    assert VOCABULARIES["fr"].words["yesterday"] == Meaning("T", -1)
    assert VOCABULARIES["fr"].words["des"].kind == "S"
    assert "mon" not in VOCABULARIES["fr"].words
    assert VOCABULARIES["fr"].words["monday"] == Meaning("W", 0)
