"""Actions: hooks that are asked for once, report late, twice, badly or never, and are not repeated by going back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.chat.effects import Perform
from bot.chat.events import Due, Performed
from tests.engine.talk import START, Talk


def flow(slots: str, steps: str, more: str = "") -> str:
    """A flow of these slots and steps, and further flows."""
    return f"flow: test\nversion: 1\ntitle: T\nslots: {{{slots}}}\nsteps:\n{steps}{more}"


def perform(talk: Talk) -> Perform:
    """The hook that the last turn asks for."""
    (found,) = [each for each in talk.effects if isinstance(each, Perform)]
    return found


def report(talk: Talk, action: Perform, error: str = "", **values: Any) -> Talk:
    """Have a hook report."""
    talk.sent += 1
    return talk.send(Performed(f"p{talk.sent}", action.action, values, error))


ACTION = flow(
    "id: {type: text, label: Id}, name: {type: text, label: Name}, z: {type: text}",
    """
  - {id: id, collect: id, prompt: Which?}
  - id: look
    action: look_up
    with: {id: "{{ slots.id }}", fixed: 1}
    into: {name: name}
    timeout: 20s
    on_error: failed
  - {id: z, collect: z, prompt: "Found {{ slots.name }}?", next: bye}
  - {id: failed, say: It failed.}
  - {id: again, collect: z, prompt: "Failed, {{ slots.name }}?"}
  - {id: bye, end: done}
""",
)


def test_an_action_asks_for_its_hook_and_waits() -> None:
    """The hook's name, its arguments and a key go out; the merchant reads that it takes a moment, and messages wait."""
    talk = Talk(ACTION).send("/start", "42")
    assert (perform(talk).name, perform(talk).arguments) == ("look_up", {"id": "42", "fixed": 1})
    assert "One moment" in talk.said
    assert talk.timers[talk.session.timer] == START + timedelta(seconds=20)
    action = perform(talk)
    assert "One moment" in talk.send("hello?").said
    assert report(talk, action, name="Shop", other="x").said == "Found Shop?"
    assert talk.slots == {"id": "42", "name": "Shop"}
    assert set(talk.timers) == {"sessionabc.expiry"}


def test_a_hook_without_the_value_leaves_none() -> None:
    """A value that the hook did not report is none; one called "error" is a value like any other."""
    talk = Talk(ACTION).send("/start", "42")
    assert report(talk, perform(talk), error="").slots == {"id": "42", "name": None}
    talk = Talk(ACTION.replace("{name: name}", "{name: error}")).send("/start", "42")
    talk.send(Performed("p", perform(talk).action, {"error": "none at all"}))
    assert talk.said == "Found none at all?"


@pytest.mark.parametrize("how", ["report", "timeout"])
def test_a_failure_leads_where_the_author_says(how: str) -> None:
    """A hook that reports an error, or nothing in time, leads to `on_error`, with its slots unset."""
    talk = Talk(ACTION).send("/start", "42")
    talk = report(talk, perform(talk), "no network") if how == "report" else talk.wait(seconds=20)
    assert talk.said == "It failed.\n\nFailed, ?"
    assert "action_failed" in talk.log
    assert "no network" not in repr(talk.turn.log[1:])


def test_a_failure_without_a_way_of_its_own_goes_on() -> None:
    """Without `on_error` the flow goes on with the slots unset."""
    talk = Talk(ACTION.replace("\n    on_error: failed", "")).send("/start", "42")
    assert report(talk, perform(talk), "broken").said == "Found ?"


def test_a_report_counts_once() -> None:
    """The same report under another key, and one that comes after the time was up, change nothing but the log."""
    talk = Talk(ACTION).send("/start", "42")
    action = perform(talk)
    report(talk, action, name="Shop")
    before = talk.slots
    assert report(talk, action, name="Other").effects == ()
    assert (talk.slots, talk.log) == (before, ["event_received", "action_ignored"])
    late = Talk(ACTION).send("/start", "42")
    action = perform(late)
    late.wait(seconds=20)
    assert report(late, action, "broken after all").log == ["event_received", "action_ignored"]


def test_a_late_report_is_kept_for_the_next_time() -> None:
    """What a hook found after its time was up is used when the flow comes to it again with the same arguments."""
    talk = Talk(ACTION).send("/start", "42")
    action = perform(talk)
    report(talk.wait(seconds=20), action, name="Shop")
    assert talk.at == "test.again"
    assert talk.send("/back", "42").said.endswith("Found Shop?")
    assert not any(isinstance(each, Perform) for each in talk.effects)


