"""Expressions: what is allowed, what it means, and that neither an author nor a merchant can break out or run away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.expressions import EvaluationError, Expression, ExpressionError, Roots, Scope, Slots, expression
from bot.flow.filters import FILTERS, MAX_LENGTH, TESTS
from bot.flow.grammar import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

VALUES: dict[str, Any] = {
    "slots": Slots({"shop": "woo", "ways": ["ideal", "cards"], "orders": 3, "none": None, "version": "4.1.0"}),
    "user": {"first_name": "Ana"},
    "case": {"id": "T-1"},
    "now": {"hour": 9, "date": "2026-01-05"},
    "value": "own",
}


def value(source: str, **values: Any) -> Any:
    """What an expression gives for these values, beside the usual ones."""
    return Expression(source).evaluate(Scope({**VALUES, **values}))


def compiled(source: str, values: dict[str, Any]) -> Any:
    """The same by way of Jinja's compiler alone."""
    expression = Expression(source)
    expression._plain = None
    return expression.evaluate(Scope(values))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.shop", "woo"),
        ("slots['shop']", "woo"),
        ("slots.ways[0]", "ideal"),
        ("slots.shop == 'woo'", True),
        ("slots.shop in ['woo', 'own']", True),
        ("slots.shop not in ('own', 'other')", True),
        ("1 < slots.orders <= 3", True),
        ("slots.orders + 1 - 2", 2),
        ("-slots.orders", -3),
        ("not slots.none and slots.orders", 3),
        ("slots.none or 'x'", "x"),
        ("'a' if slots.orders > 2 else 'b'", "a"),
        ("slots.shop ~ '-' ~ slots.orders", "woo-3"),
        ("[slots.shop, 1]", ["woo", 1]),
        ("(slots.shop, (1, 2))", ["woo", [1, 2]]),
        ("slots.none is none", True),
        ("slots.unanswered is none", True),
        ("user.last_name is defined", False),
        ("slots.shop is in slots.ways", False),
        ("slots.shop is eq 'woo'", True),
        ("slots.version | major == 4", True),
        ("slots.ways | join(', ')", "ideal, cards"),
        ("slots.unanswered | default('-')", "-"),
        ("true", True),
        ("none", None),
        ("1e3", 1000.0),
        ("'a' 'b'", "ab"),
        ("  slots.shop\n ", "woo"),
    ],
)
def test_what_expressions_say(source: str, expected: object) -> None:
    """Reads, comparisons, logic, sums, joined texts, lists, conditions, filters and tests."""
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "pattern.reason",  # no such root here
        "user.last_name",
        "user['last_name']",
        "user.last_name == 'x'",
        "user.last_name ~ '!'",
        "[user.last_name]",
        "[[user.last_name]]",
        "user.last_name | join",
        "slots.unanswered.date",
        "slots.shop.upper",
        "slots.ways.append",
        "slots.ways[5]",
        "slots.shop['x']",
        "user.keys",
        "now.hour.real",
    ],
)
def test_what_is_not_there_is_an_error(source: str) -> None:
    """A misspelled name never reads as nothing, and what Python objects have by themselves is not there."""
    with pytest.raises(EvaluationError):
        value(source)


def test_slots_without_an_answer() -> None:
    """They read as none, also those that are called like a method of a mapping."""
    assert [value(f"slots.{name}") for name in ("unanswered", "items", "keys", "get", "pop")] == [None] * 5
    assert compiled("slots.items", VALUES) is None


@pytest.mark.parametrize(
    "source",
    [
        "slots.shop > 3",
        "slots.orders + slots.shop",
        "slots.none | length",
        "slots.shop in slots.none",
        "-slots.shop",
        "slots.shop | round",
        "1.5 | round(99)",
        "slots.shop is odd",
        "slots.orders | join",
        "[] | first",
        "1e308 + 1e308",
        "[1e308 + 1e308]",
    ],
)
def test_values_that_do_not_fit_are_an_error(source: str) -> None:
    """Python's own exceptions never come out, and the message says which expression it was."""
    with pytest.raises(EvaluationError) as failed:
        value(source)
    assert f"`{source}`" in str(failed.value)


HOSTILE = ["{{ 7 - 7 }}", "}}{{ user }}", "{% raw %}", "{# x", "'", '"', "\\", "slots.shop", "' ~ user.first_name ~ '"]
TYPED = st.lists(st.sampled_from(HOSTILE) | st.text(), max_size=4).map("".join)


@given(TYPED)
def test_what_a_merchant_types_is_data(typed: str) -> None:
    """However much it looks like a template, it comes out as it went in, by either way of evaluation."""
    slots = Slots({"x": typed})
    assert value("slots.x", slots=slots) == typed
    assert value("'' ~ slots.x", slots=slots) == typed
    assert value("slots.x if slots.x == slots['x'] else none", slots=slots) == typed


@given(
    st.sampled_from(["slots", "user", "pattern", "value"]),
    st.sampled_from(["a", "b", "items"]),
    st.dictionaries(st.sampled_from(["a", "b"]), st.none() | st.integers() | st.text() | st.lists(st.text())),
    st.sampled_from([dict, Slots, list, str]),
)
def test_a_plain_read_needs_no_compiler(root: str, name: str, inside: dict[str, Any], kind: type[Any]) -> None:
    """The short way gives the value that the compiled expression gives, or fails as it does."""
    values = {"slots": Slots(), "user": {}, root: kind(inside)}

    def outcome(evaluate: Callable[[str, dict[str, Any]], Any]) -> object:
        try:
            return evaluate(f"{root}.{name}", values)
        except EvaluationError as error:
            return str(error)

    assert outcome(lambda source, values: Expression(source).evaluate(Scope(values))) == outcome(compiled)


