"""Every path through a flow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.loader import load
from bot.flow.paths import Arrival, Counts, Paths, TooManyError
from tests.flow.made import ROOT, program

FLOW = """
slots: {x: {type: choice}, y: {type: text}, z: {type: yes_no}}
steps:
  - id: x
    collect: x
    prompt: Which?
    choices: [{id: one, label: One}, {id: two, label: Two}, {id: three, label: Three, next: away}]
    unsure: true
  - {id: y, when: "slots.x == 'one'", collect: y, prompt: And?}
  - {id: r, rule: r, text: R, accept: Fine, decline: {label: No, next: person}}
  - {id: z, collect: z, prompt: Sure?, optional: true, next: [{if: "slots.z == 'yes'", then: person}, {else: away}]}
  - {id: person, handoff: {}}
  - {id: away, end: away}
"""

PERSON, AWAY = Arrival("handoff", "person"), Arrival("end", "away")


def told(text: str, limit: int = 1000) -> dict[Arrival, tuple[int, int, int, int]]:
    """By arrival: how many paths, and the least, median and most questions."""
    found = Paths(program(text)).counts(limit)
    return {arrival: (each.paths, each.least, each.median, each.most) for arrival, each in found.items()}


def test_paths_are_counted_by_their_end() -> None:
    """Answers after which the flow goes on alike are one path, and a skipped question is none."""
    assert told(FLOW) == {PERSON: (4, 2, 3, 4), AWAY: (3, 1, 3, 4)}


def test_walking_agrees_with_counting() -> None:
    """As many paths, each with as many questions, and with the answers that lead along it."""
    found: dict[Arrival, list[int]] = {}
    walked = list(Paths(program(FLOW)).walk())
    for arrival, asked in walked:
        found.setdefault(arrival, []).append(len(asked))
    assert {each: sorted(counts) for each, counts in found.items()} == {PERSON: [2, 3, 3, 4], AWAY: [1, 3, 4]}
    assert walked[0] == (
        PERSON,
        (("x", ("one",)), ("y", ("in words",)), ("r", ("accept",)), ("z", ("yes",))),
    )
    assert (AWAY, (("x", ("three",)),)) in walked
    assert (PERSON, (("x", ("two", "unsure")), ("r", ("decline",)))) in walked
    assert {asked[-1] for _, asked in walked} >= {("z", ("no", "not answered"))}


def test_a_known_answer_is_not_asked_again() -> None:
    """A slot that a step set, or an earlier question filled, asks nothing; its choice leads where it leads."""
    text = FLOW.replace("steps:\n", "steps:\n  - {id: s, set: {x: three}}\n")
    assert told(text) == {AWAY: (1, 0, 0, 0)}
    assert told(text.replace("type: choice}", "type: choice, ask_again: true}")) == told(FLOW)


def test_a_loop_is_left_at_once() -> None:
    """A path that comes back with nothing new known is not counted again."""
    text = """
        slots: {x: {type: choice, ask_again: true}}
        steps:
          - id: x
            collect: x
            prompt: Again?
            choices: [{id: again, label: Again, next: x}, {id: done, label: Done}]
        """
    assert told(text) == {Arrival("", ""): (1, 1, 1, 1)}
    assert len(list(Paths(program(text)).walk())) == 1


def test_forms_calls_actions_and_gotos() -> None:
    """A form asks its fields; what a call or an action brings is open; a failed action goes its own way."""
    text = """
        slots: {x: {type: choices}, y: {type: number}, z: {type: text}}
        steps:
          - id: a
            form: a
            title: A
            submit: Send
            fields:
              - {collect: x, prompt: Which?, choices: [{id: one, label: One}, {id: two, label: Two}]}
              - {collect: y, prompt: How many?}
          - {id: b, call: other, into: {z: w}}
          - {id: c, action: hook, on_error: e}
          - {id: d, when: "slots.z is none", goto: other}
          - {id: e, handoff: {}}
        """
    assert told(text) == {Arrival("goto", "d"): (1, 2, 2, 2), Arrival("handoff", "e"): (2, 2, 2, 2)}


CALLING = """
slots: {x: {type: choice}}
steps:
  - {id: before, call: ask, with: {GIVEN}, into: {x: y}}
  - {id: behind, when: "slots.x is none", call: unknown}
  - {id: person, handoff: {}}
