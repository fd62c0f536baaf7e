"""Buttons as inline keyboards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.keyboards import BACK, MOST, choices, rows, tokens
from bot.chat.effects import Button
from bot.chat.people import TELEGRAM


@given(st.lists(st.text(max_size=90), max_size=120))
def test_every_button_is_within_the_limits(labels: list[str]) -> None:
    """In their order, at most a hundred, two to a row; labels are never empty and never too long."""
    made = rows([Button(str(number), label) for number, label in enumerate(labels)])
    tokens = [token for row in made for _, token in row]
    assert tokens == [str(number) for number in range(len(labels))][:MOST]
    assert all(1 <= len(row) <= 2 for row in made)
    assert all(1 <= len(label) <= TELEGRAM.label_limit for row in made for label, _ in row)


def test_long_labels_have_a_row_each() -> None:
    """Two short ones share a row; beside a long one everything stands in one column."""
    yes, no, long = Button("y", "Yes"), Button("n", "No"), Button("l", "I would rather talk to somebody")
    assert [len(row) for row in rows([yes, no])] == [2]
    assert [len(row) for row in rows([yes, no, long])] == [1, 1, 1]


def test_a_menu_opens_in_place() -> None:
    """Its button opens it, and inside another one leads back; a menu that is there no more is none."""
    menu = (Button("a", "A"), Button("b", "B"))
    buttons = (Button("x", "Solve", menu), Button("", "More", menu[:1]), Button("y", "Close"))
    assert rows(buttons) == [[("Solve ▾", "menu:x"), ("More ▾", "menu:")], [("Close", "y")]]
    assert rows(choices(buttons, "menu:x")) == [[("A", "a"), ("B", "b")], [("‹ Solve", BACK)]]
    assert rows(choices(buttons, "menu:")) == [[("A", "a"), ("‹ More", BACK)]]
    assert choices(buttons, "menu:z") == choices(buttons, BACK) == buttons
    assert tokens(buttons) == {"x", "y", "a", "b"}
