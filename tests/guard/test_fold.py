"""Reading a text with plain digits, spaces and dashes, and finding the way back."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.fold import fold

ODD = st.sampled_from("4a é\u200b\u200d\u00ad\ufe0f\u20e3\u00a0\u3000–４٤𝟒İ😀")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("４１１１", "4111"),
        ("4\u200b1\u200d1\u00ad1", "4111"),
        ("4\ufe0f\u20e31\ufe0f\u20e3", "41"),
        ("𝟒𝟏𝟏𝟏", "4111"),
        ("٤١١١ ۴۱۱۱ ४१११", "4111 4111 4111"),
        ("41\u00a011\u202f11\u300011", "41 11 11 11"),
        ("41–11—11−11", "41-11-11-11"),
        ("ｐａｓｓ：ｘ＝１", "pass:x=1"),
    ],
)
def test_spellings_are_undone(written: str, plain: str) -> None:
    """Digits, spaces, dashes and Latin letters of other looks read as the plain ones; invisible characters vanish."""
    assert fold(written).text == plain


@pytest.mark.parametrize("text", ["plain", "contraseña añeja", "ça coûte 5 €, très « cher »", "größe", ""])
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Letters with accents and typographic quotes keep their form and place."""
    folded = fold(text)
    assert folded.text == text
    assert folded.original(0, len(text)) == (0, len(text))


@given(st.lists(ODD).map("".join), st.data())
def test_the_way_back_leads_to_the_same_characters(text: str, data: st.DataObject) -> None:
    """Any range of the folded text is what the range it came from folds to, without invisible ends."""
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.original(start, end)
    assert fold(text[first:last]).text == folded.text[start:end]
    assert fold(text[first]).text == folded.text[start]
    assert fold(text[last - 1]).text == folded.text[end - 1]


def test_lower_case_is_as_long_as_the_text() -> None:
    """No character there is becomes longer in lower case once it is folded: detectors count on it."""
    assert all(
        len(fold(each).text.lower()) <= 1 for each in map(chr, range(sys.maxunicode + 1)) if each != each.lower()
    )
