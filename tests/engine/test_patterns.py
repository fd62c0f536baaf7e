"""The repair patterns: cancel, restart, human, language, why, help, status, summary; replies that are no answers."""

from __future__ import annotations

import pytest

from bot.chat.effects import OpenCase
from bot.chat.events import Message
from bot.flow.library import Library
from tests.engine.talk import Talk, catalogs, flows, patterns

FLOW = """
flow: test
version: 1
title: T
slots:
  a: {type: text, label: A}
  b: {type: yes_no, label: B}
  c: {type: number, label: C, min: 1, max: 10}
  d: {type: text, max_chars: 20, label: D}
  e: {type: choice}
steps:
  - {id: a, collect: a, prompt: A?, why: Because of A.}
  - {id: b, collect: b, prompt: B?, unsure: true}
  - {id: c, collect: c, prompt: C?, invalid: [Once wrong., Twice wrong.], max_attempts: 4}
  - id: d
    collect: d
    prompt: D?
    rejections: [{if: "value | length < 3", say: That is too short.}]
    max_attempts: 2
    on_max_attempts: given_up
  - id: e
    collect: e
    prompt: E?
    choices: [{id: x, label: X-ray}, {id: y, label: Yankee}]
    reprompt: [First try., Second try.]
    max_attempts: 5
    next: done
  - {id: given_up, say: Given up.}
  - {id: done, end: finished}
"""


def test_cancel_stops_at_once_when_little_is_lost() -> None:
    """Meaning 6: with few answers cancel stops without asking, and keeps them."""
    talk = Talk(FLOW).send("/start", "a", "/cancel")
    assert talk.session.status == "cancelled"
    assert talk.send("/start").labels == ["Go on", "Begin anew"]
    talk.tap("Go on")
    assert (talk.at, talk.slots, talk.session.status) == ("test.b", {"a": "a"}, "active")


def test_cancel_asks_first_when_much_would_be_lost() -> None:
    """Meaning 6: with more than three answers cancel asks, and "no" goes on."""
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "long", "/cancel")
    assert "4 questions" in talk.said
    assert talk.send("no").at == "test.e"
    assert talk.send("/cancel", "yes").session.status == "cancelled"


def test_a_cancelled_conversation_can_begin_anew() -> None:
    """Meaning 6: a new beginning after cancel is a new session."""
    talk = Talk(FLOW).send("/start", "a", "/cancel")
    before = talk.session.id
    talk.send("hello?", "Begin anew")
    assert talk.at == "test.a"
    assert talk.session.id != before


def test_restart_is_a_new_session_in_the_same_language() -> None:
    """Meaning 6: restart forgets the answers, keeps the language, and has an id of its own."""
    talk = Talk(FLOW).send("/start", "/language nl", "a", "/restart")
    assert (talk.at, talk.slots, talk.session.locale, talk.session.turns) == ("test.a", {}, "nl", 0)
    assert talk.session.id != "sessionabc"


def test_restart_asks_first_when_much_would_be_lost() -> None:
    """Meaning 6: with more than three answers restart asks first."""
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "long", "/restart")
    assert talk.labels == ["Yes", "No"]
    assert talk.send("no").at == "test.e"
    assert talk.send("/start", "yes").at == "test.a"


@pytest.mark.parametrize("depth", range(5))
def test_a_person_can_be_called_from_any_step(depth: int) -> None:
    """Meaning 6: human hands off from every step, with what is known so far."""
    talk = Talk(FLOW).send("/start", *["a", "yes", "3", "long"][:depth], "/human")
    assert talk.session.status == "handed_off"
    assert [type(each) for each in talk.effects].count(OpenCase) == 1
    assert len(talk.slots) == depth
    assert "with a person" in talk.send("/human").said


def test_a_language_switch_asks_only_the_present_question_again() -> None:
    """Meaning 7: the language changes, the answers stay, the question is put once more; that is no attempt."""
    talk = Talk(FLOW).send("/start", "a", "/language", "Español")
    assert talk.session.locale == "es"
    assert talk.at == "test.b"
    assert talk.labels[0] == "Sí"
    assert talk.slots == {"a": "a"}
    assert talk.send("/language de").labels[0] == "Ja"
    assert talk.session.stack[-1].wait is not None
    assert talk.session.stack[-1].wait.attempts == 0


def test_a_language_switch_works_while_a_person_is_in_control() -> None:
    """Meaning 7: even after the hand-off the merchant may choose the language of the bot's own words."""
    talk = Talk(FLOW).send("/start", "/human", "/language", "Français")
    assert (talk.session.locale, talk.session.status) == ("fr", "handed_off")
    assert talk.said


def test_why_and_help_explain_the_question_and_put_it_again() -> None:
    """Meaning 4: the reason of the question is shown, then the question; neither is an attempt."""
    talk = Talk(FLOW).send("/start", "/why")
    assert talk.said == "Because of A.\n\nA?"
    assert "Because of A." in talk.send("/help").said
    assert "/back" in talk.said
    assert "asking back" in talk.send("a", "/why").said
    assert talk.session.stack[-1].wait is not None
    assert talk.session.stack[-1].wait.attempts == 0


