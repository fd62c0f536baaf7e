"""Arms of a `next:` list that are never taken."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found

QUESTION = """
    slots: {x: {type: choice}}
    steps:
      - id: a
        collect: x
        prompt: Which?
        choices: [{id: one, label: One, next: c}, {id: two, label: Two}, {id: three, label: Three}]
        next:
          - {if: "slots.x == 'two'", then: b}
          - {if: "CONDITION", then: c} MARK
          - {else: d}
      - {id: b, end: b}
      - {id: c, end: c}
      - {id: d, end: d}
    """


def question(condition: str, mark: str = "") -> str:
    """A question whose second arm has this condition; its first choice leads elsewhere itself."""
    return QUESTION.replace("CONDITION", condition).replace(" MARK", mark)


EXAMPLES = [
    Example("never-taken", question("slots.x == 'one'", " #!"), question("slots.x == 'three'")),
    Example("never-taken", question("slots.x in ['one', 'two']", " #!"), question("slots.x in ['two', 'three']")),
    Example("never-taken", question("'two' == slots.x", " #!"), question("slots.x != 'two'")),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


@pytest.mark.parametrize("condition", ["slots.x == 'two' or slots.x == 'three'", "not slots.x == 'two'", "slots.x"])
def test_other_conditions_are_left_alone(condition: str) -> None:
    """Only what is nothing but a comparison is judged."""
    assert found(question(condition)) == []


def test_the_arms_of_a_step_that_asks_nothing() -> None:
    """What an arm takes is gone for those below it, wherever they stand."""
    text = """
        slots: {x: {type: choice}}
        steps:
          - {id: q, collect: x, prompt: Which?, choices: [{id: one, label: One}, {id: two, label: Two}]}
          - id: a
            say: Well.
            next: [{if: "slots.x == 'one'", then: b}, {if: "slots.x == 'one'", then: c}, {else: c}]
          - {id: b, end: b}
          - {id: c, end: c}
        """
    assert [code for code, _ in found(text)] == ["never-taken"]
