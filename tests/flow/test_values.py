"""Single values of a flow file: what is taken for what, and what is refused with which code."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import SchemaValidator, ValidationError

from bot.flow.expressions import Expression
from bot.flow.texts import Text
from bot.flow.understanding import shape
from bot.flow.values import Bound, Condition, Flag, Id, Seconds, Synonyms, Texts, Value

KINDS = {
    "Bound": Bound,
    "Condition": Condition,
    "Flag": Flag,
    "Id": Id,
    "Seconds": Seconds,
    "Synonyms": Synonyms,
    "Texts": Texts,
    "Value": Value,
}
READERS = {name: SchemaValidator(shape(kind)) for name, kind in KINDS.items()}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


def read(kind: str, value: object) -> Any:
    """The value as a flow has it, or the code of its refusal."""
    try:
        return READERS[kind].validate_python(value)
    except ValidationError as error:
        return error.errors()[0]["type"]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("Id", "a_1", "a_1"),
        ("Id", "no", "no"),
        ("Id", "a" * 64, "a" * 64),
        ("Id", "a" * 65, "string_too_long"),
        ("Id", "1a", "string_pattern_mismatch"),
        ("Id", "_a", "string_pattern_mismatch"),
        ("Id", "a\n", "string_pattern_mismatch"),
        ("Id", "é", "string_pattern_mismatch"),
        ("Id", True, "string_type"),
        ("Id", None, "string_type"),
        ("Flag", True, True),
        ("Flag", "true", "bool_type"),
        ("Bound", 3, 3.0),
        ("Bound", "3", "float_type"),
        ("Bound", float("inf"), "finite_number"),
        ("Seconds", "1s", 1),
        ("Seconds", "30m", 1800),
        ("Seconds", "25h", 90000),
        ("Seconds", "7d", 604800),
        ("Seconds", "2w", 1209600),
        ("Seconds", "3650d", 315360000),
        ("Seconds", "3651d", "bad-duration"),
        ("Seconds", "999999w", "bad-duration"),
        ("Seconds", "0d", "bad-duration"),
        ("Seconds", "1 d", "bad-duration"),
        ("Seconds", "1d12h", "bad-duration"),
        ("Seconds", "1D", "bad-duration"),
        ("Seconds", "-1d", "bad-duration"),
        ("Seconds", "1.5d", "bad-duration"),
        ("Seconds", "٣d", "bad-duration"),
        ("Seconds", 30, "bad-duration"),
        ("Condition", 3, "bad-expression"),
        ("Condition", None, "bad-expression"),
        ("Condition", "", "bad-expression"),
        ("Condition", "{{ slots.x }}", "bad-expression"),
        ("Value", "text", "text"),
        ("Value", " {{ slots.x }}", "bad-expression"),
        ("Value", "{{ slots.x }}, {{ slots.y }}", "bad-expression"),
        ("Value", "so {{ slots.x }}", "bad-expression"),
        ("Value", "{{ nobody }}", "bad-expression"),
        ("Value", ["a", "{{ slots.x }}"], "bad-expression"),
        ("Value", {"a": 1}, "bad-value"),
        ("Value", [["a"]], "bad-value"),
        ("Value", float("nan"), "bad-value"),
        ("Value", [float("inf")], "bad-value"),
        ("Synonyms", [True], "bad-value"),
        ("Synonyms", [None], "bad-value"),
        ("Synonyms", [["a"]], "bad-value"),
        ("Synonyms", ["yes, please"], "bad-value"),
        ("Synonyms", [], "string_too_short"),
        ("Synonyms", 3, "string_type"),
        ("Texts", [], "too_short"),
        ("Texts", [""], "string_too_short"),
        ("Texts", [3], "string_type"),
    ],
)
def test_readings_and_refusals(kind: str, value: object, expected: object) -> None:
    """Each value is what it says, and what merely looks like it is refused."""
    found = read(kind, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("value", "source"), [(True, "true"), (False, "false"), (" slots.x ", "slots.x")])
def test_conditions(value: object, source: str) -> None:
    """A condition is an expression without braces; YAML's own `true` and `false` are conditions too."""
    found = read("Condition", value)
    assert isinstance(found, Expression)
    assert found.source == source


def test_an_expression_as_a_value() -> None:
    """A text that is nothing but one place is that expression, whatever its value will be."""
    found = read("Value", "{{ slots.orders }}")
    assert isinstance(found, Expression)
    assert found.source == "slots.orders"


@given(SCALARS | st.lists(SCALARS))
def test_literals_stay_what_they_are(value: object) -> None:
    """Scalars and lists of them are values as they stand, unless they hold what looks like a place."""
    if "{{" not in str(value):
        assert read("Value", value) == value


@pytest.mark.parametrize(
    ("value", "source"),
    [(["woo", "wordpress"], "woo, wordpress"), ([1.6, 2], "1.6, 2"), ("woo, wordpress", "woo, wordpress")],
)
def test_synonyms_become_one_text(value: object, source: str) -> None:
    """So that a translator may give more of them, or fewer."""
    found = read("Synonyms", value)
    assert isinstance(found, Text)
    assert found.source == source


@pytest.mark.parametrize(("value", "sources"), [("One.", ["One."]), (["One.", "Two."], ["One.", "Two."])])
def test_texts_are_one_or_several(value: object, sources: list[str]) -> None:
    """A lone text is a list of one."""
    assert [each.source for each in read("Texts", value)] == sources
