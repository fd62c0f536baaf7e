"""Timers are data: a schedule with an absolute due time, and an event that counts only if its question still waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

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


ASIDE = (
    FLOW
    + """---
flow: aside
version: 1
title: A
triggers: [{command: aside}]
slots: {x: {type: text}}
steps: [{id: x, collect: x, prompt: X?, timeout: {after: 3h, then: nudge}}]
"""
)


@pytest.mark.parametrize(
    "words", [["/why"], ["/help", "/status"], ["/language es", "/language en"], ["qq"], ["/language"]]
)
def test_an_aside_does_not_stop_the_clock(words: list[str]) -> None:
    """Help, a reply that is not understood, or a question of the bot's own: the question's time goes on running."""
    flow = FLOW.replace("a: {type: text}", "a: {type: number}").replace(
        "after: 1d, then: nudge", "after: 1d, then: late"
    )
    talk = Talk(flow).send("/start", *words)
    assert talk.timers[talk.session.timer] == START + timedelta(days=1)
    assert talk.wait(hours=25).said == "Too late."


def test_a_nudge_finds_its_question_below_another_one() -> None:
    """While the bot asks for a language, the reminder comes all the same, once, and both questions still wait."""
    talk = Talk(FLOW).send("/start", "/language").wait(hours=25)
    assert "We stopped at this question" in talk.said
    assert talk.at == "pattern_language.ask"
    assert talk.send("English").said.endswith("A?")
    assert talk.wait(hours=25).said == talk.said


def test_a_timeout_leaves_what_was_asked_above_its_question() -> None:
    """Silence in the middle of an aside leads on from the question below it."""
    text = ASIDE.replace(", timeout: {after: 3h, then: nudge}", "")
    for words in (["/language"], ["/aside"], ["/aside", "/language"]):
        talk = Talk(
            text.replace("next: end}\n  - {id: end", "next: c}\n  - {id: c, collect: b, prompt: C?}\n  - {id: end", 1)
        )
        talk.send("/start", "x", *words).wait(hours=3)
        assert talk.said.startswith("Too late."), words
        assert len(talk.session.stack) <= 1


def test_the_clock_of_an_aside_takes_the_place_and_gives_it_back() -> None:
    """There is one step timer: another flow's question has its own, and the one below starts anew when it returns."""
    talk = Talk(ASIDE).send("/start", "/aside")
    assert set(talk.timers) == {talk.session.timer, "sessionabc.expiry"}
    assert talk.timers[talk.session.timer] == START + timedelta(hours=3)
    talk.wait(hours=1).send("x")
    assert talk.timers[talk.session.timer] == START + timedelta(days=1, hours=1)


def test_going_on_starts_the_clock_again() -> None:
    """Cancel and expiry stop the clock; going on, or a late reply that is not understood, sets it anew."""
    talk = Talk(FLOW).send("/start", "/cancel")
    assert talk.timers == {}
    talk.send("/start").tap("Go on")
    assert set(talk.timers) == {talk.session.timer, "sessionabc.expiry"}
    talk = Talk(FLOW.replace("a: {type: text}", "a: {type: number}")).send("/start").wait(hours=25)
    assert talk.send("qq").session.timer == ""  # the one reminder has been sent
    assert talk.wait(days=9).session.status == "expired"


def test_going_back_sets_the_clock_of_the_question_before() -> None:
    """Each question that comes to wait has its own time; the other timer is taken off."""
    talk = Talk(FLOW).send("/start", "x", "/back")
    assert talk.timers == {
        talk.session.timer: START + timedelta(days=1),
        "sessionabc.expiry": START + timedelta(days=3),
    }


def test_silence_is_counted_from_what_the_merchant_did() -> None:
    """Meaning 8: neither a reminder nor a stray timer puts off the end of patience; what the merchant does, does."""
    talk = Talk(FLOW).send("/start").wait(hours=25).send(Due("stray", "nothing"))
    assert talk.timers["sessionabc.expiry"] == START + timedelta(days=3)
    talk.send("/why")
    assert talk.timers["sessionabc.expiry"] == START + timedelta(days=4, hours=1)


def test_a_silent_conversation_is_closed_in_the_middle_of_an_aside() -> None:
    """Expiry closes whatever is open, and the late reply goes to the question that was asked last by the flows."""
    talk = Talk(ASIDE).send("/start", "/aside", "/language").wait(days=4)
    assert "session_expired" in talk.log
    assert talk.timers == {}
    assert talk.send("late").said.endswith("A?")
    assert talk.session.status == "active"


def test_commands_wake_a_closed_conversation() -> None:
    """After the end of patience every command works, and a new start is offered beside going on."""
    talk = Talk(FLOW).send("/start").wait(days=9)
    assert talk.send("/start").labels == ["Go on", "Begin anew"]
    assert talk.tap("Go on").said == "A?"
    assert Talk(FLOW).send("/start").wait(days=9).send("/status").session.status == "active"
    assert Talk(FLOW).send("/start").wait(days=9).send("/human").session.status == "handed_off"
