"""API keys by the words around them."""

from __future__ import annotations

import pytest

from bot.guard import keys
from bot.guard.spans import API_KEY, Span
from tests.guard.samples import SAMPLES

HEX, MIXED, SHORT = SAMPLES["hex40"], SAMPLES["mixed40"], SAMPLES["key24"]


def _values(text: str) -> set[str]:
    assert {span.kind for span in keys.find(text, text.lower())} <= {API_KEY}
    return {text[span.start : span.end] for span in keys.find(text, text.lower())}


@pytest.mark.parametrize(
    "words",
    ["API key", "apikey:", "api_key", "clave", "sleutel", "Schlüssel", "clé", "chiave", "chave", "our key is", "token"],
)
def test_hex_counts_near_a_word_for_key(words: str) -> None:
    """In every language a token of 40 hex characters behind, or shortly before, a word for key is one."""
    assert _values(f"{words} {HEX}") == {HEX}
    assert _values(f"{HEX} {words}") == {HEX}


@pytest.mark.parametrize("words", ["", "commit", "the keyword", "cache key", "cache_key", "monkeys"])
def test_hex_elsewhere_is_a_hash(words: str) -> None:
    """Commit hashes have the same form and survive, as do those beside other keys and words."""
    assert _values(f"{words} {HEX}") == set()


def test_reach() -> None:
    """A word for key counts for 60 characters ahead and 25 behind, and a key that was found counts on."""
    assert _values(f"the API key{' ' * 60}{HEX}") == {HEX}
    assert _values(f"the API key{' ' * 61}{HEX}") == set()
    assert _values(f"{HEX}{' ' * 25}key") == {HEX}
    assert _values(f"{HEX}{' ' * 26}key") == set()
    other = SAMPLES["hex40_b"]
    assert _values(f"keys: {HEX}{' ' * 50}{other}") == {HEX, other}


@pytest.mark.parametrize("name", ["commit", "sha1:", "revision is", "/commit/", "HEAD"])
def test_a_named_hash_survives_near_a_word_for_key(name: str) -> None:
    """What is called a commit is a commit, also in a sentence about keys; a token of both cases never is."""
    assert _values(f"the API key page broke with {name} {HEX}") == set()
    assert _values(f"the API key page broke with {name} {MIXED}") == {MIXED}


@pytest.mark.parametrize("frame", ["{}", "here: {}", '"{}"', "`{}`.", "({})", "{}!"])
def test_both_cases_and_digits_count_anywhere(frame: str) -> None:
    """A token of 40 letters in both cases and digits that stands alone is a key without any word beside it."""
    assert _values(frame.format(MIXED)) == {MIXED}


@pytest.mark.parametrize("frame", ["https://pay.example/{}/", "a-{}", "{}-1", "x={}", "{}=", "{}a", "/{}", "{}/x"])
def test_parts_of_something_else_survive(frame: str) -> None:
    """Payment links, base64 and longer identifiers are left whole."""
    assert _values(frame.format(MIXED)) == set()


@pytest.mark.parametrize(
    "name",
    [
        "api_key=",
        "?api_key=",
        "api_key: ",
        '"apiKey": "',
        "x-api-key: ",
        "client_secret => ",
        "The API key is ",
        "token=",
    ],
)
def test_assigned_values_of_other_lengths(name: str) -> None:
    """A value behind a name that only a key has is a key of any length from 16."""
    assert _values(name + SHORT) == {SHORT}


@pytest.mark.parametrize(
    "text",
    [
        "api_key=YOUR_API_KEY",
        "api_key={{ api_key }}",
        "api_key=",
        "api_key: string",
        "API key: not configured yet",
        "API key: https://docs.example/keys1234567890",
        "token: 1744280067108804",
        "access token: expired-since-yesterday",
        "api key: a1b2c3",
        "key " + "keyandlock" * 4,
        "the security code is unknown",
    ],
)
def test_what_is_no_value_survives(text: str) -> None:
    """Placeholders, words, links, plain numbers and ends of keys are none."""
    assert _values(text) == set()


def test_short_values_count_behind_an_equals_sign() -> None:
    """In a URL eight letters and digits are enough, in a sentence they are not."""
    assert _values("https://shop.example/?api_key=ab12cd34&x=1") == {"ab12cd34"}
    assert _values("api key: ab12cd34") == set()


@pytest.mark.parametrize(
    "name", ["secure code: ", "site_secure_code>", "código de seguridad: ", "Sicherheitscode ist "]
)
def test_security_codes(name: str) -> None:
    """The site's security code works like a key, so it goes; a card's three digits are not mistaken for one."""
    assert _values(name + "604812") == {"604812"}
    assert _values(name + "604") == set()


def test_spans_are_exact() -> None:
    """A span covers the key and nothing around it."""
    assert list(keys.find(f"key {HEX}.", f"key {HEX}.")) == [Span(4, 44, API_KEY)]
