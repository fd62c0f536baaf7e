"""Slots that are read before they have an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flow.checks.examples import Example, document, found, marked, problems

SLOTS = "slots: {p: {type: choice}, x: {type: text}, n: {type: number}}\nsteps:\n"
P = "  - {id: p, collect: p, prompt: P?, choices: [{id: a, label: A}, {id: b, label: B}]}\n"
X = "  - {id: x, collect: x, prompt: X?}\n"
MAYBE_X = "  - {id: x, collect: x, prompt: X?, when: \"slots.p == 'a'\"}\n"
SHOWN = '"You said {{ slots.x }}."'


def reading(condition: str) -> str:
    """A step that is only taken under a condition."""
    return f'  - {{id: r, say: Good., when: "{condition}"}}\n'


EXAMPLES = [
    Example(
        "never-set",
        f"{SLOTS}  - {{id: r, say: {SHOWN}}} #!\n{X}",
        f"{SLOTS}{X}  - {{id: r, say: {SHOWN}}}\n",
    ),
    Example(
        "never-set",
        f"{SLOTS}{X}{reading('slots.n > 1').rstrip()} #!\n",
        f"{SLOTS}{X}  - {{id: n, set: {{n: 2}}}}\n{reading('slots.n > 1')}",
    ),
    Example(
        "unset-slot",
        f"{SLOTS}{P}{MAYBE_X}  - {{id: r, say: {SHOWN}}} #!\n",
        f"{SLOTS}{P}{MAYBE_X}  - {{id: r, say: {SHOWN}, when: slots.x is not none}}\n",
    ),
    Example(
        "unset-slot",
        f"{SLOTS}  - {{id: x, collect: x, prompt: X?, on_max_attempts: r}}\n  - {{id: r, say: {SHOWN}}} #!\n",
        f"{SLOTS}  - {{id: x, collect: x, prompt: X?}}\n  - {{id: r, say: {SHOWN}}}\n",
    ),
    Example(
        "unset-slot",
        f"{SLOTS}  - {{id: h, action: hook, into: {{x: key}}}}\n  - {{id: r, say: {SHOWN}}} #!\n",
        f"{SLOTS}  - {{id: h, action: hook, into: {{x: key}}, on_error: e}}\n  - {{id: r, say: {SHOWN}}}\n"
        "  - {id: e, say: Bye.}\n",
    ),
    Example(
        "unset-slot",
        f"{SLOTS}{P}  - {{id: q, say: Q, next: [{{if: \"slots.p == 'a'\", then: x}}, {{else: r}}]}}\n{X}"
        f"  - {{id: r, say: {SHOWN}}} #!\n",
        f"{SLOTS}{P}  - {{id: q, say: Q, next: [{{if: \"slots.p == 'a'\", then: x}}, {{else: y}}]}}\n{X}"
        f"  - {{id: r, say: {SHOWN}, next: z}}\n  - {{id: y, set: {{x: one}}, next: r}}\n  - {{id: z, say: Bye.}}\n",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


@pytest.mark.parametrize(
    "condition",
    [
        "slots.p == 'a' and slots.x != 'one'",  # the condition under which it was asked
        "slots.p in ['a'] and slots.x != 'one'",  # the same in other words
        "slots.p != 'b' and slots.x is not none and slots.x != 'one'",
        "slots.x != none and slots.x | length > 3",
        "slots.x is none or slots.x != 'one'",
        "slots.x and slots.x != 'one'",
        "not (slots.x is none) and slots.x != 'one'",
        "slots.x | default('') != 'one'",
        "slots.x == none",
        "(slots.x if slots.x is not none else 'none') == 'none'",
        "slots.x is defined",
        "slots.x",
        "not slots.x and slots.p == 'b'",
    ],
)
def test_conditions_that_know_what_they_do(condition: str) -> None:
    """A slot may be read where the expression itself, or the condition of its question, allows for it."""
    assert found(f"{SLOTS}{P}{MAYBE_X}{reading(condition)}") == []


@pytest.mark.parametrize(
    "condition",
    [
        "slots.x != 'one'",
        "slots.x == 'one' and slots.x | upper == 'ONE'",
        "slots.p == 'b' and slots.x != 'one'",
        "slots.p != 'a' and slots.x != 'one'",
        "slots.x == 'one' or slots.x != 'two'",
        "slots.x != 'one' and slots.x is not none",
        "slots.x is not none or slots.x != 'one'",
        "slots.p == slots.x",
        "slots.x > 3",
        "slots.x | length",
        "slots.p and slots.x | length",
    ],
)
def test_conditions_that_do_not(condition: str) -> None:
    """Another condition, or the right one too late, changes nothing."""
    assert [code for code, _ in found(f"{SLOTS}{P}{MAYBE_X}{reading(condition)}")] == ["unset-slot"]


def test_a_condition_lasts_until_its_slot_changes() -> None:
    """Once the platform is another one, what was asked for the former one is unknown."""
    changed = "  - {id: s, set: {p: a}}\n"
    read = reading("slots.p == 'a' and slots.x != 'one'")
    assert found(f"{SLOTS}{P}{MAYBE_X}{read}") == []
    assert [code for code, _ in found(f"{SLOTS}{P}{MAYBE_X}{changed}{read}")] == ["unset-slot"]


def test_a_step_that_asks_only_for_what_is_missing() -> None:
    """`when: slots.x is none` on its question: skipped, the slot has its answer; asked, it gets one."""
    again = "  - {id: y, collect: x, prompt: X?, when: slots.x is none}\n"
    shown = f"  - {{id: r, say: {SHOWN}}}\n"
    assert found(f"{SLOTS}{P}{MAYBE_X}{again}{shown}") == []
    assert [code for code, _ in found(f"{SLOTS}{P}{MAYBE_X}{again.replace('x, p', 'n, p')}{shown}")] == ["unset-slot"]


def test_the_condition_of_a_step_holds_in_all_of_it() -> None:
    """Its texts, its values and its branches are only reached where `when:` was true."""
    step = (
        "  - id: r\n"
        "    when: \"slots.p == 'a'\"\n"
        f"    say: {SHOWN}\n"
        "    next: [{if: slots.x == 'one', then: e}, {else: e}]\n"
        "  - {id: e, end: done}\n"
    )
    assert found(f"{SLOTS}{P}{MAYBE_X}{step}") == []


def test_an_arm_knows_that_those_above_were_not_taken() -> None:
    """`{if: slots.x is none}` first, and the arms below may read it."""
    asks, reads = "{if: slots.x is none, then: e}", "{if: slots.x | length > 3, then: e}"
    step = "  - {{id: r, say: R, next: [{0}, {1}, {{else: e}}]}}\n  - {{id: e, end: done}}\n"
    assert found(SLOTS + P + MAYBE_X + step.format(asks, reads)) == []
    assert [code for code, _ in found(SLOTS + P + MAYBE_X + step.format(reads, asks))] == ["unset-slot"]


def test_a_question_may_read_its_own_answer_afterwards() -> None:
    """In `next:`, but not in the prompt."""
    text = """
        slots: {x: {type: text}}
        steps:
          - id: a
            collect: x
            prompt: "Other than {{ slots.x }}?" #!
            next:
              - {if: "slots.x == 'one'", then: b}
              - {else: b}
          - {id: b, end: done}
        """
    assert found(text) == [("never-set", line) for line in marked(text)]


def test_the_fields_of_a_form_are_answered_behind_it() -> None:
    """Both in its own `next:` and in the steps that follow."""
    text = """
        slots: {x: {type: text}, y: {type: text}}
        steps:
          - id: a
            form: g
            title: G
            submit: S
            fields:
              - {collect: x, prompt: X?}
              - {collect: y, prompt: Y?, why: "Because of {{ slots.x }}."}
            next:
              - {if: slots.x == slots.y, then: b}
              - {else: b}
          - {id: b, say: "{{ slots.x }} and {{ slots.y }}."}
        """
    assert found(text) == []


CALLED = """
    flow: f
    version: 1
    title: F
    slots: {{x: {{type: text}}}}
    triggers: [{{command: f}}]
    steps:
      - {{id: a, call: g, with: {{{0}}}, when: now.hour > 12}}
      - {{id: b, call: g, with: {{y: one}}}}
    ---
    flow: g
    version: 1
    title: G
    slots: {{y: {{type: text}}}}
    {1}
    steps:
      - {{id: a, say: "You said {{{{ slots.y }}}}."}}
    """


def test_a_called_flow_has_what_all_its_callers_give() -> None:
    """Given by all: fine; given by some: a warning; and a flow that a command starts may come without."""
    assert found(CALLED.format("y: two", "")) == []
    assert [code for code, _ in found(CALLED.format("", ""))] == ["unset-slot"]
    assert [code for code, _ in found(CALLED.format("y: two", "triggers: [{command: g}]"))] == ["unset-slot"]


def test_what_a_call_brings_back_is_set() -> None:
    """`into` fills the caller's slots."""
    text = """
        flow: f
        version: 1
        title: F
        slots: {x: {type: text}}
        steps:
          - {id: a, call: g, into: {x: y}}
          - {id: b, say: "You said {{ slots.x }}."}
        ---
        flow: g
        version: 1
        title: G
        slots: {y: {type: text}}
        steps:
          - {id: a, collect: y, prompt: What?}
        """
    assert found(text) == []


