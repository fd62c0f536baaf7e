"""What expressions read, compare and print."""

from __future__ import annotations

import pytest

from bot.flow.checks.reads import Comparison, comparisons, holding, printed, reads
from bot.flow.expressions import expression


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.x", {("slots", "x")}),
        ("slots['x']", {("slots", "x")}),
        ("slots.x.date", {("slots", "x")}),
        ("slots.x['date']", {("slots", "x")}),
        ("slots.x[0]", {("slots", "x")}),
        ("slots", {("slots", "")}),
        ("user.first_name | default(slots.x) | lower", {("user", "first_name"), ("slots", "x")}),
        ("slots.a < slots.b < 3", {("slots", "a"), ("slots", "b")}),
        ("'high' if slots.a in [slots.b, 'c'] else case.id", {("slots", "a"), ("slots", "b"), ("case", "id")}),
        ("-now.hour + 1 - pattern.n ~ 'x'", {("now", "hour"), ("pattern", "n")}),
        ("not (slots.a is none or slots.b is in ['c'])", {("slots", "a"), ("slots", "b")}),
        ("'only' if slots.a", {("slots", "a")}),
    ],
)
def test_reads(source: str, expected: set[tuple[str, str]]) -> None:
    """Every name, however deep it stands and however it is spelled, and nothing twice removed from it."""
    assert {(read.root, read.name) for read in reads(expression(source).tree)} == expected


@pytest.mark.parametrize(
    ("source", "truth", "answered"),
    [
        ("slots.x == 'a'", True, {"x"}),
        ("'a' == slots.x", True, {"x"}),
        ("slots.x == 'a'", False, set()),
        ("slots.x != 'a'", False, {"x"}),
        ("slots.x != 'a'", True, set()),
        ("slots.x == none", False, {"x"}),
        ("slots.x != none", True, {"x"}),
        ("slots.x == slots.y", False, set()),
        ("slots.x in ['a', 'b']", True, {"x"}),
        ("slots.x in ['a', none]", True, set()),
        ("slots.x not in ['a', none]", True, {"x"}),
        ("slots.x not in ['a', 'b']", False, {"x"}),
        ("'a' in slots.x", True, {"x"}),
        ("slots.x is none", False, {"x"}),
        ("slots.x is not none", True, {"x"}),
        ("slots.x is none", True, set()),
        ("slots.x is defined", True, set()),
        ("slots.x", True, {"x"}),
        ("slots.x", False, set()),
        ("slots.x and slots.y", True, {"x", "y"}),
        ("slots.x and slots.y", False, set()),
        ("slots.x is none or slots.y is none", False, {"x", "y"}),
        ("slots.x or slots.y", True, set()),
        ("not slots.x", False, {"x"}),
        ("slots.x < 3", True, set()),
        ("user.first_name == 'a'", True, set()),
    ],
)
def test_what_a_condition_shows(source: str, truth: bool, answered: set[str]) -> None:
    """Which slots have an answer, once a condition turned out true or false."""
    facts = holding(expression(source).tree, truth=truth)
    assert {fact.answered for fact in facts} - {""} == answered


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("slots.x == 'a'", "slots.x == 'a'"),
        ("slots.x == 'a'", "slots.x in ['a', 'b']"),
        ("slots.x in ['a', 'b']", "slots.x in ['b', 'a', 'c']"),
        ("slots.x == 'a' and slots.y == 'b'", "slots.y == 'b'"),
    ],
)
def test_one_condition_follows_from_another(stronger: str, weaker: str) -> None:
    """A narrower choice of answers implies a wider one, and never the other way round."""
    strong, weak = (holding(expression(source).tree, truth=True) for source in (stronger, weaker))
    assert all(fact.follows(strong) for fact in weak)
    if stronger != weaker:
        assert not all(fact.follows(weak) for fact in strong)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("slots.x < 1", "slots.x < '1'"),
        ("slots.x < 1", "slots.y < 1"),
        ("slots.x < 1", "user.x < 1"),
        ("slots.x < 1", "slots.x > 1"),
        ("slots.x == [1]", "slots.x == 1"),
        ("slots.x == slots.y", "slots.x == slots.z"),
        ("slots.x is none", "slots.x is defined"),
    ],
)
def test_conditions_are_told_apart(one: str, other: str) -> None:
    """By every part of them, and by whether they hold; the same condition, written twice, is one fact."""
    assert holding(expression(one).tree, truth=True) != holding(expression(other).tree, truth=True)
    assert holding(expression(one).tree, truth=True) != holding(expression(one).tree, truth=False)
    assert holding(expression(one).tree, truth=True) == holding(expression(f" {one} ").tree, truth=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.x == 'a'", [Comparison("x", ("a",), equal=True, whole=True)]),
        ("'a' != slots.x", [Comparison("x", ("a",), equal=False, whole=True)]),
        ("slots.x in ['a', 'b']", [Comparison("x", ("a", "b"), equal=True, whole=True)]),
        ("slots.x not in ('a', none)", [Comparison("x", ("a", None), equal=False, whole=True)]),
        ("'a' in slots.x", [Comparison("x", ("a",), equal=True, whole=False)]),
        ("slots.x is eq 'a'", [Comparison("x", ("a",), equal=True, whole=True)]),
        ("slots.x is in ['a']", [Comparison("x", ("a",), equal=True, whole=True)]),
        ("slots.x == slots.y", []),
        ("slots.x == ['a']", []),
        ("slots.x in 'abc'", []),
        ("slots.x | lower == 'a'", []),
        ("slots.x > 3", []),
        ("user.first_name == 'a'", []),
        ("not (slots.x == 'a' or now.hour > 3)", [Comparison("x", ("a",), equal=True, whole=True)]),
    ],
)
def test_comparisons(source: str, expected: list[Comparison]) -> None:
    """Comparisons of a slot itself with constants; what a filter made of it is another value."""
    assert list(comparisons(expression(source).tree)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.x", {"x"}),
        ("slots.x | upper", {"x"}),
        ("slots.x ~ slots['y']", {"x", "y"}),
        ("'yes' if slots.x == 'a' else slots.y", {"y"}),
        ("slots.y if slots.x", {"y"}),
        ("slots.x or 'nothing'", {"x"}),
        ("slots.x == 'a'", set()),
        ("slots.x is none", set()),
        ("not slots.x", set()),
        ("user.first_name", set()),
    ],
)
def test_printed(source: str, expected: set[str]) -> None:
    """A slot that only decides what is printed is not printed itself."""
    assert set(printed(expression(source).tree)) == expected
