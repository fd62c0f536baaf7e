"""Steps one by one."""

from __future__ import annotations

import pytest

from bot.flow.linked import short_name
from tests.flow.checks.examples import Example, found, marked, problems

TWINS = ("c2895", "c3346")
"""Two ids that have the same short name."""

EXAMPLES = [
    Example(
        "duplicate-step",
        """
        steps:
          - {id: a, say: One}
          - {id: b, say: Two}
          - {id: a, say: Three} #!
        """,
        """
        steps:
          - {id: a, say: One}
          - {id: b, say: Two}
          - {id: c, say: Three}
        """,
    ),
    Example(
        "duplicate-step",
        """
        slots: {name: {type: text}}
        steps:
          - id: a
            form: about
            title: About you
            submit: Send
            fields:
              - {collect: name, prompt: Your name?}
              - {collect: name, prompt: And again?} #!
        """,
        """
        slots: {name: {type: text}, shop: {type: text}}
        steps:
          - id: a
            form: about
            title: About you
            submit: Send
            fields:
              - {collect: name, prompt: Your name?}
              - {collect: shop, prompt: Your shop?}
        """,
    ),
    Example(
        "duplicate-choice",
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: First}
              - {id: one, label: Second} #!
        """,
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: First}
              - {id: two, label: Second}
        """,
    ),
    Example(
        "duplicate-choice",
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: First}
              - {id: unsure, label: No idea} #!
            unsure: true
        """,
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {id: one, label: First}
              - {id: unsure, label: No idea}
        """,
    ),
    Example(
        "missing-else",
        """
        slots: {x: {type: yes_no}}
        steps:
          - id: a
            collect: x
            prompt: Well?
            next: #!
              - {if: "slots.x == 'yes'", then: b}
          - {id: b, say: Good.}
        """,
        """
        slots: {x: {type: yes_no}}
        steps:
          - id: a
            collect: x
            prompt: Well?
            next:
              - {if: "slots.x == 'yes'", then: b}
              - {else: b}
          - {id: b, say: Good.}
        """,
    ),
    Example(
        "else-not-last",
        """
        slots: {x: {type: yes_no}}
        steps:
          - id: a
            collect: x
            prompt: Well?
            next:
              - {else: b} #!
              - {if: "slots.x == 'yes'", then: b}
          - {id: b, say: Good.}
        """,
        """
        slots: {x: {type: yes_no}}
        steps:
          - id: a
            collect: x
            prompt: Well?
            next:
              - {if: "slots.x == 'yes'", then: b}
              - {else: b}
          - {id: b, say: Good.}
        """,
    ),
    Example(
        "choice-mismatch",
        """
        slots: {x: {type: date}}
        steps:
          - id: a
            collect: x
            prompt: When?
            choices: #!
              - {id: today, label: Today}
        """,
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: When?
            choices:
              - {id: today, label: Today}
        """,
    ),
    Example(
        "choice-mismatch",
        """
        slots: {x: {type: choices}}
        steps:
          - id: a
            collect: x #!
            prompt: Which?
        """,
        """
        slots: {x: {type: yes_no}}
        steps:
          - id: a
            collect: x
            prompt: Really?
        """,
    ),
    Example(
        "label-with-value",
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: "Which, {{ user.first_name }}?"
            choices:
              - {id: one, label: "I am {{ user.first_name }}"} #!
        """,
        """
        slots: {x: {type: choice}}
        steps:
          - id: a
            collect: x
            prompt: "Which, {{ user.first_name }}?"
            choices:
              - {id: one, label: It is me}
        """,
    ),
    Example(
        "token-collision",
        f"""
        steps:
          - {{id: {TWINS[0]}, say: One}}
          - {{id: {TWINS[1]}, say: Two}} #!
        """,
        f"""
        steps:
          - {{id: {TWINS[0]}, say: One}}
          - {{id: other, say: Two}}
        """,
    ),
    Example(
        "token-collision",
        f"""
        slots: {{x: {{type: choice}}}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {{id: {TWINS[0]}, label: One}}
              - {{id: {TWINS[1]}, label: Two}} #!
        """,
        f"""
        slots: {{x: {{type: choice}}}}
        steps:
          - id: a
            collect: x
            prompt: Which?
            choices:
              - {{id: {TWINS[0]}, label: One}}
              - {{id: other, label: Two}}
        """,
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_the_twins_are_twins() -> None:
    """The ids of the example about tokens do collide."""
    assert short_name(TWINS[0]) == short_name(TWINS[1])
    assert TWINS[0] != TWINS[1]


def test_a_twin_names_the_line_of_the_first() -> None:
    """Whoever reads the message need not search."""
    (problem,) = problems("steps:\n  - {id: a, say: One}\n  - {id: a, say: Two}\n")
    assert problem.message == "`a` is already the id of a step, in line 5"


def test_every_label_is_looked_at() -> None:
    """Titles, slot labels, buttons of forms and rules, synonyms and trigger words cannot hold a value either."""
    text = """
        triggers: [{words: "hello {{ now.hour }}"}] #!
        slots:
          x: {type: text, label: "X {{ now.hour }}"} #!
        steps:
          - id: a
            form: about
            title: "A {{ now.hour }}" #!
            submit: "S {{ now.hour }}" #!
            fields: [{collect: x, prompt: "P {{ now.hour }}"}]
          - id: b
            rule: r
            text: "T {{ now.hour }}"
            accept: "A {{ now.hour }}" #!
            decline: {label: "D {{ now.hour }}"} #!
        """
    assert found(text) == [("label-with-value", line) for line in marked(text)]


def test_an_empty_list_has_no_else() -> None:
    """`next: []` says nothing about where to go."""
    assert found("steps:\n  - id: a\n    say: A\n    next: []\n") == [("missing-else", 7)]
