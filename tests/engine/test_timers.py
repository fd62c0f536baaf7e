"""Timers are data: a schedule with an absolute due time, and an event that counts only if its question still waits."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.effects import Schedule
from bot.chat.events import Due
from tests.engine.talk import START, Talk

FLOW = """
flow: test
version: 1
title: T
expire_after: 3d
slots: {a: {type: text}, b: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?, timeout: {after: 1d, then: nudge}}
  - {id: b, collect: b, prompt: B?, timeout: {after: 2h, then: late}, next: end}
  - {id: late, say: Too late., next: end}
  - {id: end, end: finished}
"""


def test_a_question_schedules_an_absolute_time() -> None:
    """Meaning 8: the nudge and the end of patience are due at absolute times."""
    talk = Talk(FLOW).send("/start")
    due = {effect.due for effect in talk.effects if isinstance(effect, Schedule)}
    assert due == {START + timedelta(days=1), START + timedelta(days=3)}


def test_one_nudge_a_step_then_expiry() -> None:
    """Meaning 8: silence brings one reminder with the question, then a friendly end; the answers stay."""
    talk = Talk(FLOW).send("/start").wait(hours=25)
    assert "We stopped at this question" in talk.said
    assert talk.said.endswith("A?")
    talk.wait(days=6)
    assert talk.session.status == "expired"
    assert "Your answers are kept" in talk.said
    nudges = [record for turn in talk.turns for record in turn.log if record.data.get("pattern") == "nudge"]
    assert len(nudges) == 1


def test_a_late_reply_resumes() -> None:
    """Meaning 8: after the end of patience the next message is read as the answer it is."""
    talk = Talk(FLOW).send("/start").wait(days=9).send("better late")
    assert "Welcome back" in talk.said
    assert talk.slots == {"a": "better late"}
    assert talk.at == "test.b"
    assert talk.session.status == "active"


def test_a_timeout_may_lead_to_a_step() -> None:
    """Meaning 8: silence can lead elsewhere in the flow."""
    talk = Talk(FLOW).send("/start", "x").wait(hours=3)
    assert talk.said == "Too late."
    assert talk.session.outcome == "finished"


def test_a_timer_whose_question_was_answered_does_nothing() -> None:
    """Meaning 8: a timer that fires after all (a race, an old row) is logged and ignored."""
    talk = Talk(FLOW).send("/start")
    timer = talk.session.timer
    talk.send("x", Due("late", timer))
    assert talk.log == ["event_received", "timer_ignored"]
    assert talk.at == "test.b"


def test_no_timer_is_left_when_the_conversation_is_over() -> None:
    """Whatever ends a conversation, nothing stays scheduled."""
    for words in (["x", "y"], ["/human"], ["/cancel"], ["x", "/human"]):
        assert Talk(FLOW).send("/start", *words).timers == {}, words


def test_a_restart_leaves_only_the_new_timers() -> None:
    """The timers of the session before the restart are gone."""
    talk = Talk(FLOW).send("/start", "/restart")
    assert all(timer.startswith(talk.session.id) for timer in talk.timers)


def test_a_timer_that_fires_twice_counts_once() -> None:
    """A timer delivered again under another key does not nudge again."""
    talk = Talk(FLOW).send("/start")
    timer = talk.session.timer
    talk.send(Due("one", timer))
    assert "We stopped" in talk.said
    talk.send(Due("two", timer))
    assert talk.said == ""
