"""IBANs, whole and grouped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from bot.guard import ibans
from bot.guard.spans import IBAN, Span
from tests.guard.samples import account, grouped


def _found(text: str) -> list[Span]:
    return list(ibans.find(text, text.lower()))


@pytest.mark.parametrize(
    "number",
    [
        account("NL", "INGB0004820915"),
        account("BE", "539007547034"),
        account("NO", "86011117947"),
        account("FR", "20041010050500013M02606"),
        account("LU", "001XAB12CD345678"),
        account("MT", "MALT011000012345MTLCAST001S"),
    ],
)
def test_any_country_in_any_form(number: str) -> None:
    """Short and long IBANs are found together, in groups, with dots or dashes, and in lower case."""
    for text in (number, grouped(number, " ", *(4,) * 9), grouped(number, "-", *(4,) * 9), number.lower()):
        assert iban.is_valid(text, check_country=False)
        assert _found(f"to {text}, please") == [Span(3, 3 + len(text), IBAN)]


def test_words_behind_an_iban_are_not_part_of_it() -> None:
    """The country says how long the number is, so the sentence may go on."""
    number = grouped(account("NL", "INGB0004820915"), " ", *(4,) * 5)
    assert _found(f"{number} on my name") == [Span(0, len(number), IBAN)]


@pytest.mark.parametrize(
    "text",
    [
        "NL00INGB0004820915",
        "XX" + account("NL", "INGB0004820915")[2:],
        "X" + account("NL", "INGB0004820915"),
        account("NL", "INGB0004820915") + "1",
        account("NL", "INGB0004820915")[:-1],
        account("NL", "123456789012345"[:14]),
        "NL001234567B01",
        "NL** **** **** **15",
    ],
)
def test_look_alikes_survive(text: str) -> None:
    """A wrong check digit, country, length or structure makes no IBAN; a VAT number and a masked one are none."""
    assert _found(text) == []


@given(st.lists(st.sampled_from(["NL", "91", "ABNA", "0417", "1643", "00", " ", "x", account("DE", "1" * 18)])))
def test_found_ibans_are_valid(pieces: list[str]) -> None:
    """Whatever is found, the library calls valid."""
    text = "".join(pieces)
    assert all(iban.is_valid(text[span.start : span.end], check_country=False) for span in _found(text))
