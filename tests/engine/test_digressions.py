"""Other flows and commands, before, during and after the conversation: who gets an answer to what."""

from __future__ import annotations

import pytest

from bot.chat.effects import Ask, Relay
from bot.chat.events import File, Message, Tap
from bot.text.plain import plain
from tests.engine.talk import Talk

FLOW = """
flow: test
version: 1
title: T
slots: {a: {type: text, label: A}, b: {type: choice, label: B}, c: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?}
  - id: b
    collect: b
    prompt: B?
    interruptions: [telling]
    choices: [{id: restart, label: Restart it}, {id: human, label: Human error}, {id: x, label: Stop}]
  - {id: c, collect: c, prompt: C?}
---
flow: inner
version: 1
title: Inner
triggers: [{command: inner}, {words: "inner thing, that thing"}]
slots: {w: {type: text, label: W}, v: {type: yes_no}}
steps:
  - {id: w, collect: w, prompt: W?}
  - {id: v, collect: v, prompt: V?}
  - {id: thanks, say: "Thanks for {{ slots.w }}."}
---
flow: telling
version: 1
title: Telling
triggers: [{command: telling}, {words: tell me}]
steps: [{id: tell, say: This is what I tell.}]
---
flow: calling
version: 1
title: Calling
triggers: [{command: calling}]
slots: {w: {type: text}}
steps: [{id: w, collect: w, prompt: What for?}, {id: call, handoff: {queue: q}}]
"""


def test_a_digression_comes_back_to_its_question() -> None:
    """Another flow asks its own questions above the one that waits, and then that one comes again."""
    talk = Talk(FLOW).send("/start", "/inner")
    assert talk.said == "W?"
    assert talk.send("word").said == "V?"
    assert talk.send("yes").said == "Thanks for word.\n\nA?"
    assert len(talk.session.stack) == 1
    assert talk.send("/back").at == "inner.v"
    assert talk.send("no").said == "Thanks for word.\n\nA?"


def test_a_digression_within_a_digression() -> None:
    """Each comes back to the one below it."""
    talk = Talk(FLOW).send("/start", "/inner", "/inner", "deep", "yes")
    assert talk.said == "Thanks for deep.\n\nW?"
    assert talk.send("shallow", "yes").said == "Thanks for shallow.\n\nA?"


def test_which_flows_may_interrupt() -> None:
    """A list of flows may interrupt, by command or words; others are told to wait, or are no recognised reply."""
    talk = Talk(FLOW).send("/start", "one", "/telling")
    assert talk.said.startswith("This is what I tell.\n\nB?")
    assert talk.send("tell me").said.startswith("This is what I tell.\n\nB?")
    assert "answer this question first" in talk.send("/inner").said
    assert "did not recognise" in talk.send("inner thing").said
    assert talk.send("/language", "/inner").said.startswith("Please answer this question first")


def test_words_interrupt_only_where_they_are_no_answer() -> None:
    """Meaning 2: the question's own reading comes before other flows' triggers."""
    assert Talk(FLOW).send("/start", "inner thing").slots == {"a": "inner thing"}


@pytest.mark.parametrize("word", ["stop", "human error", "Stop!"])
def test_a_bare_word_that_is_a_choice_is_a_choice(word: str) -> None:
    """Meaning 2: a choice of the question counts before a bare command word; its slash form does not give way."""
    assert "b" in Talk(FLOW).send("/start", "one", word).slots
    assert Talk(FLOW).send("/start", "one", "/cancel").session.status == "cancelled"


@pytest.mark.parametrize("text", ["/back", "/BACK", "/back@bot", "/back now", "/back\nnow", " /back "])
def test_a_command_is_read_however_it_is_written(text: str) -> None:
    """Upper case, a bot's name, words or lines behind it, spaces around it."""
    assert Talk(FLOW).send("/start", "one", text).at == "test.a"


@pytest.mark.parametrize("text", ["/language es", "/language\nes", "/language   ES", "/language@bot es"])
def test_words_after_a_command_are_read(text: str) -> None:
    """The language may be named right away, however the two are separated."""
    assert Talk(FLOW).send("/start", text).session.locale == "es"


