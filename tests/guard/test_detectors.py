"""All detectors together: a text is shown to those that might see something in it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard.detectors import look
from bot.guard.spans import API_KEY, CARD, PASSWORD, Span


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My order 10023 is late.", []),
        ("password: hunter2x", [Span(10, 18, PASSWORD)]),
        ("4111 1111 1111 1112 is declined", []),
        ("5425 2334 3010 9903 is declined", [Span(0, 19, CARD)]),
        ("api key 4f3c2b1a9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a", [Span(8, 48, API_KEY)]),
        ("[removed: password #a1b2c3]", []),
    ],
)
def test_what_they_see(text: str, found: list[Span]) -> None:
    """Each kind of secret comes from its detector; a label that stands for one is none."""
    assert look(text) == found


_PIECES = ["pw", "ww", "mdp", "pwd", "-u", "://", ":", "=", ">", "@", " ", "'", "</", "a", "B", "1", "é"]


@given(st.lists(st.sampled_from(_PIECES), max_size=6).map("".join))
def test_nothing_so_short_is_a_secret(text: str) -> None:
    """Replies of six characters need not be looked at: a name, a sign and a value take more."""
    assert look(text[:6]) == []


def test_a_start_of_the_program_does_not_wait_for_them() -> None:
    """Importing a turn compiles none of the detectors' expressions."""
    code = "import sys, bot.engine.turn; sys.exit('bot.guard.detectors' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
