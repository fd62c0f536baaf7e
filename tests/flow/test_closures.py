"""Plain conditions as functions: the same values as the compiled expression, or none at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.closures import function
from bot.flow.expressions import EvaluationError, Expression, Scope, Slots

NAMES = ["a", "b", "absent"]
value = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["x", "y", "", "xy"]) | st.just(["x", "y"])
read = st.sampled_from([f"slots.{name}" for name in NAMES] + ["pattern.a", "case.id", "case.none", "value", "slots"])
constant = st.sampled_from(["'x'", "'y'", "1", "none", "true", "['x', 'y']", "[]", "''"])
filters = st.sampled_from(["lower", "length", "major", "default('x')"])
operand = read | constant | st.builds("{}|{}".format, read, filters)
plain = st.recursive(
    operand
    | st.builds("{} {} {}".format, operand, st.sampled_from(["==", "!=", "in", "not in"]), operand)
    | st.builds("{} is none".format, operand),
    lambda inner: (
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("not ({})".format, inner)
        | st.builds("({}) if ({}) else ({})".format, inner, inner, inner)
        | st.builds("({}) ~ ({})".format, inner, inner)
    ),
    max_leaves=5,
)


def outcome(expression: Expression, scope: dict[str, Any]) -> Any:
    """The value, or that there is none."""
    try:
        return expression.evaluate(Scope(scope))
    except EvaluationError:
        return EvaluationError


@given(plain, st.fixed_dictionaries({}, optional={"a": value, "b": value}), value)
def test_a_function_agrees_with_the_compiled_expression(source: str, slots: dict[str, Any], candidate: Any) -> None:
    """Whatever the values are, both give the same or both fail; so an expression means one thing."""
    scope = {"slots": Slots(slots), "pattern": Slots({}), "case": {"id": "T-1"}, "value": candidate}
    short, compiled = Expression(source), Expression(source)
    compiled._plain = None
    assert outcome(short, scope) == outcome(compiled, scope)


@pytest.mark.parametrize(
    "source",
    [
        "slots.a == 'x'",
        "slots.a in ['x', 'y'] and not slots.b",
        "slots.a is not none",
        "value != 1",
        "slots.a",
        "slots.a | major == 1",
        "' ' ~ user.first_name if user.first_name else ''",
    ],
)
def test_what_flows_say_most_is_plain(source: str) -> None:
    """The conditions of an ordinary flow never meet a template."""
    assert function(Expression(source).tree) is not None


@pytest.mark.parametrize(
    "source", ["slots.a | first", "slots.a + 1", "slots.a == 1 == 1", "'x' if slots.a", "slots['a']"]
)
def test_everything_else_is_left_to_jinja(source: str) -> None:
    """Filters that need Jinja2, arithmetic, chains and choices without `else` are compiled."""
    assert function(Expression(source).tree) is None


def test_a_list_is_made_anew() -> None:
    """A value that is kept is not shared with the flow."""
    expression = Expression("['x']")
    scope = Scope({})
    first = expression.evaluate(scope)
    first.append("y")
    assert expression.evaluate(scope) == ["x"]
