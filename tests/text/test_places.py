"""Cutting `{{ expression }}` out of a text, before anything else reads the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.nodes import Text, Var
from bot.text.places import MAX_PLACES, MarkdownError, cut, has_place, runs

LITERALS = st.text("ab'\"}{% \\", max_size=6).map(repr) | st.just("'}}'") | st.just('"}}"')
EXPRESSIONS = (
    st.lists(st.sampled_from(["slots.x", "==", "or", "-1", "}", "\n"]) | LITERALS, min_size=1)
    .map(" ".join)
    .filter(str.strip)
)
OUTSIDE = st.text("ab}'\"\n *")


def test_a_text_without_places_stays_as_it_is() -> None:
    """Nothing is cut where there is nothing to cut."""
    assert cut("a { b } c }} d").text == "a { b } c }} d"


@pytest.mark.parametrize(
    ("source", "expressions"),
    [
        ("{{ a }}{{b}}", ("a", "b")),
        ("{{ '}}' }}", ("'}}'",)),
        ("{{ \"}}\" ~ '{{' }}", ("\"}}\" ~ '{{'",)),
        (r"{{ 'it\'s }}' }}", (r"'it\'s }}'",)),
        ("{{ '{%' }} and {{ '{#' }}", ("'{%'", "'{#'")),
        ("{{ a\n  if b }}", ("a\n  if b",)),
        ("{{{ a }}}", ("{ a",)),
        ("{{ -slots.x }}", ("-slots.x",)),
    ],
)
def test_expressions_are_found(source: str, expressions: tuple[str, ...]) -> None:
    """Quotes inside an expression hide braces; the inner source comes back stripped."""
    assert cut(source).expressions == expressions


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("a\nb {{ c", 1, "not closed"),
        ("{{ c }", 0, "not closed"),
        ("{{ it's }}", 0, "close every quote"),
        ("{{ a }}\n{{  }}", 1, "is empty"),
        ("{{}}", 0, "is empty"),
        ("a\n\n{% if b %}", 2, r"only \{\{ value \}\} may be used in texts, not \{%: use `when:` on steps"),
        ("{# note #}", 0, r"only \{\{ value \}\} may be used in texts, not \{#"),
        ("{{ a }} {% b", 0, "only"),
        ("{{- a }}", 0, "with spaces inside the braces"),
        ("{{ a -}}", 0, "with spaces inside the braces"),
        ("{{ a\n}}\n{{", 2, "not closed"),
        ("a\n\U000f0000", 1, r"U\+F0000 is reserved"),
        ("{{ '\U000f00ff' }}", 0, r"U\+F00FF is reserved"),
        ("{{ a }}" * (MAX_PLACES + 1), 0, "at most 256 values"),
    ],
)
def test_malformed_places_are_refused(source: str, line: int, message: str) -> None:
    """The error says what to write instead, and on which line of the source."""
    with pytest.raises(MarkdownError, match=message) as caught:
        cut(source)
    assert (caught.value.line, caught.value.message) == (line, str(caught.value))


def test_the_most_places_a_text_may_have() -> None:
    """Each place up to the limit has a stand-in of its own."""
    found = cut("{{ a }}" * MAX_PLACES)
    assert list(runs(found.text)) == [Var(index) for index in range(MAX_PLACES)]


def test_lines_are_counted_in_the_source() -> None:
    """Line breaks inside an expression are cut out with it, and counted back in."""
    found = cut("{{ a\n\nb }} c\nd {{ e\n }}\nf")
    assert found.text.count("\n") == 2
    assert [found.source_line(line) for line in range(3)] == [0, 3, 5]


@given(st.lists(st.tuples(OUTSIDE, EXPRESSIONS), max_size=5), OUTSIDE)
def test_what_was_cut_can_be_put_back(parts: list[tuple[str, str]], rest: str) -> None:
    """Texts and expressions alternate as they were written, whatever quotes hold."""
    found = cut("".join(f"{text}{{{{ {expression} }}}}" for text, expression in parts) + rest)
    assert found.expressions == tuple(expression.strip() for _, expression in parts)
    shown = "".join(node.value if isinstance(node, Text) else f"<{node.index}>" for node in runs(found.text))
    assert shown == "".join(f"{text}<{index}>" for index, (text, _) in enumerate(parts)) + rest


def test_runs_take_the_style_of_their_place() -> None:
    """A place is styled like the text around it, and text between two places is one node."""
    style = (True, False, True, False)
    text = cut("a{{ b }}{{ c }}d").text
    assert has_place(text)
    assert list(runs(text, style)) == [
        Text("a", bold=True, strike=True),
        Var(0, bold=True, strike=True),
        Var(1, bold=True, strike=True),
        Text("d", bold=True, strike=True),
    ]
    assert list(runs("")) == []
