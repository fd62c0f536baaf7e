"""Buttons by number: the numbers stay with their questions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.buttons import Buttons
from bot.engine.tokens import make, reference


def test_buttons_are_counted_from_one() -> None:
    """Each question's button has the next number; other numbers are nobody's."""
    buttons = Buttons()
    first, second = make(reference("s", 1), "a", "change"), make(reference("s", 2), "b", "change")
    assert [buttons.number(first), buttons.number(second), buttons.number(first)] == [1, 2, 1]
    assert [buttons.token(number) for number in (-1, 0, 1, 2, 3)] == [None, None, first, second, None]


def test_a_question_keeps_its_number() -> None:
    """When a question is asked again, the number presses its newest button."""
    buttons = Buttons()
    buttons.number(make(reference("s", 1), "a", "change"))
    buttons.number(make(reference("s", 2), "b", "change"))
    newer = make(reference("s", 3), "a", "change")
    assert buttons.number(newer) == 1
    assert buttons.token(1) == newer


def test_a_new_session_counts_anew() -> None:
    """After a restart no number presses a button of the session before."""
    buttons = Buttons()
    for step in "abc":
        buttons.number(make(reference("s", 1), step, "change"))
    assert buttons.number(make(reference("t", 1), "a", "change")) == 1
    assert buttons.token(2) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")) | st.text(), max_size=20))
def test_the_number_given_is_the_number_that_presses(shown: list[tuple[int, str] | str]) -> None:
    """Whatever was shown before, a number given last leads back to its token, also to one the engine did not make."""
    buttons = Buttons()
    for each in shown:
        token = each if isinstance(each, str) else make(reference("s", each[0]), each[1], "change")
        assert buttons.token(buttons.number(token)) == token
