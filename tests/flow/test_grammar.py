"""The grammar of expressions: everything that is not on the list is refused when the flow is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.parser import Parser

from bot.flow.filters import FILTERS, TESTS
from bot.flow.grammar import _SYNTAX, MAX_SOURCE, ROOTS, ExpressionError, parse


@pytest.mark.parametrize(
    ("source", "words"),
    [
        # more, or something else, than one expression
        ("", "cannot be read"),
        ("slots.x slots.y", "is not one expression"),
        ("slots.x = 'y'", "not one expression; to compare, write `==`"),
        ("slots.x == 'y' AND slots.z", "not one expression; write `and` in small letters"),
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
        parse(source)
    assert words in str(refused.value)


@pytest.mark.parametrize("kind", ["filter", "test"])
def test_known_names_are_listed(kind: str) -> None:
    """Who misspells one is told which there are."""
    known = FILTERS if kind == "filter" else TESTS
    with pytest.raises(ExpressionError) as refused:
        parse("slots.x | uper" if kind == "filter" else "slots.x is nonne")
    assert ", ".join(sorted(known)) in str(refused.value)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True) | st.sampled_from(
    ["in", "not", "is", "if", "else", "true", "none", "items", "keys", "format", "mro"]
)


@given(st.sampled_from(sorted(ROOTS)), NAMES)
def test_a_plain_read_needs_no_parser(root: str, name: str) -> None:
    """What is recognised as `root.name` without Jinja's parser is the tree that the parser makes."""
    assert parse(f"{root}.{name}") == Parser(_SYNTAX, f"{root}.{name}", state="variable").parse_expression()


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
        parse(source)


def test_long_expressions_are_refused() -> None:
    """A longer one is no condition that anybody can read."""
    assert parse("'" + "x" * (MAX_SOURCE - 2) + "'")
    with pytest.raises(ExpressionError, match="at most 500"):
        parse("'" + "x" * (MAX_SOURCE - 1) + "'")
