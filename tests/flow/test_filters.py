"""Filters and tests of expressions: what each makes of a value, and that it stays small or says why not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import StrictUndefined

from bot.flow.expressions import EvaluationError, Expression, Scope, Slots
from bot.flow.filters import FILTERS, MAX_LENGTH, TESTS

TYPED = st.text(max_size=30) | st.sampled_from(["a", "", "aaaa"])


def use(source: str, typed: object = None) -> Any:
    """The value of an expression where `slots.x` is what was typed."""
    return Expression(source).evaluate(Scope({"slots": Slots({"x": typed}), "user": {}}))


@pytest.mark.parametrize(
    ("source", "typed", "expected"),
    [
        ("slots.x | default('-')", None, "-"),
        ("slots.x | default('-')", "", ""),
        ("slots.x | default('-')", 0, 0),
        ("slots.x | default('-')", False, False),
        ("user.nobody | default('-')", None, "-"),
        ("slots.x | first", ["a", "b"], "a"),
        ("slots.x | last", ["a", "b"], "b"),
        ("slots.x | first", "ab", "a"),
        ("slots.x | int", "42", 42),
        ("slots.x | int", "42.9", 42),
        ("slots.x | int", "many", 0),
        ("slots.x | int(-1)", "many", -1),
        ("slots.x | int", None, 0),
        ("slots.x | join", ["a", 1, 2.5], "a12.5"),
        ("slots.x | join(', ')", ["a", "b"], "a, b"),
        ("slots.x | join(', ')", [], ""),
        ("slots.x | length", "abc", 3),
        ("slots.x | length", ["a"], 1),
        ("slots.x | lower", "ÄB", "äb"),
        ("slots.x | upper", "äb", "ÄB"),
        ("slots.x | trim", " a ", "a"),
        ("slots.x | major", "4.1.0", 4),
        ("slots.x | major", "10", 10),
        ("slots.x | major", 7, 7),
        ("slots.x | major", "v4", -1),
        ("slots.x | major", "²", -1),
        ("slots.x | major", "", -1),
        ("slots.x | major", None, -1),
        ("slots.x | major", "unsure", -1),
        ("slots.x | replace('a', 'o')", "banana", "bonono"),
        ("slots.x | replace('x', 'o')", "banana", "banana"),
        ("slots.x | replace('', '-')", "ab", "-a-b-"),
        ("slots.x | round", 2.5, 2.0),
        ("slots.x | round(1)", 2.345, 2.3),
        ("slots.x | round(2)", 7, 7),
        ("slots.x is defined", None, True),
        ("user.nobody is defined", None, False),
        ("slots.x is none", None, True),
        ("slots.x is none", "", False),
        ("slots.x is string", "a", True),
        ("slots.x is number", 3, True),
        ("slots.x is number", "3", False),
        ("slots.x is in(['a'])", "a", True),
        ("slots.x is eq 'a'", "a", True),
        ("slots.x is ne 'a'", "a", False),
        ("slots.x is even", 4, True),
        ("slots.x is odd", 3, True),
        ("slots.x is even", 2.0, True),
    ],
)
def test_what_they_make_of_a_value(source: str, typed: object, expected: object) -> None:
    """One line each, with the values that sessions hold."""
    found = use(source, typed)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("source", "typed", "words"),
    [
        ("slots.x | join", "abc", "only a list"),
        ("slots.x | join", None, "only a list"),
        ("slots.x | round", "2", "only a number"),
        ("slots.x | round(16)", 2.5, "0 to 15 places"),
        ("slots.x | round(-1)", 2.5, "0 to 15 places"),
        ("slots.x | round('1')", 2.5, "0 to 15 places"),
        ("slots.x is odd", "%999999999d", "only a number"),
        ("slots.x is even", None, "only a number"),
        ("slots.x | length", 3, "no len()"),
        ("slots.x | major", "9" * 5000, "digits"),
        ("user.nobody | upper", None, "nobody"),
        ("user.nobody | major", None, "nobody"),
        ("user.nobody | replace('a', 'b')", None, "nobody"),
    ],
)
def test_values_that_do_not_fit(source: str, typed: object, words: str) -> None:
    """The message says what would fit."""
    with pytest.raises(EvaluationError) as failed:
        use(source, typed)
    assert words in str(failed.value)


@given(TYPED, TYPED, TYPED)
def test_replace_is_pythons_own(text: str, old: str, new: str) -> None:
    """Only the length of what it makes is watched."""
    assert FILTERS["replace"].function(text, old, new) == text.replace(old, new)


@given(st.lists(TYPED), TYPED)
def test_join_is_pythons_own(parts: list[str], between: str) -> None:
    """Only the length of what it makes is watched."""
    assert FILTERS["join"].function(parts, between) == between.join(parts)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 3))
def test_nothing_grows_beyond_the_limit(length: int, inserted: int, size: int) -> None:
    """A text that would be too long is never made: its length is known before."""
    text, new = "a" * length, "b" * inserted
    for name, arguments in (("replace", (text, "a" * size, new)), ("join", ([text] * size * 20, new))):
        try:
            assert len(FILTERS[name].function(*arguments)) <= MAX_LENGTH
        except ValueError as error:
            assert "longer than" in str(error)  # noqa: PT017  (either it is short, or it says why not)


def test_every_filter_and_test_is_known_by_its_name() -> None:
    """The list that authors are told; a change of it is a change of the language."""
    assert sorted(FILTERS) == [
        *("default", "first", "int", "join", "last", "length", "lower", "major", "replace", "round", "trim", "upper")
    ]
    assert sorted(TESTS) == ["defined", "eq", "even", "in", "ne", "none", "number", "odd", "string"]


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_filters_do_not_hide_what_is_missing(name: str) -> None:
    """A misspelled name is an error behind every filter but `default`."""
    usable = FILTERS[name]
    arguments = ["a"] * usable.arguments.start
    missing = StrictUndefined(name="nobody")
    if name == "default":
        assert usable.function(missing, *arguments) == "a"
    else:
        with pytest.raises(EvaluationError):
            use(f"user.nobody | {name}" + (f"({', '.join(map(repr, arguments))})" if arguments else ""))
