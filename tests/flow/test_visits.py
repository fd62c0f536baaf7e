"""What became of conversations at a step, in words."""

from __future__ import annotations

import pytest

from bot.flow.visits import Visits


@pytest.mark.parametrize(
    ("visits", "words"),
    [
        (Visits(96, 24), "120 came: 96 went on, 24 left (20 %)"),
        (Visits(0, 0, 2, 1), "3 came: 2 called a person, 1 is here now"),
        (Visits(waiting=4), "4 came: 4 are here now"),
        (Visits(), "nobody came"),
    ],
)
def test_only_what_there_is_is_told(visits: Visits, words: str) -> None:
    """And of those who left, which share of all they are."""
    assert str(visits) == words
