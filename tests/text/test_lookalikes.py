"""Lookalikes: names that a reader takes for each other have one skeleton."""

from __future__ import annotations

import pytest

from bot.text.lookalikes import skeleton


@pytest.mark.parametrize("name", ["Nооr", "NΟΟR", "N00r", "Ｎｏｏｒ", "N\u200boor", "no or", "Nóor"])
def test_they_look_like_noor(name: str) -> None:
    """With letters of other alphabets, digits, accents, wide letters or what nobody sees between them."""
    assert skeleton(name) == skeleton("Noor")


def test_others_look_like_themselves() -> None:
    """Different names stay different, in every alphabet; one of signs alone looks like nothing."""
    names = ["Noor", "Nora", "Anna", "Ana", "Ἄννα", "Владимир", "李雷", "محمد"]
    assert len({skeleton(each) for each in names}) == len(names)
    assert skeleton("★ ☆") == ""
