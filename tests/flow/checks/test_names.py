"""Names that must exist."""

from __future__ import annotations

import pytest

from tests.flow.checks.examples import Example, found, marked, problems

ASK = "slots: {x: {type: text}}\nsteps:\n  - {id: a, collect: x, prompt: What?}\n"
CHOOSE = """
    slots: {x: {type: choice}}
    steps:
      - id: a
        collect: x
        prompt: Which?
        choices:
          - {id: one, label: One, next: TARGET
        unsure: true
      - {id: there, say: Good.}
    """
FLOWS = """
    flow: f
    version: 1
    title: F
    slots: {{x: {{type: text}}}}
    steps:
      - {{id: a, collect: x, prompt: What?, interruptions: [{0}]}}
      - {{id: b, call: {1}}}
      - {{id: c, goto: {2}}}
    ---
    flow: other
    version: 1
    title: Other
    steps:
      - {{id: a, say: Here.}}
    """
SLOTS = """
    flow: f
    version: 2
    title: F
    slots: {{x: {{type: text}}, y: {{type: text}}}}
    steps:
      - {{id: a, collect: {0}, prompt: What?}}
      - {{id: b, set: {{{1}: one}}}}
      - {{id: c, call: other, with: {{{2}: one}}, into: {{{3}: inner}}}}
      - {{id: d, call: other, with: {{inner: one}}, into: {{x: {4}}}}}
      - {{id: e, action: hook, into: {{{5}: result}}}}
      - {{id: g, say: "You said {{{{ slots.{6} }}}}."}}
      - {{id: h, handoff: {{summary: [x, {7}]}}}}
    migrate:
      - {{from: 1, rename: {{old: {8}}}, map: {{{9}: {{a: b}}}}}}
    ---
    flow: other
    version: 1
    title: Other
    slots: {{inner: {{type: text}}}}
    steps:
      - {{id: a, say: "{{{{ slots.inner }}}}."}}
    """
SLOTS_OF_STEPS = ["x", "y", "inner", "y", "inner", "y", "x", "y", "x", "y"]


def expression(source: str, mark: str = "") -> str:
    """A flow whose second step depends on an expression."""
    return f'{ASK}  - {{id: b, say: Good., when: "{source}"}}{mark}\n'


def text(source: str, mark: str = "") -> str:
    """A flow whose second step prints an expression."""
    return f'{ASK}  - {{id: b, say: "Look: {{{{ {source} }}}}"}}{mark}\n'