def test_status_and_summary_say_how_far_it_is() -> None:
    """Status counts the answers, summary lists them by label, and both return to the question."""
    talk = Talk(FLOW).send("/start", "/summary")
    assert "Nothing yet" in talk.said
    talk.send("alpha", "i dont know", "/status")
    assert "so far: 2." in talk.said
    assert "A: alpha\n- B: I don't know" in talk.send("/summary").said
    assert talk.at == "test.c"


def test_the_texts_for_unrecognised_replies_follow_each_other() -> None:
    """Meaning 4: the author's texts come one after another; the last one repeats."""
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "long")
    said = [talk.send("qqqq").said.splitlines()[0] for _ in range(3)]
    assert said == ["First try.", "Second try.", "Second try."]


def test_invalid_answers_have_texts_and_a_counter_of_their_own() -> None:
    """Meaning 4: an answer of the wrong form is not an unrecognised one."""
    talk = Talk(FLOW).send("/start", "a", "yes")
    assert talk.send("many").said.startswith("Once wrong.")
    assert talk.send("11").said.startswith("Twice wrong.")
    assert talk.session.stack[-1].wait is not None
    assert (talk.session.stack[-1].wait.invalid, talk.session.stack[-1].wait.unrecognised) == (2, 0)


def test_empty_and_wrong_kind_have_texts_and_counters_of_their_own() -> None:
    """Meaning 4: an empty message and a sticker are answered, and use up no try however often they come."""
    talk = Talk(FLOW).send("/start")
    assert "was empty" in talk.send("   ").said
    for number in range(9):
        talk.send(Message(f"s{number}", kind="sticker"))
    assert "cannot read that" in talk.said
    wait = talk.session.stack[-1].wait
    assert wait is not None
    assert (wait.empty, wait.wrong_kind, talk.at) == (1, 9, "test.a")


def test_a_rejection_says_what_the_author_says() -> None:
    """A well-formed answer that makes no sense is refused in the author's words."""
    assert Talk(FLOW).send("/start", "a", "yes", "3", "xy").said.startswith("That is too short.")


def test_too_many_attempts_lead_where_the_author_says() -> None:
    """Meaning 4: after the last try the flow goes on at `on_max_attempts`."""
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "xy", "x" * 30)
    assert "Given up." in talk.said
    assert talk.session.outcome == "finished"


def test_too_many_attempts_offer_a_person() -> None:
    """Meaning 4: without a way of the author's the bot offers a person; "no" goes on with the question."""
    talk = Talk(FLOW).send("/start", "a", "qqqq", "qqqq", "qqqq")
    assert "call a person" in talk.said
    assert talk.send("no").at == "test.b"
    assert talk.send("qqqq", "qqqq", "qqqq", "yes").session.status == "handed_off"


def test_did_you_mean_takes_nothing_by_itself() -> None:
    """Meaning 3: a likely typo is asked about; yes takes it, no puts the question again."""
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "long", "yanke")
    talk = Talk(FLOW).send("/start", "a", "yes", "3", "long", "yankeee")
    assert talk.said == "Did you mean Yankee?"
    assert "e" not in talk.slots
    assert Talk(FLOW).send("/start", "a", "yes", "3", "long", "yankeee", "no").said == "E?"
    talk.send("yes")
    assert talk.session.status == "ended"


def test_a_deployment_may_override_a_pattern() -> None:
    """A pattern is an ordinary flow: another one of the same id takes its place."""
    mine = flows(
        "{flow: pattern_why, version: 1, title: W, triggers: [{command: why}], steps: [{id: a, say: Our own reason.}]}"
    )
    others = [flow for flow in patterns() if flow.flow != "pattern_why"]
    talk = Talk(Library([*others, *mine, *flows(FLOW)], catalogs())).send("/start", "/why")
    assert talk.said == "Our own reason.\n\nA?"


def test_a_broken_pattern_still_leaves_an_answer() -> None:
    """When the pattern for errors fails itself, its plainest form is said."""
    bad = "{flow: pattern_error, version: 1, title: E, steps: [{id: a, when: 'case.id < 3', say: Never.}]}"
    others = [flow for flow in patterns() if flow.flow != "pattern_error"]
    broken = FLOW.replace("{id: b, collect", '{id: b, when: "slots.a < 3", collect')
    talk = Talk(Library([*others, *flows(bad), *flows(broken)], catalogs())).send("/start", "a")
    assert "Something went wrong" in talk.said
    assert talk.at == "test.a"


def test_a_pattern_that_waits_keeps_the_reason_it_shows() -> None:
    """What a pattern is given survives JSON: an overriding help may ask something before it explains."""
    mine = flows("""
flow: pattern_why
version: 1
title: W
triggers: [{command: why}]
slots: {really: {type: yes_no}}
steps:
  - {id: ask, collect: really, prompt: Really?}
  - {id: reason, say: "{{ pattern.why }}"}
""")
    others = [flow for flow in patterns() if flow.flow != "pattern_why"]
    talk = Talk(Library([*others, *mine, *flows(FLOW)], catalogs())).send("/start", "/why", "yes")
    assert talk.said == "Because of A.\n\nA?"
