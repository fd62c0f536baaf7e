"""Plain words: the core schema of YAML 1.2."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.scalars import RangeError, plain


@pytest.mark.parametrize("word", ["true", "True", "TRUE"])
def test_true_is_true(word: str) -> None:
    """The three spellings of YAML 1.2, no other."""
    assert plain(word) is True


@pytest.mark.parametrize("word", ["false", "False", "FALSE"])
def test_false_is_false(word: str) -> None:
    """The three spellings of YAML 1.2."""
    assert plain(word) is False


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_none(word: str) -> None:
    """An empty value and its spellings."""
    assert plain(word) is None


@pytest.mark.parametrize(
    "word",
    [
        *("no", "No", "NO", "yes", "on", "off", "y", "n", "tRUE", "nULL", "none"),
        *("12:30:45", "1_000", "2026-01-05", "2026-01-05T09:00:00Z", "0b1", "0o8", "0xg", "-0x1F"),
        *("1.2.3", "1e", "e5", ".", "-", "+", "-.", "--1", "1 2", "٣", ".Infinity", "nan", "inf", "-.nan", "7d"),
    ],
)
def test_everything_else_is_a_word(word: str) -> None:
    """No YAML 1.1 surprise: words, times, dates, versions and durations stay what was typed."""
    assert plain(word) == word


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *(("0", 0), ("-7", -7), ("+7", 7), ("010", 10), ("0o17", 15), ("0x1F", 31), ("9223372036854775807", 2**63 - 1)),
        *(("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("+1.5E-2", 0.015)),
        *((".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf)),
    ],
)
def test_numbers_are_numbers(word: str, number: float) -> None:
    """Integers and floats of the core schema, with their type."""
    assert plain(word) == number
    assert type(plain(word)) is type(number)


def test_not_a_number_is_a_float() -> None:
    """`.nan` is the only word that is not equal to itself."""
    assert math.isnan(float(str(plain(".NaN"))))


@pytest.mark.parametrize("word", ["9223372036854775808", "-9223372036854775809", "9" * 5000, "0x" + "f" * 17, "1e999"])
def test_a_number_that_cannot_be_held_is_refused(word: str) -> None:
    """Its digits would not survive JSON or a float; an order number is text and belongs in quotes."""
    with pytest.raises(RangeError):
        plain(word)


@given(st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_comes_back(number: float) -> None:
    """What Python prints is read as what it was."""
    assert plain(repr(number)) == number


@given(st.text())
def test_any_text_is_a_value_or_a_range_error(word: str) -> None:
    """Nothing else is raised, and a text is returned unchanged."""
    try:
        value = plain(word)
    except RangeError:
        return
    assert not isinstance(value, str) or value == word
