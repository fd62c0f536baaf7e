"""The kinds of steps that do not wait: set, call, goto, handoff and end; `when` and `next` on every kind."""

from __future__ import annotations

import pytest

from bot.chat.effects import OpenCase, Schedule, Unschedule
from bot.chat.people import SLACK
from tests.engine.talk import Talk


def flow(slots: str, steps: str, more: str = "") -> str:
    """A flow of these slots and steps, and further flows."""
    return f"flow: test\nversion: 1\ntitle: T\nslots: {{{slots}}}\nsteps:\n{steps}{more}"


# --- set --------------------------------------------------------------------------------------------------------------


def test_set_assigns_literals_and_expressions_at_once() -> None:
    """Every value is worked out before the first is assigned: two slots can be exchanged."""
    talk = Talk(
        flow(
            "a: {type: text}, b: {type: text}, n: {type: number}, l: {type: choices}, end: {type: text}",
            """
  - {id: one, set: {a: first, b: second, n: 3, l: [x, y]}}
  - {id: two, set: {a: "{{ slots.b }}", b: "{{ slots.a }}", n: "{{ slots.n + 1 }}"}}
  - {id: end, collect: end, prompt: "{{ slots.a }} {{ slots.b }} {{ slots.n }} {{ slots.l }}?"}
""",
        )
    ).send("/start")
    assert talk.said == "second first 4 x, y?"


# --- call and end -----------------------------------------------------------------------------------------------------

CALLS = flow(
    "a: {type: text}, b: {type: text}, c: {type: text}",
    """
  - {id: a, collect: a, prompt: A?}
  - {id: call, call: sub, with: {given: "{{ slots.a }}", fixed: 7}, into: {b: word, c: never}}
  - {id: end, collect: c, prompt: "{{ slots.b }} {{ slots.c is none }} {{ slots.given is none }}?"}
""",
    """---
flow: sub
version: 1
title: S
slots: {given: {type: text}, fixed: {type: number}, word: {type: text}, never: {type: text}, a: {type: text}}
steps:
  - {id: word, collect: word, prompt: "{{ slots.given }} {{ slots.fixed }} {{ slots.a is none }}?"}
  - {id: how, next: [{if: "slots.word == 'halt'", then: stop}, {else: on}], set: {a: x}}
  - {id: stop, end: stopped}
  - {id: on, say: On.}
""",
)


def test_a_called_flow_sees_what_it_is_given_and_gives_back_what_is_wanted() -> None:
    """`with` fills the called flow's slots and `into` takes some back; nothing else is shared, in either direction."""
    talk = Talk(CALLS.replace("is none }}", "is none ~ '' }}")).send("/start", "alpha")
    assert talk.said == "alpha 7 True?"
    talk.send("beta")
    assert talk.said == "On.\n\nbeta True True?"
    assert talk.slots == {"a": "alpha", "b": "beta", "c": None}


def test_an_end_in_a_called_flow_returns() -> None:
    """`end` ends the flow it stands in: the caller goes on, and the outcome is in the log."""
    talk = Talk(CALLS.replace("is none }}", "is none ~ '' }}")).send("/start", "alpha", "halt")
    assert talk.at == "test.end"
    assert "On." not in talk.said
    ends = [record.data for record in talk.turn.log if record.kind == "flow_ended"]
    assert ends == [{"flow": "sub", "outcome": "stopped"}]
    assert talk.session.outcome == ""


def test_the_outcome_of_a_session_is_that_of_its_own_flow() -> None:
    """`end` gives the outcome; a flow that runs off its end is done."""
    assert (
        Talk(flow("", "\n  - {id: a, say: A.}\n  - {id: b, end: sent_on}\n  - {id: c, say: Never.}\n"))
        .send("/start")
        .session.outcome
        == "sent_on"
    )
    assert Talk(flow("", "\n  - {id: a, say: A.}\n")).send("/start").session.outcome == "done"


# --- goto -------------------------------------------------------------------------------------------------------------

TAIL = flow(
    "x: {type: text}, end: {type: text}",
    """
  - {id: call, call: first, with: {a: one}, into: {x: result}}
  - {id: end, collect: end, prompt: "Back with {{ slots.x }}?"}
""",
    """---
flow: first
version: 1
title: F
slots: {a: {type: text}, result: {type: text}}
steps:
  - {id: ask, collect: result, prompt: First?}
  - {id: go, goto: second, with: {b: "{{ slots.a ~ slots.result }}"}}
  - {id: never, say: Never.}
---
flow: second
version: 1
title: S
slots: {b: {type: text}, result: {type: text}}
steps:
  - {id: ask, collect: result, prompt: "Second {{ slots.b }}?"}
""",
)


def test_goto_is_a_tail_jump() -> None:
    """The flow that is entered takes the frame's place: it returns to the other one's caller, with `into`."""
    talk = Talk(TAIL).send("/start", "x")
    assert talk.said == "Second onex?"
    assert len(talk.session.stack) == 2
    talk.send("y")
    assert talk.said == "Back with y?"
    assert "Never" not in talk.said


