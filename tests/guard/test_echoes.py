"""Secrets that stand in a text twice."""

from __future__ import annotations

import pytest

from bot.guard import echoes
from bot.guard.spans import PASSWORD, URL_CREDENTIALS, Span


@pytest.mark.parametrize("frame", ["{}", "with {} it fails", "'{}'", "({}).", "{}!", "user:admin,{}"])
def test_whole_words_are_found(frame: str) -> None:
    """The value is found as a word of its own, whatever punctuation is around it."""
    text = frame.format("Xy12ab")
    start = text.index("Xy")
    assert list(echoes.find(text, {"Xy12ab": PASSWORD})) == [Span(start, start + 6, PASSWORD)]


def test_the_password_of_a_login_counts_by_itself() -> None:
    """What went with its user name in a URL is recognised without it."""
    assert list(echoes.find("pw Xy12ab", {"shop:Xy12ab": URL_CREDENTIALS})) == [Span(3, 9, PASSWORD)]


@pytest.mark.parametrize("value", ["test", "welcome", "12345", "Xy12"])
def test_weak_values_are_not_looked_for(value: str) -> None:
    """A plain word or a short value would take innocent words with it."""
    assert list(echoes.find(f"the {value} again", {value: PASSWORD})) == []


def test_parts_of_words_stay() -> None:
    """A word that merely holds the value is another word."""
    assert list(echoes.find("aXy12ab Xy12abc", {"Xy12ab": PASSWORD})) == []
