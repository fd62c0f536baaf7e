"""Numbers as seven languages write them."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers.numbers import read
from bot.engine.answers.reading import Unreadable

LOCALES = st.sampled_from(["en", "es", "it", "nl", "de", "fr", "pt", "pt-BR", "xx", ""])


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("12", "en", 12),
        (" 007 ", "en", 7),
        ("-5", "en", -5),
        ("−5", "de", -5),
        ("1,234.56", "en", 1234.56),
        ("1,234.56", "de", 1234.56),
        ("1.234,56", "de", 1234.56),
        ("1.234,56", "en", 1234.56),
        ("1.234", "en", 1.234),
        ("1,234", "en", 1234),
        ("1,234", "en-GB", 1234),
        *[("1.234", locale, 1234) for locale in ("es", "it", "nl", "de", "fr", "pt", "pt-BR")],
        *[("1,5", locale, 1.5) for locale in ("en", "es", "it", "nl", "de", "fr", "pt")],
        *[("1.5", locale, 1.5) for locale in ("en", "es", "it", "nl", "de", "fr", "pt")],
        ("0.123", "de", 0.123),
        ("1.234.567", "it", 1234567),
        ("1,234,567", "es", 1234567),
        ("12 500", "fr", 12500),
        ("12\u202f500,25", "fr", 12500.25),
        ("12\u00a0500", "es", 12500),
        ("1'234.50", "de", 1234.5),
        ("1’234", "de", 1234),
        ("€ 12,50", "nl", 12.5),
        ("€12.50", "en", 12.5),
        ("12,50 €", "de", 12.5),
        ("12,50 EUR", "pt", 12.5),
        ("EUR12", "en", 12),
        ("$1,234.50", "en", 1234.5),
        ("50%", "en", 50),
        ("~200", "en", 200),
        ("about 200 orders a day", "en", 200),
        ("unos 1.200 pedidos", "es", 1200),
        ("(12)!", "en", 12),
        ("１２", "en", 12),
        ("12,00", "de", 12),
    ],
)
def test_reads(text: str, locale: str, expected: float) -> None:
    """Marks are read as the language uses them, and otherwise in the only way that makes sense."""
    assert read(text, locale, None, None) == expected
    assert type(read(text, locale, None, None)) is type(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *[
            (text, "not_a_number")
            for text in ("", "two", "nan", "inf", "1e5", "12k", "n2", "9:30", "1/2", "24/7", "5-10")
        ],
        *[
            (text, "not_a_number")
            for text in ("01.01.2022", "2026-03-12", "4.1.0", "192.168.1.1", "1,23,4", "1.23,4.5")
        ],
        *[(text, "several") for text in ("2 of 10", "1 2", "12 50", "3 or 4", "1234567 890")],
        *[(text, "too_long") for text in ("9" * 16, "1," + "3" * 30, "x" * 81)],
    ],
)
def test_refuses(text: str, reason: str) -> None:
    """Dates, times, versions and ranges are no numbers."""
    with pytest.raises(Unreadable) as trouble:
        read(text, "en", None, None)
    assert trouble.value.reason == reason


def test_bounds() -> None:
    """Bounds are inclusive."""
    assert read("5", "en", 5, 5) == 5
    assert read("2,5", "de", 2.5, None) == 2.5
    for text in ("4", "6", "-5"):
        with pytest.raises(Unreadable, match="out_of_range"):
            read(text, "en", 5, 5)


@given(st.text(st.characters(exclude_categories=())) | st.text("0123456789.,' -+€٣½"), LOCALES)
def test_any_text(text: str, locale: str) -> None:
    """Every text is a finite number or unreadable."""
    with suppress(Unreadable):
        assert math.isfinite(read(text, locale, None, None))


@given(st.integers(-(10**15) + 1, 10**15 - 1), LOCALES)
def test_integers_come_back(number: int, locale: str) -> None:
    """An integer in plain digits, or in groups of three, is itself; an int stays an int."""
    mark = "," if locale == "en" else "."
    assert read(str(number), locale, None, None) == number
    assert read(f"{number:,}".replace(",", mark), locale, None, None) == number
    assert read(f"{number:,}".replace(",", " "), locale, None, None) == number
