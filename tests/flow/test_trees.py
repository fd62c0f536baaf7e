"""Plain conditions become the trees that Jinja2's parser makes of them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.flow.grammar import parse
from bot.flow.trees import tree
from tests.flow.test_conditions import WORDS
from tests.searching import examples


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join))
@example("slots.a == 'x' or slots.a != \"y\" and not slots.b is none")
@example("slots.a not in ['x', 1] and slots.b is not none and true")
@example("slots.a in slots.b and slots.c == none")
def test_the_tree_is_the_parsers(source: str) -> None:
    """Whatever is read here, the parser reads it, and says the same of it."""
    found = tree(source)
    if found is not None:
        assert found == parse(source)
        assert repr(found) == repr(parse(source))


def test_what_is_no_plain_condition_has_none_here() -> None:
    """The parser is asked then."""
    assert tree("slots.a | length > 2") is None
    assert tree("slots.a == 'x'") is not None