def test_a_failed_action_is_tried_again() -> None:
    """Going back over a failure performs the hook anew, under the same key, whose service knows it."""
    talk = Talk(ACTION).send("/start", "42")
    action = perform(talk)
    report(talk, action, "broken").send("/back", "42")
    assert perform(talk) == action
    assert report(talk, action, name="Shop").said == "Found Shop?"


def test_going_back_unsets_what_a_hook_found() -> None:
    """Meaning 5: what followed from an answer is unset with it, also when it came in a turn of its own."""
    talk = Talk(ACTION).send("/start", "42")
    report(talk, perform(talk), name="Shop").send("/back")
    assert talk.at == "test.id"
    assert talk.slots == {}
    assert talk.said == "Which?\n\nYour answer was: 42"
    talk = Talk(ACTION).send("/start", "42", "/back")
    assert (talk.at, talk.slots, list(talk.timers)) == ("test.id", {}, ["sessionabc.expiry"])


def test_going_back_over_an_action_in_a_called_flow() -> None:
    """Meaning 5: back leads into a flow that ended when its hook reported."""
    calls = flow(
        "n: {type: text}, z: {type: text}",
        """
  - {id: call, call: sub, into: {n: found}}
  - {id: z, collect: z, prompt: "Z {{ slots.n }}?"}
""",
        """---
flow: sub
version: 1
title: S
slots: {x: {type: text}, found: {type: text}}
steps: [{id: x, collect: x, prompt: X?}, {id: look, action: look_up, with: {x: "{{ slots.x }}"}, into: {found: found}}]
""",
    )
    talk = Talk(calls).send("/start", "q")
    report(talk, perform(talk), found="R").send("/back")
    assert (talk.at, talk.slots) == ("sub.x", {})
    assert talk.session.stack[1].slots == {}
    assert talk.send("q").said == "Z R?"
    assert report(talk.send("/back", "r"), perform(talk), found="S").said == "Z S?"


def test_a_report_while_a_pattern_asks_is_used_afterwards() -> None:
    """A result, a failure or the end of patience that comes while the bot asks something else is not lost."""
    for how in ("result", "failure", "timeout"):
        talk = Talk(ACTION).send("/start", "42")
        action = perform(talk)
        talk.send("/language")
        if how == "timeout":
            talk.wait(seconds=20)
        else:
            report(talk, action, "broken" if how == "failure" else "", name="Shop")
        assert talk.at == "pattern_language.ask"
        talk.send("English")
        assert talk.said.endswith("Found Shop?" if how == "result" else "Failed, ?"), how


def test_a_hook_is_not_forgotten_by_an_aside() -> None:
    """Asking why, or another language, during an action does not stop its clock; cancel and going on starts it anew."""
    talk = Talk(ACTION).send("/start", "42", "/why", "/language es", "/language en")
    assert talk.timers[talk.session.timer] == START + timedelta(seconds=20)
    talk.send("/cancel")
    assert talk.timers == {}
    talk.send("/start").tap("Go on")
    assert perform(talk).name == "look_up"
    assert talk.wait(seconds=20).at == "test.again"


def test_a_report_after_a_pause_is_used() -> None:
    """A hook that reports while the conversation is cancelled has reported: going on goes on with it."""
    talk = Talk(ACTION).send("/start", "42")
    action = perform(talk)
    report(talk.send("/cancel"), action, name="Shop")
    assert talk.effects == ()
    talk.send("/start").tap("Go on")
    assert talk.said == "Found Shop?"


def test_actions_at_two_places_are_two() -> None:
    """The key of an action holds where it stands, and with which arguments: each is performed."""
    twice = flow(
        "z: {type: text}",
        """
  - {id: one, action: ping}
  - {id: two, action: ping}
  - {id: z, collect: z, prompt: Z?}
""",
    )
    talk = Talk(twice).send("/start")
    first = perform(talk)
    second = perform(report(talk, first))
    assert first.action != second.action
    assert report(talk, second).said == "Z?"


def test_the_timers_of_many_questions_do_not_meet() -> None:
    """The timer of an action is named like that of any question, so that none is taken for another one."""
    steps = "".join(f"\n  - {{id: q{n}, collect: q{n}, prompt: Q?}}" for n in range(15))
    slots = ", ".join(f"q{n}: {{type: text}}" for n in range(15))
    talk = Talk(flow(slots, steps + "\n  - {id: act, action: ping, timeout: 60s}\n")).send("/start", *["x"] * 15)
    assert talk.session.timer == "sessionabc.10"
    assert talk.send(Due("d", "sessionabc.16")).log == ["event_received", "timer_ignored"]
