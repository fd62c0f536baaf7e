"""Card numbers against everything else that has many digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from bot.guard import cards
from bot.guard.spans import CARD, TEST_CARD, Span
from tests.guard.samples import card, grouped


def _found(text: str) -> list[Span]:
    return list(cards.find(text, text.lower()))


@pytest.mark.parametrize("number", sorted(cards.TEST_CARDS))
def test_documented_test_cards_are_labelled(number: str) -> None:
    """A number out of the documentation passes, grouped or not, and it is a valid number, so the label matters."""
    assert luhn.is_valid(number)
    for text in (number, grouped(number, " ")):
        assert _found(text) == [Span(0, len(text), TEST_CARD)]


@pytest.mark.parametrize(
    ("prefix", "length"),
    [
        ("4539", 16),
        ("4539", 19),
        ("51", 16),
        ("55", 16),
        ("2221", 16),
        ("2720", 16),
        ("34", 15),
        ("37", 15),
        ("305", 14),
        ("36", 14),
        ("3528", 16),
        ("3589", 16),
        ("6011", 16),
        ("65", 16),
        ("62", 17),
        ("5018", 16),
        ("6703", 17),
        ("6759", 13),
    ],
)
def test_every_issuer_is_known(prefix: str, length: int) -> None:
    """A valid number of each scheme is a card; with a wrong check digit it is not."""
    assert _found(card(prefix, length)) == [Span(0, length, CARD)]
    assert _found(card(prefix, length, valid=False)) == []


@pytest.mark.parametrize(
    ("prefix", "length"), [("17", 16), ("2220", 16), ("2721", 16), ("4", 13), ("9", 16), ("50", 12)]
)
def test_other_valid_numbers_survive(prefix: str, length: int) -> None:
    """PSP ids begin with 17; numbers outside the issuers' ranges and lengths pass Luhn and are no cards."""
    assert luhn.is_valid(card(prefix, length))
    assert _found(card(prefix, length)) == []


@pytest.mark.parametrize("separator", [" ", "-", ".", "  ", " - ", "\t"])
@pytest.mark.parametrize("sizes", [(4, 4, 4, 4), (8, 8), (6, 10), (1,) * 16, (2,) * 8])
def test_groups(separator: str, sizes: tuple[int, ...]) -> None:
    """A number may be written in groups, also digit by digit."""
    text = grouped(card("4539", 16), separator, *sizes)
    assert _found(text) == [Span(0, len(text), CARD)]


@pytest.mark.parametrize("sizes", [(3, 5, 4, 4), (4, 4, 2, 6), (5, 1, 5, 5), (15, 1)])
def test_groups_of_no_card(sizes: tuple[int, ...]) -> None:
    """Digits in groups as no card is written are telephone numbers, amounts and dates."""
    assert _found(grouped(card("4539", 16), " ", *sizes)) == []


def test_neighbouring_numbers_do_not_hide_a_card() -> None:
    """Dates, codes and other cards around it are told apart from a card."""
    number = grouped(card("4539", 16), " ")
    text = f"2031-04-10 {number} 12 31 123"
    assert _found(text) == [Span(11, 30, CARD)]
    assert len(_found(f"{number} {number} {number}")) == 3


@pytest.mark.parametrize("frame", ["a{}", "{}b", "+{}", "0.{}", "1{}", "{}1"])
def test_a_card_stands_alone(frame: str) -> None:
    """Digits inside a word, a hash, a fraction, a longer number or behind a plus are no card."""
    assert _found(frame.format(card("4539", 16))) == []


@pytest.mark.parametrize(
    "name", ["PSP ID: ", "psp_id=", '"transaction_id":"', "trxid ", "Transaktionsnummer ", "transactionid=", "SIRET "]
)
def test_named_numbers_survive(name: str) -> None:
    """Where the text calls the digits a transaction's or a company's number, they are that, though Luhn agrees."""
    assert _found(name + card("5399", 16)) == []
    assert len(_found(name + grouped(card("5399", 16), " "))) == 1


@given(st.lists(st.sampled_from(["4", "45", "4539", "12", "0", " ", "-", ".", "a", "+"]), max_size=40).map("".join))
def test_found_cards_are_valid(text: str) -> None:
    """Nothing is called a card that does not pass Luhn with 12 to 19 digits, and cards do not overlap."""
    end = 0
    for span in _found(text):
        digits = "".join(filter(str.isdigit, text[span.start : span.end]))
        assert span.start >= end
        assert luhn.is_valid(digits)
        assert 12 <= len(digits) <= 19
        end = span.end
