"""What a picture of a flow shows."""

from __future__ import annotations

import pytest

from bot.flow.drawing.scene import Box, Line, readable, scene, span
from tests.flow.drawing.pictures import all_shipped, shop
from tests.flow.made import program


def test_boxes_in_the_order_of_the_file() -> None:
    """The way in, and every step with how it begins and what can be chosen."""
    assert shop().boxes == (
        Box("(start)", "start", "/shop"),
        Box("hello", "say", "Hello <b> ….", "user.first_name is known"),
        Box("x", "collect", "Which?", "", ("A", "B", "C", "(or words)")),
        Box("form", "form", "Details", "", ("How many?", "Which?")),
        Box("rule", "rule", "A rule.", "", ("Fine", "Never")),
        Box("set", "set", "x: nothing, y: 3, z: x", "y > 3"),
        Box("call", "call", "other"),
        Box("action", "action", "hook"),
        Box("branch", "say", "Well."),
        Box("person", "handoff", "help"),
        Box("away", "end", "gone"),
    )


def test_lines_with_what_must_be_so() -> None:
    """Choices with one target together, conditions, and apart from them what follows refusal, silence and failure."""
    assert shop().lines == (
        Line("(start)", "hello"),
        Line("hello", "x"),
        Line("x", "away", "A, B"),
        Line("x", "form", "otherwise"),
        Line("x", "person", "after 3 attempts", "instead"),
        Line("x", "person", "after 1 day of silence", "instead"),
        Line("form", "away", "D"),
        Line("form", "rule"),
        Line("rule", "set"),
        Line("rule", "person", "Never", "instead"),
        Line("set", "x"),
        Line("set", "call", "if skipped"),
        Line("call", "action"),
        Line("action", "branch"),
        Line("action", "person", "if it fails", "instead"),
        Line("branch", "away", "if x is one of “a”, “b”"),
        Line("branch", "person", "otherwise"),
        Line("person", "away", "if the person gives it back", "instead"),
    )


def test_a_question_whose_every_choice_leads_somewhere() -> None:
    """Has no other way; many choices are counted; behind the last step the flow is over."""
    choices = ", ".join(f"{{id: c{each}, label: C{each}, next: b}}" for each in range(5))
    made = scene(
        program(
            f"slots: {{x: {{type: choice}}}}\nsteps:\n  - {{id: a, collect: x, prompt: Which?, choices: [{choices}]}}\n"
            "  - {id: b, say: B}\n"
        ),
        lambda text: text.source,
    )
    assert made.lines == (
        Line("(start)", "a"),
        Line("a", "b", "C0, C1, C2 and 2 more"),
        Line("b", "(over)"),
    )
    assert made.boxes[0] == Box("(start)", "start", "f")
    assert made.boxes[-1] == Box("(over)", "over", "the flow is over")


def test_targets_that_do_not_exist_are_left_out() -> None:
    """The checks tell of them; a picture can be drawn meanwhile."""
    made = scene(program("steps:\n  - {id: a, say: A, next: nowhere}\n"), lambda text: text.source)
    assert made.lines == (Line("(start)", "a"),)


def test_every_end_of_a_line_is_a_box() -> None:
    """In all shipped flows."""
    for each in all_shipped():
        boxes = {box.id for box in each.boxes}
        assert {end for line in each.lines for end in (line.start, line.end)} <= boxes


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ("slots.x == 'a'", "x is “a”"),
        ("slots.x != 'a' and slots.y is none", "x is not “a” and y is not known"),
        ("slots.x in ['a', \"b\"]", "x is one of “a”, “b”"),
        ("slots.x not in ['a']", "x is none of “a”"),
        ("slots.v | major == 1", "v (major) is 1"),
        ("'a' in slots.x", "“a” in x"),
    ],
)
def test_conditions_are_read_by_people(condition: str, read: str) -> None:
    """No operators, no roots, and constants that cannot be taken for words of the sentence."""
    assert readable(condition) == read


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (90000, "25 hours"), (604800, "1 week")])
def test_durations_in_words(seconds: int, words: str) -> None:
    """The largest unit that fits."""
    assert span(seconds) == words
