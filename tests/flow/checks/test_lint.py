"""`lint:` on a step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.flow.checks.lint import JUDGED, LOAD_BEARING
from tests.flow.checks.examples import Example, found, problems

EXAMPLES = [
    Example(
        "unknown-lint",
        "steps:\n  - {id: a, say: A, lint: {allow: deadend, why: it looks better}} #!\n",
        "steps:\n  - {id: a, say: A, lint: {allow: dead-end, why: it looks better}}\n",
    ),
    Example(
        "unknown-lint",
        "steps:\n  - id: a\n    say: A\n    lint:\n      why: a good reason\n      allow:\n        - unknown-slot #!\n",
        "steps:\n  - id: a\n    say: A\n    lint:\n      why: a good reason\n      allow:\n        - unset-slot\n",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


@pytest.mark.parametrize(
    "step",
    [
        'say: "{{ slots.x }}"',
        'form: g, title: G, submit: S, fields: [{collect: y, prompt: "{{ slots.x }}"}]',
    ],
)
def test_a_step_keeps_what_its_author_has_looked_at(step: str) -> None:
    """Only that code, and only on that step, a form's fields included."""
    text = (
        "slots: {{x: {{type: text}}, y: {{type: text}}}}\nsteps:\n"
        "  - {{id: a, {0}, next: c{1}}}\n  - {{id: b, {0}}}\n  - {{id: c, say: C}}\n"
    )
    assert found(text.format(step, "")) == [("never-set", 6), ("unreachable-step", 7)]
    allowed = ", lint: {allow: [never-set, unreachable-step], why: the next release sets it}"
    assert found(text.format(step, allowed)) == [("unreachable-step", 7)]


def test_what_the_engine_could_not_run_is_never_silenced() -> None:
    """The target is wrong, whatever its author says of it."""
    text = "steps:\n  - {id: a, say: A, next: b, lint: {allow: unresolved-target, why: b comes later}}\n"
    assert sorted(found(text)) == [("unknown-lint", 5), ("unresolved-target", 5)]
    hints = [each.message for each in problems(text) if each.code == "unknown-lint"]
    assert hints == ["`unresolved-target` cannot be silenced"]


def test_every_code_of_a_proof_is_in_one_of_the_two_lists() -> None:
    """A new code says whether a step may allow it."""
    sources = Path(__file__).parents[3].joinpath("bot/flow/checks").glob("*.py")
    codes = {code for file in sources for code in re.findall(r'Finding\(\s*"([a-z-]+)"', file.read_text("utf-8"))}
    assert codes | {"duplicate-step", "duplicate-choice"} == JUDGED | LOAD_BEARING
    assert JUDGED.isdisjoint(LOAD_BEARING)
