"""Values, words, placeholders and masks."""

from __future__ import annotations

import pytest

from bot.guard.values import could_be_value, is_placeholder, must_be_value

EVIDENT = ["Xy12", "1234", "hunter2", "P@ss", "geHeim", "a#bcd", "Winter-2031!", "$ecret9", "ab12-delta", "<Xy12ab>"]
WORDS = ["geheim", "Required", "not-working", "l'ancien", "and/or", "INCORRECT", "wrong!", "abc", "12", "ok"]
MEASURES = ["12-characters", "100%", "2.4.7-p3", "v6.7.2", "2031-04-10", "10/04/2031", "SHA256-hashed", "UTF-8", "8-20"]
PLACEHOLDERS = [
    "<password>",
    "[hidden]",
    "{{ password }}",
    "${DB_PASSWORD}",
    "$password",
    "$_POST['password']",
    "getenv('DB_PASSWORD')",
    "process.env.PASSWORD",
    "********",
    "••••",
    "xxxxxx",
    "****1234",
    ":password",
    "YOUR_PASSWORD",
    "https://shop.example/reset1",
]


@pytest.mark.parametrize("token", EVIDENT)
def test_evident_values(token: str) -> None:
    """A digit, a symbol or a capital inside makes a token a value even in a sentence."""
    assert must_be_value(token)
    assert could_be_value(token, in_prose=True)


@pytest.mark.parametrize("token", WORDS + MEASURES + PLACEHOLDERS)
def test_what_a_sentence_may_hold(token: str) -> None:
    """Words, measures and placeholders are no values where a sentence goes on."""
    assert not must_be_value(token)
    assert not could_be_value(token, in_prose=True)


@pytest.mark.parametrize("token", ["geheim", "Welkom", "abacaxi"])
def test_a_plain_word_is_a_value_where_it_stands_alone(token: str) -> None:
    """Weak passwords are words; behind a colon, with nothing after them, they are taken for passwords."""
    assert could_be_value(token, in_prose=False)


@pytest.mark.parametrize("token", ["incorrecta", "Verplicht", "falsch.", "oublié", "obrigatória", "None,"])
def test_words_of_reports_are_never_values(token: str) -> None:
    """In each language the words that follow "password:" in reports and forms are known."""
    assert not could_be_value(token, in_prose=False)


@pytest.mark.parametrize("token", PLACEHOLDERS)
def test_placeholders(token: str) -> None:
    """What stands for a value in code, documentation and logs is recognised."""
    assert is_placeholder(token)
