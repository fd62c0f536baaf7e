"""Expressions: what is allowed, what it means, and that neither an author nor a merchant can break out or run away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.parser import Parser

from bot.flow.expressions import (
    _ENVIRONMENT,
    MAX_DEPTH,
    MAX_SOURCE,
    ROOTS,
    EvaluationError,
    Expression,
    ExpressionError,
    Scope,
    Slots,
    expression,
)
from bot.flow.filters import FILTERS, MAX_LENGTH, TESTS

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
    ("source", "words"),
    [
        # more, or something else, than one expression
        ("", "cannot be read"),
        ("slots.x slots.y", "not one expression"),
        ("slots.x, slots.y", "not one expression"),
        ("1}}{{2", "not one expression"),
        ("slots.x }} and {{ slots.y", "not one expression"),
        ("slots.x -}}", "not one expression"),
        ("1 }}{# no #}{{ 2", "not one expression"),
        ("1 %}", "cannot be read"),
        ("{# no #}", "cannot be read"),
        ("slots.x {# no #}", "not one expression"),
        ("{% set x = 1 %}", "cannot be read"),
        ("{{ slots.x }}", "cannot be read"),
        ("set x = 1", "not one expression"),
        ("import os", "not one expression"),
        ("lambda: 1", "not one expression"),
        ("slots.x = 1", "not one expression"),
        ("slots.x if", "cannot be read"),
        ("for x in slots", "not one expression"),
        # nodes that are not on the list
        ("slots.x()", "call is not allowed"),
        ("slots.x.upper()", "call is not allowed"),
        ("range(3)", "call is not allowed"),
        ("slots.x * 2", "mul is not allowed"),
        ("slots.x ** 2", "pow is not allowed"),
        ("slots.x / 2", "div is not allowed"),
        ("slots.x // 2", "floordiv is not allowed"),
        ("'%s' % slots.x", "mod is not allowed"),
        ("+slots.x", "pos is not allowed"),
        ("{'a': 1}", "dict is not allowed"),
        ("slots.x[1:2]", "only a constant"),
        ("slots[slots.x]", "only a constant"),
        ("slots.x[-1]", "only a constant"),
        ("slots.x[1, 2]", "only a constant"),
        # constants that could not be stored or shown
        ("1e999", "too large"),
        (r"'\ud800'", "control character"),
        (r"'a\x00'", "control character"),
        # names
        ("nobody", "unknown name `nobody`"),
        ("self", "unknown name `self`"),
        ("loop.index", "unknown name `loop`"),
        ("result", "unknown name `result`"),
        ("slots.x == y", "unknown name `y`"),
        ("slots._x", "start with `_`"),
        ("slots.__class__", "start with `_`"),
        ("slots.x.__class__.__mro__", "start with `_`"),
        ("slots['__class__']", "start with `_`"),
        ("''.__class__", "start with `_`"),
        # filters and tests
        ("slots.x | attr('y')", "unknown filter `attr`"),
        ("slots.x | map('upper')", "unknown filter `map`"),
        ("slots.x | format('a')", "unknown filter `format`"),
        ("slots.x | tojson", "unknown filter `tojson`"),
        ("slots.x is mapping", "unknown test `mapping`"),
        ("slots.x is callable", "unknown test `callable`"),
        ("slots.x | default", "takes 1 values"),
        ("slots.x | default('a', true)", "takes 1 values"),
        ("slots.x | upper('a')", "takes 0 values"),
        ("slots.x | replace('a')", "takes 2 values"),
        ("slots.x | round(1, 'ceil')", "takes 0 or 1 values"),
        ("slots.x is eq", "takes 1 values"),
        ("slots.x is none('a')", "takes 0 values"),
        ("slots.x | join(d=', ')", "without names or stars"),
        ("slots.x | join(*slots.y)", "without names or stars"),
        ("slots.x | join(**slots.y)", "without names or stars"),
        ("slots.x is in(*slots.y)", "without names or stars"),
    ],
)
def test_what_is_refused(source: str, words: str) -> None:
    """Whatever is not on the list, with a reason for the author, when the flow is read."""
    with pytest.raises(ExpressionError) as refused:
        Expression(source)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", ["filter", "test"])
def test_known_names_are_listed(kind: str) -> None:
    """Who misspells one is told which there are."""
    known = FILTERS if kind == "filter" else TESTS
    with pytest.raises(ExpressionError) as refused:
        Expression("slots.x | uper" if kind == "filter" else "slots.x is nonne")
    assert ", ".join(sorted(known)) in str(refused.value)


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


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True) | st.sampled_from(
    ["in", "not", "is", "if", "else", "true", "none", "items", "keys", "format", "mro"]
)


@given(st.sampled_from(sorted(ROOTS)), NAMES)
def test_a_plain_read_needs_no_parser(root: str, name: str) -> None:
    """What is recognised as `root.name` without Jinja's parser is the tree that the parser makes."""
    assert (
        Expression(f"{root}.{name}").tree == Parser(_ENVIRONMENT, f"{root}.{name}", state="variable").parse_expression()
    )


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
    "source",
    [
        "(" * 240 + "1" + ")" * 240,
        "[" * 240 + "1" + "]" * 240,
        "-" * 480 + "1",
        "not " * 120 + "now",
        "now" + ".a" * 240,
        "now" + " or now" * 60,
        "now" + "|trim" * 90,
        "1 if now else " * 35 + "2",
    ],
    ids=lambda source: source[:12],
)
def test_deep_expressions_are_refused(source: str) -> None:
    """Before they exhaust the stack, or whoever compiles them."""
    with pytest.raises(ExpressionError, match="nested"):
        Expression(source)


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


def test_long_expressions_are_refused() -> None:
    """A longer one is no condition that anybody can read."""
    assert value("'" + "x" * (MAX_SOURCE - 2) + "'")
    with pytest.raises(ExpressionError, match="at most 500"):
        Expression("'" + "x" * (MAX_SOURCE - 1) + "'")


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
