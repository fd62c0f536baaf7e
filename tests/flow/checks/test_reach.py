"""Where the steps of a flow lead."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found, problems

HUMAN = "flow: pattern_human\nversion: 1\ntitle: A person\nsteps:\n"

EXAMPLES = [
    Example(
        "unreachable-step",
        """
        steps:
          - {id: a, say: One, next: c}
          - {id: b, say: Two} #!
          - {id: c, say: Three}
        """,
        """
        steps:
          - {id: a, say: One, next: c, when: now.hour > 12}
          - {id: b, say: Two}
          - {id: c, say: Three}
        """,
    ),
    Example(
        "unreachable-step",
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: One, next: d}
              - {id: two, label: Two, next: d}
          - {id: b, say: Neither., next: c} #!
          - {id: c, say: Told once.}
          - {id: d, say: Good.}
        """,
        """
        slots: {x: {type: choice, also: text}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: One, next: d}
              - {id: two, label: Two, next: d}
          - {id: b, say: Neither., next: c}
          - {id: c, say: Told once.}
          - {id: d, say: Good.}
        """,
    ),
    Example(
        "unreachable-step",
        """
        steps:
          - {id: a, end: done}
          - {id: b, say: Too late.} #!
        """,
        """
        steps:
          - {id: b, say: In time.}
          - {id: a, end: done}
        """,
    ),
    Example(
        "dead-end",
        """
        slots: {x: {type: text, ask_again: true}}
        steps:
          - {id: a, say: Hello.} #!
          - {id: b, collect: x, prompt: And?}
          - {id: c, say: Go on., next: b}
        """,
        """
        slots: {x: {type: text, ask_again: true}}
        steps:
          - {id: a, say: Hello.}
          - {id: b, collect: x, prompt: And?, on_max_attempts: d}
          - {id: c, say: Go on., next: b}
          - {id: d, handoff: {}}
        """,
    ),
    Example(
        "unreachable-human",
        """
        flow: pattern_human #!
        version: 1
        title: A person
        steps:
          - {id: a, say: Nobody is there.}
        """,
        """
        flow: pattern_human
        version: 1
        title: A person
        steps:
          - {id: a, say: Somebody comes.}
          - {id: b, handoff: {}}
        """,
    ),
    Example(
        "unreachable-human",
        """
        flow: pattern_human #!
        version: 1
        title: A person
        steps:
          - {id: a, call: calling}
        ---
        flow: calling
        version: 1
        title: Calling
        steps:
          - {id: a, say: Nobody is there.}
          - {id: b, goto: pattern_human, when: now.hour > 12}
        """,
        """
        flow: pattern_human
        version: 1
        title: A person
        steps:
          - {id: a, call: calling}
        ---
        flow: calling
        version: 1
        title: Calling
        steps:
          - {id: a, handoff: {}}
        """,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert [each for each in found(example.broken) if each[0] != "circular-call"] == example.expected
    assert found(example.fixed) == []


def test_a_graph_with_holes_is_not_judged() -> None:
    """Where a target is wrong, the steps behind it are not called unreachable as well."""
    assert found("steps:\n  - {id: a, say: A, next: c}\n  - {id: b, say: B}\n") == [("unresolved-target", 5)]
    assert found(f"{HUMAN}  - {{id: a, say: A, next: c}}\n") == [("unresolved-target", 5)]


def test_a_dead_end_is_told_once() -> None:
    """The steps of a trap, and those that lead into it, are one mistake."""
    trap = """
        slots: {x: {type: text, ask_again: true}, y: {type: text, ask_again: true}}
        steps:
          - {id: a, collect: x, prompt: One?, on_max_attempts: out}
          - {id: b, collect: y, prompt: Two?}
          - {id: c, collect: x, prompt: Three?, next: b}
          - {id: out, end: done}
        """
    (problem,) = problems(trap)
    assert (problem.code, problem.line) == ("dead-end", 7)