"""
CALLED = """
flow: ask
version: 1
title: Ask
slots: {y: {type: choice}}
steps:
  - id: y
    collect: y
    prompt: Which?
    choices: [{id: a, label: A}, {id: b, label: B, next: over}, {id: c, label: C, next: help}]
  - {id: rule, rule: r, text: R, accept: Fine, next: over}
  - {id: help, handoff: {}}
  - {id: over, end: done}
"""


def called(given: str = "") -> Paths:
    """The paths of a flow that calls another one."""
    programs = {each.id: each for each in (program(CALLING.replace("GIVEN", given)), program(CALLED))}
    return Paths(programs["f"], programs)


def test_what_a_called_flow_asks_is_counted() -> None:
    """It comes back from its ends, and a person may be called inside of it."""
    counts = called().counts(1000)
    assert {arrival: dict(each.by_questions) for arrival, each in counts.items()} == {
        Arrival("handoff", "ask.help"): {1: 1},
        PERSON: {1: 1, 2: 1},  # the flow that nobody knows is passed over, which is as if it was skipped
    }
    walked = {asked for arrival, asked in called().walk() if arrival == PERSON}
    assert walked == {(("ask.y", ("b",)),), (("ask.y", ("a",)), ("ask.rule", ("accept",)))}


def test_what_a_called_flow_is_given_is_not_asked() -> None:
    """Its choice leads where it leads."""
    assert set(called("y: b").counts(1000)) == {PERSON}
    assert dict(called("y: b").counts(1000)[PERSON].by_questions) == {0: 1}


def test_flows_that_call_each_other_for_ever() -> None:
    """Are looked into as deep as the engine would go."""
    circle = program("steps: [{id: a, call: f}, {id: b, handoff: {}}]")
    assert Paths(circle, {"f": circle}).counts(1000) == {Arrival("handoff", "b"): Counts({0: 1})}


def test_too_many_states_are_not_looked_at() -> None:
    """Nobody waits for a flow that nobody could have written."""
    with pytest.raises(TooManyError):
        Paths(program(FLOW)).counts(2)


def test_the_shipped_conversation() -> None:
    """At most fourteen questions and six rules lead to a person, as its author promises."""
    library = load([Path(ROOT / "flows")]).library()
    counts = Paths(library.programs["help_us_help_you"]).counts(2000)
    assert counts[Arrival("handoff", "hand_over")].most == 20


def test_arrivals_in_words() -> None:
    """As messages name them."""
    assert [str(each) for each in (PERSON, Arrival("", ""))] == ["handoff person", "the end of the flow"]


@st.composite
def flows(draw: st.DrawFn) -> str:
    """A flow of a few questions, rules and conditions, which leads forward only."""
    count = draw(st.integers(2, 6))
    steps: list[str] = []
    for number in range(count):
        later = st.sampled_from([f"s{each}" for each in range(number + 1, count + 1)])
        slot = draw(st.integers(0, 2))
        when = draw(st.sampled_from(["", f", when: \"slots.x{draw(st.integers(0, 2))} == 'a'\""]))
        choices = f"[{{id: a, label: A, next: {draw(later)}}}, {{id: b, label: B}}, {{id: c, label: C}}]"
        kinds = [
            f"collect: x{slot}, prompt: P, choices: {choices}, unsure: true",
            f"rule: r{number}, text: R, accept: A, decline: {{label: D, next: {draw(later)}}}",
            f"say: S, next: [{{if: \"slots.x{slot} in ['a', 'b']\", then: {draw(later)}}}, {{else: {draw(later)}}}]",
            f"set: {{x{slot}: b}}",
        ]
        steps.append(f"  - {{id: s{number}, {draw(st.sampled_from(kinds))}{when}}}\n")
    slots = ", ".join(f"x{each}: {{type: choice}}" for each in range(3))
    return f"slots: {{{slots}}}\nsteps:\n{''.join(steps)}  - {{id: s{count}, handoff: {{}}}}\n"


@given(flows())
def test_counting_and_walking_agree(text: str) -> None:
    """In every flow without loops, path by path."""
    walked: dict[tuple[Arrival, int], int] = {}
    for arrival, asked in Paths(program(text)).walk():
        walked[arrival, len(asked)] = walked.get((arrival, len(asked)), 0) + 1
    counts = Paths(program(text)).counts(100_000)
    assert walked == {
        (arrival, questions): paths
        for arrival, each in counts.items()
        for questions, paths in each.by_questions.items()
    }
