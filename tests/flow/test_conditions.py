"""Conditions that are read without Jinja2: they mean what Jinja2 would say."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.flow.compiled import Compiled, context, references
from bot.flow.conditions import condition
from bot.flow.expressions import Slots
from bot.flow.grammar import parse
from tests.flow.made import ROOT
from tests.searching import examples

WORDS = [
    *("slots.a", "slots.b", "case.id", "pattern.none", "slots", "nobody.a", "slots.a.b", "slots._a", "slots.in"),
    *("and", "or", "not", "is", "in", "none", "true", "false", "==", "!=", "<", "[", "]", ",", "(", ")", "|", "~", "-"),
    *("summary", "if", "else", "| major"),
    *("'x'", '"y"', "'it\\'s'", "''", "1", "01", "1.5", "1_0", "is none", "is not none", "not in", "['x', 1]", "[]"),
]
VALUES = st.none() | st.booleans() | st.sampled_from([0, 1, "x", "y", "", ["x"], ["x", 1]])


def value(function: Any, values: dict[str, Any]) -> Any:
    """What is evaluated; that it fails counts as a value."""
    try:
        return repr(function(values))
    except (TypeError, LookupError, ValueError):
        return "failed"


@settings(max_examples=examples(500))
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join),
    st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES}),
)
@example("slots.a == 'x' or slots.a == 'y' and not slots.b is none", {"a": "x"})
@example("slots.a  not  in ['x',1] and slots.b", {"b": "y"})
@example("slots.a ~ '-' ~ slots.b or slots.b", {"b": 1})
@example("slots.a ~ 'x' if slots.b else pattern if slots.a == 1 else none", {"a": 1})
@example("slots.a|major == 1 or 3 == slots.b  |  major", {"a": "1.2"})
@example("slots.a == 'x' | major ~ slots.b", {"a": -1})
@example("1 if slots.a or 2 if slots.b else slots", {"a": 0})
def test_a_condition_means_what_jinja_would_say(source: str, slots: dict[str, Any]) -> None:
    """Whatever is read here can be parsed there, reads the same and has the same value."""
    found = condition(source)
    if found is None:
        return
    tree = parse(source)
    scope = {"slots": Slots(slots), "case": {"id": "T-1"}, "pattern": Slots({}), "summary": "s"}
    assert found.references == references(tree)
    assert value(found.made, scope) == value(lambda _: Compiled(tree).evaluate(context(scope)), scope)


@pytest.mark.parametrize(
    "source",
    [
        "slots.platform == 'magento2'",
        "slots.environment == 'live' and slots.reproducible == 'no'",
        "slots.a1 == 'c1' or slots.a2 in ['x', 'y']",
        "slots.a is not none and not slots.b",
        "user.first_name",
        "slots.a ~ '-15'",
        "value != 3 or slots.a",
        "summary",
        "slots.version | major == 2",
        "' ' ~ user.first_name if user.first_name else ''",
    ],
)
def test_what_flows_are_full_of_is_read_here(source: str) -> None:
    """Conditions, and values that are put together."""
    assert condition(source) is not None


@pytest.mark.parametrize(
    "source",
    [
        "",
        "nobody",
        "slots.a if slots.b",
        "slots.a | length",
        "slots.a > 1",
        "(slots.a)",
        "slots.a == 1 == 1",
        "slots.a ~ slots.b is none",
        "'a\nb'",
        " and ".join(["slots.a"] * 20),
    ],
)
def test_everything_else_is_left_to_jinja(source: str) -> None:
    """Also what is wrong: who reads all of the language says what."""
    assert condition(source) is None


def test_jinja_is_not_loaded_for_conditions() -> None:
    """Nor anything else that only some flows need: a process starts faster. No shipped flow needs Jinja2."""
    code = (
        "import sys, bot.engine.turn; from bot.flow.expressions import Expression, Scope;"
        "Expression('slots.a == 1').evaluate(Scope({'slots': {'a': 1}}));"
        "print({'jinja2', 'babel', 'dateparser', 'markdown_it'} & sys.modules.keys());"
        "from bot.flow.loader import load; from pathlib import Path; assert load([Path('flows')]).library().programs;"
        "print({'jinja2', 'pydantic'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "set()\nset()\n"