def test_it_is_a_warning_with_advice() -> None:
    """A slot without an answer reads as none, which may be meant."""
    (problem,) = problems(EXAMPLES[2].broken)
    assert (problem.severity, "is not none" in problem.hint) == ("warning", True)


@given(st.lists(st.tuples(st.sampled_from("srn"), st.integers(0, 5), st.booleans()), min_size=1, max_size=6))
def test_it_agrees_with_walking_every_path(plan: list[tuple[str, int, bool]]) -> None:
    """On small flows the proof says of each reading step what trying all paths says.

    A step sets the slot, reads it or does nothing; it may have a condition, and leads on or also to another step.
    """
    lines, ways = ["slots: {x: {type: number}}", "steps:"], dict[int, list[int]]()
    for number, (kind, to, conditional) in enumerate(plan):
        key = {"s": "set: {x: 1}", "r": 'say: "{{ slots.x }}"', "n": "rule: r, text: R, accept: Fine"}[kind]
        when = f", when: now.hour > {number}" if conditional else ""
        target = to % len(plan)
        ways[number] = [target, number + 1]
        branch = f"next: [{{if: now.hour == 3, then: s{target}}}, {{else: s{number + 1}}}]"
        lines.append(f"  - {{id: s{number}, {key}{when}, {branch}}}")
    lines.append(f"  - {{id: s{len(plan)}, end: done}}")
    seen: dict[int, set[bool]] = {}
    queue = [(0, False)]
    while queue:
        number, is_set = queue.pop()
        if number < len(plan) and is_set not in seen.setdefault(number, set()):
            seen[number].add(is_set)
            kind, _, conditional = plan[number]
            queue += [(way, is_set or kind == "s") for way in ways[number]]
            if conditional:
                queue.append((number + 1, is_set))
    expected = {
        (number, "never-set" if states == {False} else "unset-slot")
        for number, states in seen.items()
        if plan[number][0] == "r" and False in states
    }
    text = "\n".join(lines)
    first = document(text).split("\n").index("steps:") + 2
    assert {(line - first, code) for code, line in found(text) if code in {"never-set", "unset-slot"}} == expected