EXAMPLES = [
    Example("unresolved-target", CHOOSE.replace("TARGET", "ther} #!"), CHOOSE.replace("TARGET", "there}")),
    Example("unknown-name", expression("user.name == 'A'", " #!"), expression("user.first_name == 'A'")),
    Example("unknown-name", expression("channel.kind == 'A'", " #!"), expression("channel.name == 'A'")),
    Example("unknown-name", expression("case.queue == 'A'", " #!"), expression("case.id == 'A'")),
    Example("unknown-name", expression("now.minute == 1", " #!"), expression("now.hour == 1")),
    Example("unknown-name", expression("now", " #!"), expression("now.date == '2026-01-01'")),
    Example("unknown-name", expression("summary", " #!"), text("summary")),
    Example("unknown-name", text("rules.first", " #!"), text("rules")),
    Example("unknown-name", text("slots", " #!"), text("slots.x")),
    Example("unknown-name", text("value", " #!"), text("slots['x']")),
    Example("unknown-slot", text("slots['y']", " #!"), text("slots['x']")),
    Example(
        "unknown-flow",
        ASK + "  - {id: b, goto: g, when: now.hour > 12} #!\n",
        ASK + "  - {id: b, goto: f, when: now.hour > 12}\n",
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.code)
def test_examples(example: Example) -> None:
    """Each mistake is found where it was made, and nowhere else."""
    assert example.expected
    assert found(example.broken) == example.expected
    assert found(example.fixed) == []


def test_every_kind_of_target_is_looked_at() -> None:
    """Branches, attempts, timeouts, declined rules, failed actions and the steps of a migration."""
    broken = """
        slots: {x: {type: text}}
        steps:
          - id: a
            collect: x
            prompt: What?
            next:
              - {if: "slots.x == 'a'", then: n1} #!
              - {else: n2} #!
            on_max_attempts: n3 #!
            timeout: {after: 1d, then: n4} #!
          - {id: b, rule: r, text: A rule., accept: Yes, decline: {label: Never, next: n5}} #!
          - id: c
            action: hook
            on_error: n6 #!
            next: n7 #!
          - {id: d, collect: x, prompt: What?, timeout: {after: 1d, then: nudge}}
          - id: e
            form: g
            title: G
            submit: S
            fields: [{collect: x, prompt: What?}]
            next: n8 #!
        migrate:
          - {from: 1, steps: {old: n9}} #!
        """
    assert found(broken) == [("unresolved-target", line) for line in marked(broken)]


def test_a_target_of_a_choice_in_a_form_is_looked_at() -> None:
    """The choices of a field lead on like those of a step."""
    broken = """
        slots: {x: {type: choice}}
        steps:
          - id: a
            form: g
            title: G
            submit: S
            fields:
              - {collect: x, prompt: What?, choices: [{id: one, label: One, next: nowhere}]} #!
        """
    assert found(broken) == [("unresolved-target", line) for line in marked(broken)]


def test_a_near_miss_is_suggested() -> None:
    """A target, a flow, a slot and an attribute that are nearly right come with a hint."""
    broken = """
        slots: {platform: {type: text}}
        steps:
          - {id: platform, collect: platfrom, prompt: Which?, next: welcom}
          - {id: welcome, say: "Hello {{ user.firstname }}"}
          - {id: on, goto: g}
        """
    hints = {each.code: each.hint for each in problems(broken)}
    assert hints["unresolved-target"] == "did you mean `welcome`?"
    assert hints["unknown-slot"] == "did you mean `platform`?"
    assert hints["unknown-name"] == "did you mean `first_name`?"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_unknown_flows(place: int) -> None:
    """`interruptions`, `call` and `goto` name flows that exist."""
    names = ["other", "other", "other"]
    assert found(FLOWS.format(*names)) == []
    names[place] = "othre"
    (problem,) = problems(FLOWS.format(*names))
    assert (problem.code, problem.line, problem.hint) == ("unknown-flow", 6 + place, "did you mean `other`?")


@pytest.mark.parametrize(("place", "line"), [*enumerate([6, 7, 8, 8, 9, 10, 11, 12, 14, 14])])
def test_unknown_slots(place: int, line: int) -> None:
    """Wherever a slot is named, it is one of the flow's own, or of the flow that is called."""
    assert [each for each in found(SLOTS.format(*SLOTS_OF_STEPS)) if each[0] != "unset-slot"] == []
    names = [*SLOTS_OF_STEPS]
    names[place] = "nothing"
    assert ("unknown-slot", line) in found(SLOTS.format(*names))


def test_the_parts_of_a_pattern() -> None:
    """What a repair pattern is told can be read there, and only there, and only part by part."""
    named = "flow: {}\nversion: 1\ntitle: F\nsteps:\n  - {{id: a, say: A, when: {}}}\n"
    assert found(named.format("pattern_back", "pattern.reason == 'first'")) == []
    assert found(named.format("back", "pattern.reason == 'first'")) == [("unknown-name", 5)]
    assert found(named.format("pattern_back", "pattern == 'first'")) == [("unknown-name", 5)]


def test_the_candidate_of_a_rejection() -> None:
    """`value` is the answer that a rejection judges; its text cannot show it."""
    rejecting = """
        slots: {{x: {{type: number}}}}
        steps:
          - id: a
            collect: x
            prompt: How many?
            rejections:
              - if: value > 10
                say: "{0} is too many."
        """
    assert found(rejecting.format("That")) == []
    assert found(rejecting.format("{{ value }}")) == [("unknown-name", 11)]
