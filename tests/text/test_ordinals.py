"""When a message points at a place in a list, and when a number in it means something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.ordinals import place


@pytest.mark.parametrize(
    "text",
    [
        *("2", " 2 ", "2.", "2)", "(2)", "[2]", "#2", "# 2", "2!", "2️⃣", "2⃣", "２", "②"),
        *(
            "nº 2",
            "n° 2",
            "N.2",
            "№ 2",
            "No. 2",
            "2nd",
            "2º",
            "2ª",
            "2°",
            "2e",
            "2de",
            "2ème",
            "option 2",
            "Opción 2",
            "Nummer 2",
            "number 2",
            "02",
        ),
        *("second", "Second.", "the second", "the second one", "second option", "segundo", "segunda", "la segunda"),
        *("la segunda opción", "el segundo", "secondo", "la seconda", "il secondo", "tweede"),
        *("de tweede", "het tweede"),
        *("zweite", "Zweiter", "die zweite", "das zweite", "den zweiten", "deuxième", "la deuxième", "le second"),
        *("a segunda", "o segundo", "a segunda opção", "die zweite Option"),
    ],
)
def test_second(text: str) -> None:
    """Numbers and ordinals that are the whole message, in seven languages."""
    assert place(text) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first", 1),
        ("1er", 1),
        ("1ère", 1),
        ("la primera", 1),
        ("premier", 1),
        ("tercera", 3),
        ("fünfte", 5),
        ("fuenfte", 5),
        ("tenth", 10),
        ("last", -1),
        ("the last one", -1),
        ("l'ultimo", -1),
        ("l’ultima", -1),
        ("última", -1),
        ("die letzte", -1),
        ("de laatste", -1),
        ("la dernière", -1),
        ("0", 0),
        ("42", 42),
    ],
)
def test_other_places(text: str, expected: int) -> None:
    """First to tenth, any number, and the last."""
    assert place(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "no start since 01.01.2022", "een", "one", "two", "dos", "2 of them", "I have 2", "1.6", "2.4.7"),
        *("-2", "2+", "2%", "€2", "$ 2", "2 €", "1-2", "1, 2", "2x", "second hand shop", "last week", "x" * 1000),
    ],
)
def test_no_place(text: str) -> None:
    """A number inside a sentence, a price, a version and a number word point nowhere."""
    assert place(text) is None


@given(st.text(st.characters(exclude_categories=())))
def test_reads_anything(text: str) -> None:
    """No text makes it fail."""
    assert place(text) is None or isinstance(place(text), int)
