"""What flows owe to each other and to the engine."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found, problems

EXAMPLES = [
    Example(
        "duplicate-command",
        """
        flow: f
        version: 1
        title: F
        triggers: [{command: start}]
        steps: [{id: a, say: A}]
        ---
        flow: g
        version: 1
        title: G
        triggers: [{words: begin}, {command: start}] #!
        steps: [{id: a, say: A}]
        """,
        """
        flow: f
        version: 1
        title: F
        triggers: [{command: start}]
        steps: [{id: a, say: A}]
        ---
        flow: g
        version: 1
        title: G
        triggers: [{words: begin}, {command: begin}]
        steps: [{id: a, say: A}]
        """,
    ),
]

WORDS = "flow: pattern_words\nversion: 1\ntitle: Words\ntexts: {0}\nsteps:\n  - {{id: a, end: done}}\n"
BACK = "flow: pattern_back\nversion: 1\ntitle: Back\nsteps:\n  - {id: a, say: A}\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_the_message_names_the_flow_that_has_the_command() -> None:
    """Also where that is in another file."""
    started = "flow: {}\nversion: 1\ntitle: F\ntriggers: [{{command: start}}]\nsteps: [{{id: a, say: A}}]\n"
    (problem,) = problems(started.format("f"), started.format("g"))
    assert (problem.file, problem.message) == ("1.yaml", "`/start` already starts `f`")


def test_patterns_are_asked_for_where_there_are_some() -> None:
    """A deployment that has repair patterns needs all of them; a flow alone can be checked without any."""
    assert problems("steps:\n  - {id: a, say: A}\n", patterns=["back", "human"], words=["yes"]) == ()
    assert problems(BACK, patterns=["back"]) == ()
    (problem,) = problems(BACK, patterns=["back", "human"])
    assert (problem.code, problem.line) == ("missing-pattern", 1)
    assert problem.message == "the repair pattern `pattern_human` is missing"


def test_a_pattern_that_is_nearly_called_so_is_suggested() -> None:
    """Beside what is missing stands what might have been meant."""
    (problem,) = problems(BACK, patterns=["bak"])
    assert problem.hint == "did you mean `pattern_back`?"


def test_missing_patterns_are_told_at_the_wordings() -> None:
    """Once, and not in the flows of the deployment."""
    found_here = problems(BACK, WORDS.format('{"yes": Yes}'), patterns=["back", "human", "why"])
    assert [(each.code, each.file) for each in found_here] == [("missing-pattern", "1.yaml")] * 2


def test_wordings_are_complete() -> None:
    """Each wording that the engine uses is there."""
    assert problems(WORDS.format('{"yes": Yes, "no": No}'), words=["yes", "no"]) == ()
    (problem,) = problems(WORDS.format('{"yes": Yes, skp: Skip}'), words=["yes", "skip"])
    assert (problem.code, problem.line, problem.hint) == ("missing-wording", 4, "did you mean `skp`?")


def test_the_wordings_themselves_are_a_pattern() -> None:
    """Without the flow that holds them, it is the flow that is missing."""
    assert [each.code for each in problems(BACK, words=["yes"])] == ["missing-pattern"]
