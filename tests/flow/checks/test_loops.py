"""Circles within a turn."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found, problems

EXAMPLES = [
    Example(
        "cycle-without-wait",
        """
        steps:
          - {id: a, say: One} #!
          - {id: b, say: Two, next: c}
          - {id: c, say: Three, next: [{if: now.hour > 12, then: a}, {else: d}]}
          - {id: d, say: Four}
        """,
        """
        slots: {x: {type: text, ask_again: true}}
        steps:
          - {id: a, say: One}
          - {id: b, collect: x, prompt: Two?, next: c}
          - {id: c, say: Three, next: [{if: now.hour > 12, then: a}, {else: d}]}
          - {id: d, say: Four}
        """,
    ),
    Example(
        "cycle-without-wait",
        """
        flow: f
        version: 1
        title: F
        steps:
          - {id: a, call: g} #!
          - {id: b, say: Two, next: [{if: now.hour > 12, then: a}, {else: c}]}
          - {id: c, say: Three}
        ---
        flow: g
        version: 1
        title: G
        steps:
          - {id: a, goto: h}
        ---
        flow: h
        version: 1
        title: H
        steps:
          - {id: a, say: Here.}
        """,
        """
        flow: f
        version: 1
        title: F
        steps:
          - {id: a, call: g}
          - {id: b, say: Two, next: [{if: now.hour > 12, then: a}, {else: c}]}
          - {id: c, say: Three}
        ---
        flow: g
        version: 1
        title: G
        steps:
          - {id: a, goto: h}
        ---
        flow: h
        version: 1
        title: H
        slots: {x: {type: text}}
        steps:
          - {id: a, collect: x, prompt: Here?}
        """,
    ),
    Example(
        "circular-call",
        """
        flow: f
        version: 1
        title: F
        steps:
          - {id: a, say: A}
          - {id: b, call: g, when: now.hour > 12} #!
        ---
        flow: g
        version: 1
        title: G
        steps:
          - {id: a, goto: f}
        """,
        """
        flow: f
        version: 1
        title: F
        slots: {x: {type: yes_no}}
        steps:
          - {id: a, collect: x, prompt: Again?}
          - {id: b, call: g, when: "slots.x == 'yes'"}
        ---
        flow: g
        version: 1
        title: G
        steps:
          - {id: a, goto: f}
        """,
    ),
    Example(
        "circular-call",
        """
        steps:
          - {id: a, goto: f} #!
        """,
        """
        steps:
          - {id: a, handoff: {}}
          - {id: b, goto: f}
        """,
    ),
    Example(
        "asked-once",
        """
        slots: {x: {type: yes_no}}
        steps:
          - {id: a, say: Welcome.}
          - {id: b, collect: x, prompt: Once more?, next: [{if: "slots.x == 'yes'", then: c}, {else: d}]} #!
          - {id: c, say: "Good, once more.", next: b}
          - {id: d, say: Enough.}
        """,
        """
        slots: {x: {type: yes_no, ask_again: true}}
        steps:
          - {id: a, say: Welcome.}
          - {id: b, collect: x, prompt: Once more?, next: [{if: "slots.x == 'yes'", then: c}, {else: d}]}
          - {id: c, say: "Good, once more.", next: b}
          - {id: d, say: Enough.}
        """,
    ),
    Example(
        "asked-once",
        """
        slots: {x: {type: text}}
        steps:
          - {id: a, say: Welcome.}
          - id: b #!
            form: g
            title: G
            submit: S
            fields: [{collect: x, prompt: What?}]
          - {id: c, rule: r, text: R, accept: Fine}
          - {id: d, action: hook, on_error: d, next: [{if: now.hour > 12, then: b}, {else: e}]}
          - {id: e, say: Enough.}
        """,
        """
        slots: {x: {type: text}}
        steps:
          - {id: a, say: Welcome.}
          - id: b
            form: g
            title: G
            submit: S
            fields: [{collect: x, prompt: What?}]
          - {id: c, rule: r, text: R, accept: Fine}
          - {id: d, set: {x: null}, next: [{if: now.hour > 12, then: b}, {else: e}]}
          - {id: e, say: Enough.}
        """,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_a_circle_is_shown() -> None:
    """The message goes round it once, by the shortest way."""
    assert [each.message.partition(":")[0] for each in problems(EXAMPLES[0].broken)] == ["a → b → c → a"]
    assert [each.message.partition(":")[0] for each in problems(EXAMPLES[2].broken)] == ["f → g → f"]
    assert [each.message.partition(":")[0] for each in problems(EXAMPLES[3].broken)] == ["f → f"]


@pytest.mark.parametrize(
    "step",
    [
        "{id: b, collect: x, prompt: What?, next: c, on_max_attempts: a}",
        "{id: b, collect: x, prompt: What?, next: c, timeout: {after: 1d, then: a}}",
        "{id: b, rule: r, text: R, accept: Fine, decline: {label: Never, next: a}}",
        "{id: b, action: hook, on_error: a}",
    ],
)
def test_what_has_no_answer_is_asked_again(step: str) -> None:
    """The way of those who did not answer, declined or failed comes back to a step that waits once more."""
    text = f"slots: {{x: {{type: text}}}}\nsteps:\n  - {{id: a, say: A}}\n  - {step}\n  - {{id: c, say: C}}\n"
    assert found(text) == []


def test_an_action_with_other_arguments_is_performed_again() -> None:
    """Its result counts once per key, and the key holds the arguments."""
    text = """
        slots: {{x: {{type: text}}}}
        steps:
          - {{id: a, collect: x, prompt: What?}}
          - {{id: b, action: hook, with: {{of: {0}}}, next: [{{if: now.hour > 12, then: b}}, {{else: c}}]}}
          - {{id: c, say: C}}
        """
    assert [code for code, _ in found(text.format("one"))] == ["asked-once"]
    assert found(text.format('"{{ slots.x }}"')) == []
