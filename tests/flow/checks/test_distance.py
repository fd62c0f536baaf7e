"""How far away a person is."""

from __future__ import annotations

import pytest

from bot.flow.checks import distance
from tests.flow.checks.examples import Example, found, problems

THREE = """
    budget: BUDGET
    slots: {x: {type: choice}, y: {type: text}, z: {type: text}}
    steps:
      - id: x
        collect: x
        prompt: Which?
        choices: [{id: one, label: One}, {id: two, label: Two}]
      - {id: y, when: "slots.x == 'one'", collect: y, prompt: And?}
      - {id: z, when: "slots.x == 'two'", collect: z, prompt: And?}
      - {id: r, rule: r, text: R, accept: Fine}
      - id: h
        handoff: {queue: help} MARK
    """


def three(budget: int, mark: str = "") -> str:
    """A flow of four things to be asked, of which each path has three."""
    return THREE.replace("BUDGET", str(budget)).replace(" MARK", mark)


EXAMPLES = [Example("far-handoff", three(2, " #!"), three(3)), Example("far-handoff", three(1, " #!"), three(4))]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_the_longest_way_is_told() -> None:
    """Questions that exclude each other are not counted together."""
    (problem,) = problems(three(2))
    assert problem.message == "up to 3 questions and rules lie before this person, and the flow's budget is 2"
    assert problem.severity == "warning"


def test_a_flow_without_a_person_has_no_distance() -> None:
    """A flow that ends itself may ask what it likes; and so may one whose person nobody reaches."""
    assert found(three(1).replace("handoff: {queue: help}", "end: done")) == []


def test_a_flow_too_large_to_be_walked_is_told_by_its_shortest_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said that has not been proved."""
    monkeypatch.setattr(distance, "_STATES", 1)
    assert found(three(2)) == []
    assert found(three(1)) == [("far-handoff", 15)]
