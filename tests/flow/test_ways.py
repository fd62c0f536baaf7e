"""The ways on from one step; what is made of them is in the tests of the paths."""

from __future__ import annotations

import pytest

from bot.flow.ways import OTHER, Place, Way, Ways
from tests.flow.made import program

FLOW = """
slots: {x: {type: choice}, y: {type: text}}
steps:
  - {id: x, collect: x, prompt: Which?, choices: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C}]}
  - {id: y, when: "slots.x == 'a'", collect: y, prompt: And?, optional: true}
  - {id: person, handoff: {}}
"""


def test_answers_that_nobody_asks_about_are_alike() -> None:
    """What is known at a place is what matters from there on, and no more."""
    ways = Ways(program(FLOW))
    begun = ways.begin({})
    assert begun == Place("f", "x", ())
    assert list(ways.of(begun)) == [
        Way(Place("f", "y", (("x", "a"),)), asks=True, answer="a"),
        Way(Place("f", "y", (("x", OTHER),)), asks=True, answer="b"),
        Way(Place("f", "y", (("x", OTHER),)), asks=True, answer="c"),
    ]


def test_a_step_that_is_passed_over_asks_nothing() -> None:
    """And behind the last condition nothing needs to be known any more."""
    ways = Ways(program(FLOW))
    assert list(ways.of(Place("f", "y", (("x", OTHER),)))) == [Way(Place("f", "person", ()))]
    asked = list(ways.of(Place("f", "y", (("x", "a"),))))
    assert [(way.to, way.answer) for way in asked] == [
        (Place("f", "person", ()), "in words"),
        (Place("f", "person", ()), "not answered"),
    ]


def test_what_leads_out_of_a_flow() -> None:
    """A person, another flow, an end, a called flow, and the end of the file."""
    text = """
        steps:
          - {id: a, handoff: {}}
          - {id: b, goto: other}
          - {id: c, end: over}
          - {id: d, call: other}
          - {id: e, say: Well.}
        """
    ways = Ways(program(text))
    assert [next(ways.of(Place("f", step, ()))).to for step in "abcde"] == ["handoff", "goto", "end", "call", ""]
    assert list(ways.behind(Place("f", "d", ()))) == [Place("f", "e", ())]


def test_only_a_call_calls() -> None:
    """Nothing comes back to any other step."""
    with pytest.raises(TypeError, match="x calls nothing"):
        Ways(program(FLOW)).call(Place("f", "x", ()))
