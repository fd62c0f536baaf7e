"""Answers that expressions look for, and answers that may not be shown."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found, problems

CHOICE = """
    slots: {x: {type: choice}, y: {type: yes_no}, z: {type: choices}, v: {type: version}}
    steps:
      - {id: a, collect: x, prompt: X?, choices: [{id: one, label: One}, {id: two, label: Two}], UNSURE}
      - {id: b, collect: y, prompt: Y?}
      - {id: c, collect: z, prompt: Z?, choices: [{id: three, label: Three}, {id: four, label: Four}]}
      - {id: d, collect: v, prompt: V?}
      - {id: e, say: Good., when: "CONDITION"}
    """


def condition(source: str, mark: str = "", unsure: str = "unsure: false") -> str:
    """A flow with a step that depends on the answers before it."""
    lines = CHOICE.replace("UNSURE", unsure).replace("CONDITION", source).rstrip()
    return f"{lines}{mark}\n"


SECRET = """
    slots: {x: {type: text, sensitive: true}, y: {type: text}}
    steps:
      - {id: a, collect: x, prompt: X?}
      - {id: b, collect: y, prompt: Y?}
      - {id: c, say: "STEP"}MARK
      - id: d
        handoff:
          summary: [y, SLOT
    """


def secret(text: str, slot: str, mark: str = "") -> str:
    """A flow with a sensitive slot, a text and a summary."""
    return SECRET.replace("STEP", text).replace("SLOT", slot).replace("MARK", mark)


EXAMPLES = [
    Example("impossible-choice", condition("slots.x == 'on'", " #!"), condition("slots.x == 'one'")),
    Example("impossible-choice", condition("slots.x in ['one', 'too']", " #!"), condition("slots.x in ['one', 'two']")),
    Example(
        "impossible-choice",
        condition("slots.x == 'unsure'", " #!"),
        condition("slots.x == 'unsure'", unsure="unsure: true"),
    ),
    Example("impossible-choice", condition("slots.y == true", " #!"), condition("slots.y == 'yes'")),
    Example("impossible-choice", condition("slots.z == 'three'", " #!"), condition("'three' in slots.z")),
    Example("impossible-choice", condition("'five' in slots.z", " #!"), condition("'four' not in slots.z")),
    Example("impossible-choice", condition("slots.v != 'unsure'", " #!"), condition("slots.v != '1.0'")),
    Example("sensitive-in-summary", secret("Good.", "x] #!"), secret("Good.", "y]")),
    Example("sensitive-in-summary", secret("You said {{ slots.x }}.", "y]", " #!"), secret("{{ slots.y }}", "y]")),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("slots.x == 'tow'", "did you mean `two`?"),
        ("slots.x == 'nothing'", "its answers are one, two"),
        ("slots.x == 'unsure'", "add `unsure: true` to one"),
        ("slots.z == 'four'", "write `'four' in slots.z`"),
    ],
)
def test_hints(source: str, hint: str) -> None:
    """The message says what could have been meant."""
    assert [each.hint for each in problems(condition(source))] == [hint]


@pytest.mark.parametrize(
    "step",
    [
        '{id: s, set: {x: "{{ user.first_name }}"}}',
        "{id: s, set: {x: three}}",
        "{id: s, set: {x: [four, three]}}",
        "{id: s, action: hook, into: {x: key}, on_error: e}",
    ],
)
def test_answers_that_steps_give(step: str) -> None:
    """What a step may put into a slot is an answer too, whatever an expression or a hook makes of it."""
    text = condition("slots.x == 'three'").replace("- {id: b,", f"- {step}\n      - {{id: b,", 1)
    assert found(text) == []


CALLED = """
    flow: f
    version: 1
    title: F
    steps:
      - {{id: a, call: g, with: {{x: {0}}}}}
    ---
    flow: g
    version: 1
    title: G
    slots: {{x: {{type: choice}}}}
    steps:
      - {{id: a, collect: x, prompt: X?, choices: [{{id: one, label: One}}]}}
      - {{id: b, say: Good., when: "slots.x == 'three'"}}
    """


def test_answers_that_callers_give() -> None:
    """A caller may give a slot a value that no choice has, and an expression may give any."""
    assert found(CALLED.format("three")) == []
    assert found(CALLED.format('"{{ user.first_name }}"')) == []
    assert found(CALLED.format("four")) == [("impossible-choice", 13)]


def test_a_slot_that_nothing_asks_for_is_open() -> None:
    """What a caller gave it is not known here."""
    text = "slots: {x: {type: choice}}\nsteps:\n  - {id: a, say: A, when: slots.x == 'q'}\n"
    assert found(text) == [("never-set", 6)]


def test_a_slot_that_does_not_exist_has_no_answers() -> None:
    """It is told as unknown, and not for its answer as well."""
    assert [code for code, _ in found(condition("slots.q == 'one'"))] == ["unknown-slot"]