PIECES = [
    *(
        "slots.x",
        "slots.y",
        "slots",
        "value",
        "user.name",
        "now",
        "'a'",
        "''",
        "1",
        "-7",
        "2.5",
        "1e999",
        "none",
        "true",
    ),
    *(
        " == ",
        " != ",
        " > ",
        " in ",
        " not in ",
        " and ",
        " or ",
        " not ",
        " + ",
        " - ",
        " ~ ",
        " if ",
        " else ",
        " is ",
    ),
    *("(", ")", "[", "]", "{", "}", "{{", "}}", "{%", "#}", ",", "|", ".", "_", "x", " ", "\n", "\\", "*", "=", ":"),
    *(f" | {name}" for name in FILTERS),
    *(f" is {name}" for name in TESTS),
    *("|replace('a', slots.x)", "|join(slots.x)", "|default(slots.y)", "|round(9)", "|int(3)"),
]


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join),
    st.sampled_from([None, "", "a" * 4000, "%999999999d", 3, -1.5, ["a", "b"], {"typed": "x", "date": None}]),
)
def test_nothing_else_ever_goes_wrong(source: str, typed: object) -> None:
    """Whatever a flow says is an expression or refused, and gives a value of bounded size or fails as announced."""
    try:
        found = Expression(source)
    except ExpressionError:
        return
    try:
        result = found.evaluate(Scope({**VALUES, "slots": Slots({"x": typed}), "value": typed}))
    except EvaluationError:
        return
    assert len(str(result)) < 20 * MAX_LENGTH


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("not ", ""),
        ("-", ""),
        ("", " + now"),
        ("", " or now"),
        ("now if now else ", ""),
        ("", "|default(1)"),
        ("", "|int(0)"),
        ("", ".a"),
        ("(", " ~ 1)"),
        ("(", " is none)"),
        ("now|default(", ")"),
        ("[", "]"),
    ],
)
def test_the_deepest_expressions_still_compile(before: str, after: str) -> None:
    """At the limit an expression of any shape can be evaluated; one step further it is refused."""
    inner = MAX_DEPTH - 1
    try:
        assert compiled(before * inner + "now" + after * inner, {"now": 1}) is not Ellipsis
    except EvaluationError as failed:
        assert "has no attribute" in str(failed)  # noqa: PT017  (only a read of what is not there may fail)
    with pytest.raises(ExpressionError):
        Expression(before * MAX_DEPTH + "now" + after * MAX_DEPTH)


@pytest.mark.parametrize(
    "source",
    [
        "slots.x | replace('a', slots.x)",
        "slots.x | replace('', slots.x)",
        "slots.l | join(slots.x)",
        "'aaaaaaaaaa'" + "|replace('a', 'aaaaaaaaaa')" * 16,
    ],
)
def test_no_filter_multiplies_what_was_typed(source: str) -> None:
    """The longest answers, put into each other, would be megabytes; more of it would be any size."""
    with pytest.raises(EvaluationError, match="longer than"):
        value(source, slots=Slots({"x": "a" * 4000, "l": ["a"] * 9}))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("slots.a", {("slots", "a")}),
        ("slots.a == 'x' and not user.b", {("slots", "a"), ("user", "b")}),
        ("slots.a.date", {("slots", "a")}),
        ("summary", {("summary", "")}),
        ("slots['a'] | default(slots.b)", {("slots", ""), ("slots", "b")}),
        ("'x' if slots.a is none else [now.hour, (slots.c, 1)]", {("slots", "a"), ("now", "hour"), ("slots", "c")}),
        ("'x'", set()),
    ],
)
def test_references(source: str, expected: set[tuple[str, str]]) -> None:
    """What an expression reads is known without evaluating it."""
    assert Expression(source).references == expected


def test_a_scope_is_read_live() -> None:
    """One scope may serve a whole turn: an answer given meanwhile is seen."""
    slots = Slots()
    scope = Scope({"slots": slots})
    first, second = Expression("slots.a"), Expression("slots.a ~ '!'")
    assert first.evaluate(scope) is None
    assert second.evaluate(scope) == "None!"
    slots["a"] = "x"
    assert (first.evaluate(scope), second.evaluate(scope)) == ("x", "x!")


def test_roots_are_made_when_they_are_read() -> None:
    """Each once; a compiled expression sees all of them, and those that were given from the start."""
    made: list[str] = []

    def maker(root: str) -> Callable[[str], dict[str, Any]]:
        return lambda source: made.append(root) or {"a": f"{source} {root}"}  # type: ignore[func-returns-value]

    scope = Scope(Roots({root: maker(root) for root in ("slots", "user", "case")}, "the", {"value": 3}))
    assert [Expression("user.a").evaluate(scope) for _ in range(2)] == ["the user"] * 2
    assert made == ["user"]
    assert Expression("slots.a ~ case.a ~ value").evaluate(scope) == "the slotsthe case3"
    assert sorted(made) == ["case", "slots", "user"]
    with pytest.raises(EvaluationError):
        Expression("now.hour").evaluate(scope)


def test_an_error_leaves_nothing_behind() -> None:
    """The value of one expression is never that of another one that failed in the same scope."""
    scope = Scope(VALUES)
    assert Expression("slots.orders + 1").evaluate(scope) == 4
    for _ in range(2):
        with pytest.raises(EvaluationError):
            Expression("user.last_name + 1").evaluate(scope)


def test_equal_sources_are_one_expression() -> None:
    """A flow and its translations repeat the same few; each is parsed once."""
    assert expression("slots.shop ~ 'once'") is expression("slots.shop ~ 'once'")


def test_an_expression_shows_its_source() -> None:
    """In a traceback one sees what was meant."""
    assert repr(Expression("slots.a")) == "Expression('slots.a')"