def test_a_language_is_named_as_platforms_name_it() -> None:
    """Meaning 7: pt-BR is Portuguese here; what is no language of ours is asked about."""
    assert Talk(FLOW).send("/start", "/language pt-BR").session.locale == "pt"
    assert Talk(FLOW).send("/start", "/language es_419").session.locale == "es"
    for words in ("tlh", "please", "!!", "e" * 300):
        talk = Talk(FLOW, locale="de").send("/start", f"/language {words}")
        assert (talk.at, talk.session.locale) == ("pattern_language.ask", "de")


def test_a_command_in_a_caption_counts_only_with_its_slash() -> None:
    """A bare word under a file is about the file."""
    assert Talk(FLOW).send("/start", "one", Message("f", "/back", (File("1", "a.png"),))).at == "test.a"
    assert Talk(FLOW).send("/start", Message("f", "back", (File("1", "a.png"),))).slots == {"a": "back"}


# --- when the conversation itself does not go on ----------------------------------------------------------------------


@pytest.mark.parametrize("before", [[], ["/start", "1", "stop", "3"], ["/start", "/cancel"]])
def test_another_flow_is_answered_whatever_became_of_the_conversation(before: list[str]) -> None:
    """Before the start, after the end and after cancel another flow can be gone through; then all is as it was."""
    talk = Talk(FLOW).send(*before)
    status = talk.session.status
    talk.send("/inner", "word")
    assert talk.said == "V?"
    assert talk.tap("Yes").said == "Thanks for word."
    assert talk.session.status == status
    assert talk.timers == {}


def test_the_start_leaves_another_flow_behind() -> None:
    """A conversation that starts while another flow asks begins afresh: nothing of that is below or behind it."""
    talk = Talk(FLOW).send("/inner", "word", "/start")
    assert (talk.at, len(talk.session.stack)) == ("test.a", 1)
    assert "no earlier question" in talk.send("/back").said
    talk.send("one", "x", "three")
    assert talk.session.status == "ended"


def test_another_flow_may_call_a_person() -> None:
    """A hand-off in another flow hands the conversation over, started or not."""
    for before in ([], ["/start"]):
        talk = Talk(FLOW).send(*before, "/calling", "a reason")
        assert talk.session.status == "handed_off"
        assert isinstance(talk.send("hello").effects[0], Relay)


def test_while_a_person_is_in_control_a_flow_may_tell_but_not_ask() -> None:
    """A flow that only says something is run; one that would ask is not, since its answer would be for the person."""
    talk = Talk(FLOW).send("/start", "/human", "/telling")
    assert talk.said == "This is what I tell."
    talk.send("/inner")
    assert "with a person" in talk.said
    assert not any(isinstance(each, Ask) for each in talk.effects)
    assert isinstance(talk.send("my words").effects[0], Relay)


def test_what_is_no_answer_to_a_pattern_is_for_the_person() -> None:
    """While a person is in control and the bot asked for a language, anything that is none reaches the person."""
    talk = Talk(FLOW).send("/start", "/human", "/language", "my order is 42")
    (relay,) = [each for each in talk.effects if isinstance(each, Relay)]
    assert plain(relay.document) == "my order is 42"
    assert isinstance(talk.send("deutsch").effects[0], Relay)
    assert Talk(FLOW).send("/start", "/human", "/language", "deutsch").session.locale == "de"


def test_a_digression_that_was_open_at_the_hand_off_gets_no_words() -> None:
    """What another flow had asked before the hand-off is no longer asked."""
    talk = Talk(FLOW).send("/start", "/inner", "/human", "hello")
    assert isinstance(talk.effects[0], Relay)
    assert not any(isinstance(each, Ask) for each in talk.effects)


def test_buttons_of_the_conversation_do_nothing_while_it_rests() -> None:
    """With a pattern's question on top, a button of the flow below moves nothing that is over or handed on."""
    talk = Talk(FLOW).send("/start", "one")
    old = talk.buttons[0]
    talk.send("/human", "/language").press(old)
    assert "b" not in talk.slots
    assert talk.session.status == "handed_off"
    talk = Talk(FLOW).send("/start", "one", "/cancel", "/start").press(old)
    assert "b" not in talk.slots
    assert talk.send(Tap("t", "")).said


def test_a_button_before_the_start_is_answered() -> None:
    """Idle, with another flow waiting: a strange button is told so, once."""
    talk = Talk(FLOW).send("/inner", Tap("t", "sessionabc.1f.ab.cd"))
    assert "no longer does anything" in talk.said
    assert talk.send("word").said == "V?"
