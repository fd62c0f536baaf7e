"""What conditions can come to where only some of what they read is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.expressions import Expression, Scope, Slots
from bot.flow.outcomes import ANY, SOME, outcomes, told_apart

CONDITIONS = [
    "slots.x == 'a'",
    "slots.x != 'a'",
    "slots.x in ['a', 'b']",
    "slots.x not in ['a', 'b']",
    "slots.x is none",
    "slots.x is not none and slots.y == 'a'",
    "slots.x == 'a' or slots.y == 'b'",
    "not (slots.x == 'a' and slots.y == 'unsure')",
    "slots.x == slots.y",
    "slots.x",
    "slots.x != 'unsure' and slots.y is none",
]
VALUES = [None, "a", "b", "c", "unsure", SOME, ANY]
MEANT: dict[Any, list[Any]] = {SOME: ["a", "b", "typed"], ANY: [None, "a", "b", "typed", "unsure"]}
"""What an open value may turn out to be; "I don't know" is an answer of its own."""


@given(st.sampled_from(CONDITIONS), st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_nothing_that_can_happen_is_missed(source: str, x: Any, y: Any) -> None:
    """Whatever an open slot turns out to be, the condition comes to one of the outcomes that were foreseen."""
    condition = Expression(source)
    foreseen = outcomes(condition, {"x": x, "y": y})
    for one in MEANT.get(x, [x]):
        for other in MEANT.get(y, [y]):
            assert bool(condition.evaluate(Scope({"slots": Slots(x=one, y=other)}))) in foreseen


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("slots.x == 'a'", "a", {True}),
        ("slots.x == 'a'", SOME, {True, False}),
        ("slots.x == 'unsure'", SOME, {False}),
        ("slots.x != 'unsure'", SOME, {True}),
        ("slots.x is none", SOME, {False}),
        ("slots.x is none", ANY, {True, False}),
        ("slots.x", SOME, {True}),
        ("slots.x == 'a' and channel.name == 'slack'", "b", {False}),
        ("slots.x == 'a' or channel.name == 'slack'", "a", {True}),
        ("channel.name == 'slack' or slots.x == 'a'", "a", {True}),
        ("channel.name == 'slack'", None, {True, False}),
        ("slots.x | major == 1", "2.0", {False}),
        ("slots.x | major == 1", SOME, {True, False}),
        ("'a' in slots.x", None, {True, False}),
        ("true", None, {True}),
    ],
)
def test_what_is_known(source: str, x: Any, expected: set[bool]) -> None:
    """As much as can be said is said; an open answer, the channel and errors leave it open."""
    assert outcomes(Expression(source), {"x": x}) == expected


def test_no_condition_is_true() -> None:
    """A step without `when` is not skipped."""
    assert outcomes(None, {}) == {True}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.x == 'a' and slots.x in ['b', 'c']", {"x": frozenset("abc")}),
        ("'a' != slots.x or slots.y is none", {"x": frozenset("a"), "y": frozenset()}),
        ("slots.x | upper == 'A'", {"x": None}),
        ("slots.x == slots.y", {"x": None, "y": None}),
        ("slots.x == 'a' and slots.x > 3", {"x": None}),
        ("channel.name == 'slack'", {}),
    ],
)
def test_answers_that_a_condition_tells_apart(source: str, expected: dict[str, Any]) -> None:
    """Constants that a slot is compared with; nothing is said of a slot with which more is done."""
    assert told_apart(Expression(source)) == expected