def test_back_returns_through_a_goto() -> None:
    """Meaning 5: going back finds the flow that was left, as it was."""
    talk = Talk(TAIL).send("/start", "x", "y", "/back")
    assert talk.at == "second.ask"
    assert talk.send("/back").at == "first.ask"
    assert talk.session.stack[1].slots == {"a": "one"}
    assert talk.send("z").said.startswith("Second onez?")


def test_goto_without_a_caller_goes_over_for_good() -> None:
    """Out of the lowest flow, the session ends with the flow that was entered; a circle of them does not pile up."""
    rounds = flow(
        "",
        """
  - {id: go, goto: other, with: {n: 1}}
""",
        """---
flow: other
version: 1
title: O
slots: {n: {type: number}, more: {type: yes_no}}
steps:
  - {id: more, collect: more, prompt: "More {{ slots.n }}?"}
  - {id: again, when: "slots.more == 'yes'", goto: other, with: {n: "{{ slots.n + 1 }}"}}
  - {id: end, end: enough}
""",
    )
    talk = Talk(rounds).send("/start", *["yes"] * 40)
    assert talk.said == "More 41?"
    assert len(talk.session.stack) == 1
    talk.send("no")
    assert (talk.session.status, talk.session.outcome) == ("ended", "enough")


# --- handoff ----------------------------------------------------------------------------------------------------------


def test_a_handoff_inside_a_called_flow() -> None:
    """A person is called from any depth; what every frame knows stays, what is behind the step does not run."""
    talk = Talk(
        flow(
            "a: {type: text, label: A}",
            "\n  - {id: a, collect: a, prompt: A?}\n  - {id: call, call: sub}\n  - {id: never, say: Never.}\n",
            """---
flow: sub
version: 1
title: S
slots: {b: {type: text, label: B}}
steps:
  - {id: b, collect: b, prompt: B?}
  - {id: call, handoff: {queue: q, priority: high, summary: [b]}}
  - {id: never, say: Never.}
""",
        )
    ).send("/start", "one", "two")
    (case,) = [each for each in talk.effects if isinstance(each, OpenCase)]
    assert (case.queue, case.priority, case.slots, case.case) == ("q", "high", ("b",), talk.session.case)
    assert [frame.slots for frame in talk.session.stack] == [{"a": "one"}, {"b": "two"}]
    assert "Never" not in talk.said
    assert any(isinstance(each, Unschedule) for each in talk.effects)
    assert not any(isinstance(each, Schedule) for each in talk.effects)


def test_a_handoff_out_of_a_pattern_leaves_no_pattern_behind() -> None:
    """Calling a person while the bot asks something else: what the merchant writes then is for the person."""
    text = flow("a: {type: yes_no}", "\n  - {id: a, collect: a, prompt: A?}\n")
    for words in (["/language", "/human"], ["/language", "qqq", "qqq", "qqq", "yes"]):
        talk = Talk(text).send("/start", *words)
        assert talk.session.status == "handed_off", words
        assert [frame.flow for frame in talk.session.stack] == ["test"]
        assert type(talk.send("english").effects[0]).__name__ == "Relay"


# --- when and next ----------------------------------------------------------------------------------------------------

KINDS = {
    "say": "say: Skipped.",
    "collect": "collect: x, prompt: Skipped?",
    "form": "form: f, title: F, submit: S, fields: [{collect: x, prompt: Skipped?}, {collect: y, prompt: Skipped?}]",
    "rule": "rule: r, text: Skipped., accept: Yes",
    "set": "set: {x: skipped}",
    "call": "call: sub",
    "goto": "goto: sub",
    "action": "action: ping",
    "handoff": "handoff: {}",
    "end": "end: skipped",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_of_any_kind_is_skipped_if_its_condition_is_false(kind: str) -> None:
    """A false `when` leads to the following step of the file, whatever `next` says; a true one lets the step work."""
    text = flow(
        "x: {type: text}, y: {type: text}, z: {type: text}",
        f"""
  - {{id: step, when: "1 == 2", {KINDS[kind]}{", next: far" if kind not in {"end", "goto", "handoff"} else ""}}}
  - {{id: z, collect: z, prompt: Z?}}
  - {{id: far, say: Far.}}
""",
        "---\nflow: sub\nversion: 1\ntitle: S\nsteps: [{id: s, say: Skipped.}]\n",
    )
    for channel in (SLACK, Talk(text).session.channel):
        talk = Talk(text, channel=channel).send("/start")
        assert (talk.said, talk.slots) == ("Z?", {})
        assert Talk(text.replace("1 == 2", "1 == 1"), channel=channel).send("/start").said != "Z?"


@pytest.mark.parametrize(("colour", "said"), [("red", "Warm."), ("blue", "Cold."), ("grey", "Neither.")])
def test_a_next_list_takes_the_first_true_arm(colour: str, said: str) -> None:
    """The arms are tried in order; `else` closes the list."""
    talk = Talk(
        flow(
            "c: {type: text}",
            """
  - id: c
    collect: c
    prompt: C?
    next: [{if: "slots.c == 'red'", then: warm}, {if: "slots.c in ['red', 'blue']", then: cold}, {else: neither}]
  - {id: warm, say: Warm., next: bye}
  - {id: cold, say: Cold., next: bye}
  - {id: neither, say: Neither.}
  - {id: bye, end: done}
""",
        )
    ).send("/start", colour)
    assert talk.said == said
