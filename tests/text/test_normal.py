"""What `bot.text.normal` promises: safe to keep, comparable, and the same when done twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normal import clean, least, normalise, normalise_each

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
NASTY = st.text(
    st.sampled_from(f"aé 1\r\n\t\0\u00a0\u200b\u200d\u202e\u2028\ufeff\ud83d\ude00\U000e0041\u0301´'’ß\u0345{ENGLAND}")
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Magento 2", "Magento 2"),
        ("  spaces \t\n", "spaces"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("tab\tstays", "tab\tstays"),
        ("a\0b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("\ud83d\ude00", "\U0001f600"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("\ufeffmark", "mark"),
        ("pay\u200bpal \u2061x", "paypal x"),
        ("soft\u00adhyphen", "softhyphen"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        (f"from {ENGLAND}!", f"from {ENGLAND}!"),
        ("private \ue000\U000f0000use", "private use"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\u200d\u00a0\u3000", ""),
        ("\u3164\u115f", ""),
        ("", ""),
    ],
)
def test_clean(typed: str, kept: str) -> None:
    """Controls and what only deceives the eye go; what writing and emoji need stays."""
    assert clean(typed, 100) == kept


@pytest.mark.parametrize(
    ("typed", "limit", "kept"),
    [
        ("abcdef", 3, "abc"),
        ("ab cd", 3, "ab"),
        ("   abc", 3, "abc"),
        ("éé éé", 3, "éé"),
        ("\U0001f600\U0001f600", 1, "\U0001f600"),
        (f"a{ENGLAND}", 4, "a\U0001f3f4"),
        ("abc", 0, ""),
    ],
)
def test_clean_cuts(typed: str, limit: int, kept: str) -> None:
    """The limit counts code points after cleaning; a cut leaves no space and no half flag at the end."""
    assert clean(typed, limit) == kept


@given(ANY_TEXT | NASTY, st.integers(0, 30))
def test_clean_is_idempotent_and_storable(text: str, limit: int) -> None:
    """Cleaning twice is cleaning once, within the limit, and any store and any platform can encode the result."""
    once = clean(text, limit)
    assert clean(once, limit) == once
    assert len(once) <= limit
    assert "\0" not in once.encode().decode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Sí!", "si"),
        ("Garçon, Ñandú", "garcon nandu"),
        ("Øresund, Łódź", "oresund lodz"),
        ("cœur", "COEUR"),
        ("À côté", "a cote"),
        ("São Paulo", "sao  paulo"),
        ("Größe", "GROSSE"),
        ("I don’t know.", "i dont know"),
        ("don´t", "don't"),
        ("ﬁle", "FILE"),
        ("2️⃣", "2"),
        ("２", "2"),
        ("②", "2"),
        ("٢", "2"),
        ("e-mail / SMS", "e mail sms"),
        ("no_staging", "No staging 🚧"),
        ("C++", "c"),
        ("1.6", "1 6"),
        ("👍🏽", "?!"),
        ("İstanbul", "istanbul"),
        ("cafe\u0301", "café"),
        ("ΟΔΟΣ", "οδος"),
        ("ПРИВЕТ, мир", "привет мир"),
    ],
)
def test_normalise_unifies(one: str, other: str) -> None:
    """Case, accents, width, punctuation and emoji make no difference."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.6", "16"), ("कि", "का"), ("สวัสดี", "สวสด"), ("Magento 1", "Magento 2"), ("가", "나"), ("東京", "京都")],
)
def test_normalise_keeps_apart(one: str, other: str) -> None:
    """Digits, and the vowel signs and letters of other scripts, do make one."""
    assert normalise(one) != normalise(other)


@given(ANY_TEXT | NASTY)
def test_normalise_is_idempotent(text: str) -> None:
    """A normal form is its own normal form, made of words with single spaces."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@given(ANY_TEXT | NASTY)
def test_normalise_leaves_at_least_letters_and_digits(text: str) -> None:
    """What is told of the length of a normal form without making it is never too much."""
    assert least(text) <= len(normalise(text).replace(" ", ""))


@given(ANY_TEXT | NASTY)
def test_normalise_ignores_case_and_cleaning(text: str) -> None:
    """A choice table may be keyed by case-folded text: folding first changes nothing."""
    assert normalise(text.casefold()) == normalise(text)


@given(st.lists(ANY_TEXT | NASTY | st.sampled_from(["Größe", "a, b", "What's up?", " x", "", "\n", "1.6\n2", "कि"])))
def test_normalise_each_is_normalise_of_each(texts: list[str]) -> None:
    """Whatever stands beside it, a text is normalised as it would be alone."""
    assert normalise_each(texts) == list(map(normalise, texts))
