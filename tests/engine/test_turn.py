"""Turns: what one event does, the order in which a reply is read, duplicates, limits and failures."""

from __future__ import annotations

import pytest

from bot.chat.effects import Ask, Edit, OpenCase, Remove, Say
from bot.chat.events import File, Message, Tap
from bot.chat.people import TELEGRAM
from bot.engine import limits
from bot.engine.session import encode
from bot.engine.summary import card
from bot.text.plain import plain
from tests.engine.talk import Talk, library, shipped

TWO = """
flow: test
version: 1
title: Two questions
slots:
  colour: {type: choice, label: Colour}
  size: {type: text, label: Size}
  secret: {type: text, sensitive: true, label: Secret}
steps:
  - {id: hello, say: "Hello {{ user.first_name }}."}
  - id: colour
    collect: colour
    prompt: Which colour?
    why: Because we paint it.
    choices: [{id: red, label: Red, synonyms: [rot]}, {id: blue, label: Blue}, {id: back, label: Back}]
  - {id: size, collect: size, prompt: Which size?}
  - {id: secret, collect: secret, prompt: Which word?}
  - {id: bye, say: "{{ slots.size }} and {{ slots.colour }}: noted."}
---
flow: other
version: 1
title: Something else
triggers: [{command: other}, {words: "something else, otherwise"}]
steps: [{id: text, say: Something else entirely.}]
"""


def test_a_turn_runs_until_a_question_waits() -> None:
    """Meaning 1: one event runs to completion, through steps that do not wait, until one does."""
    talk = Talk(TWO).send("/start")
    assert [type(effect) for effect in talk.effects[:2]] == [Say, Ask]
    assert talk.said == "Hello Ana.\n\nWhich colour?"
    assert talk.at == "test.colour"


def test_a_turn_runs_until_the_flow_ends() -> None:
    """Meaning 1: a flow that runs off its end is over, and the session says so."""
    talk = Talk(TWO).send("/start", "red", "large", "abc")
    assert talk.said == "large and red: noted."
    assert talk.session.status == "ended"


def test_a_turn_runs_until_a_person_is_called() -> None:
    """Meaning 1: a hand-off ends the turn; what comes after it in the flow does not run."""
    talk = Talk("""
flow: test
version: 1
title: T
steps:
  - {id: call, handoff: {queue: integrations, priority: "{{ 'high' if user.first_name == 'Ana' else 'low' }}"}}
  - {id: never, say: Never.}
""").send("/start")
    (case,) = [effect for effect in talk.effects if isinstance(effect, OpenCase)]
    assert (case.queue, case.priority) == ("integrations", "high")
    assert talk.session.status == "handed_off"
    assert "Never" not in talk.said


def test_a_duplicate_event_changes_nothing() -> None:
    """Meaning 2: an event key that was seen before changes nothing and sends nothing."""
    talk = Talk(TWO).send("/start", Message("same", "red"))
    before = encode(talk.session)
    talk.send(Message("same", "blue"))
    assert talk.effects == ()
    assert encode(talk.session) == before


def test_the_input_session_is_not_changed() -> None:
    """The contract of `advance`: the session that came in is as it was."""
    talk = Talk(TWO).send("/start")
    before, document = talk.session, encode(talk.session)
    talk.send("red")
    assert encode(before) == document


@pytest.mark.parametrize("reply", ["/back", "BACK", " /Back@triage_bot "])
def test_a_command_works_in_slash_form(reply: str) -> None:
    """Meaning 2: the slash form of a global command always works; so does a bot's name behind it."""
    talk = Talk(TWO).send("/start", "red", reply)
    assert talk.at == "test.colour"


def test_a_bare_command_word_gives_way_to_a_choice_of_that_name() -> None:
    """Meaning 2: a bare command word is a choice where the question has one of that name; the slash form is not."""
    talk = Talk(TWO).send("/start", "back")
    assert talk.slots == {"colour": "back"}
    talk = Talk(TWO).send("/start", "/back")
    assert talk.slots == {}


def test_a_command_word_inside_a_sentence_is_an_answer() -> None:
    """Meaning 2: a bare command word counts only as the whole message."""
    talk = Talk(TWO).send("/start", "red", "please cancel the big one")
    assert talk.slots["size"] == "please cancel the big one"


def test_another_flow_interrupts_and_returns() -> None:
    """Meaning 2 and 4: another flow's trigger runs above the question, which comes back; that was no attempt."""
    talk = Talk(TWO).send("/start", "something else")
    assert talk.said == "Something else entirely.\n\nWhich colour?"
    assert talk.session.stack[-1].wait is not None
    assert talk.session.stack[-1].wait.attempts == 0
    assert Talk(TWO).send("/start", "/other").said == talk.said


def test_interruptions_can_be_forbidden() -> None:
    """Meaning 2: where a question forbids interruptions, other flows' triggers are replies that are not recognised."""
    talk = Talk(TWO.replace("prompt: Which colour?", "prompt: Which colour?\n    interruptions: false"))
    talk.send("/start", "something else")
    assert "entirely" not in talk.said
    assert "did not recognise" in talk.said
    assert "answer this question first" in talk.send("/other").said


def test_an_unrecognised_reply_is_answered_and_the_question_put_again() -> None:
    """Meaning 2: what nothing reads is answered, with the question."""
    talk = Talk(TWO).send("/start", "xyzzy")
    assert "did not recognise" in talk.said
    assert talk.question.document == Talk(TWO).send("/start").question.document


def test_a_button_is_read_by_its_token() -> None:
    """Meaning 2: a pressed button answers, and the question is edited to show the choice."""
    talk = Talk(TWO).send("/start").tap("Blue")
    assert talk.slots == {"colour": "blue"}
    (edit,) = [effect for effect in talk.effects if isinstance(effect, Edit)]
    assert edit.ref == talk.turns[0].effects[1].ref  # type: ignore[union-attr]


def test_tokens_fit_the_narrowest_channel() -> None:
    """Every token of the shipped flow's longest question is ASCII and at most 64 bytes."""
    talk = Talk(shipped(), "help_us_help_you").send("/start")
    assert all(button.token.isascii() and len(button.token) <= 64 for button in talk.buttons)


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c.d", "sessionabc.1", "other.1.000000.000000", "sessionabc.1.zz.zz", "é" * 40]
)
def test_a_foreign_or_broken_token_is_answered(token: str) -> None:
    """Meaning 6: a button of another conversation, or no token at all, gets an answer and changes no answer."""
    talk = Talk(TWO).send("/start", Tap("t", token))
    assert "no longer does anything" in talk.said
    assert talk.slots == {}


def test_a_flow_that_never_waits_is_stopped() -> None:
    """The limit of steps in a turn: a log line, a clear text, and the session stays where it was."""
    talk = Talk("""
flow: test
version: 1
title: T
steps:
  - {id: a, set: {x: 1}, next: b}
  - {id: b, set: {x: 2}, next: a}
slots: {x: {type: number}}
""").send("/start")
    assert "limit_reached" in talk.log
    assert "/human" in talk.said
    assert talk.session.status == "idle"


def test_flows_that_call_each_other_without_end_are_stopped() -> None:
    """The limit of frames: a log line and a clear text."""
    talk = Talk("{flow: test, version: 1, title: T, steps: [{id: a, call: test}]}").send("/start")
    assert "limit_reached" in talk.log
    assert talk.said


def test_a_session_has_a_last_turn() -> None:
    """The limit of turns: every further message is answered, and a person or a new start can be had."""
    talk = Talk(TWO).send("/start")
    talk.session.turns = limits.TURNS_PER_SESSION
    talk.send("red")
    assert "limit_reached" in talk.log
    assert "/restart" in talk.said
    assert talk.slots == {}
    assert talk.send("/human").session.status == "handed_off"


def test_an_expression_that_fails_is_answered_and_nothing_is_lost() -> None:
    """A failing expression is logged, the merchant is told, and the session stays where it was."""
    talk = Talk(TWO.replace("{id: size, collect", '{id: size, when: "slots.colour < 3", collect')).send("/start", "red")
    assert "turn_failed" in talk.log
    assert "Something went wrong" in talk.said
    assert talk.at == "test.colour"


def test_a_sensitive_answer_is_not_in_the_log() -> None:
    """An answer to a sensitive slot is nowhere in the log, neither as event nor as answer."""
    talk = Talk(TWO).send("/start", "red", "large", "opensesame")
    assert talk.session.status == "ended"
    assert "opensesame" not in repr(talk.turn.log)


def test_a_secret_is_removed_before_anything_is_stored() -> None:
    """A password in a message is neither stored nor logged nor relayed; the merchant is told, without repetition."""
    talk = Talk(TWO).send("/start", "red", "it is the large one as always, password: Hunter2!xy")
    assert "Hunter2" not in encode(talk.session).decode()
    assert "Hunter2" not in repr(talk.turn)
    assert "removed it" in talk.said
    assert str(talk.slots["size"]).startswith("it is the large one")


def test_where_a_secret_was_written_it_is_taken_out_of_the_chat() -> None:
    """Where the bot can: the message itself, once; elsewhere the merchant is asked. Staff read that it is exposed."""
    secret = Message("s", "my password: Hunter2!xy", origin="77")
    there = Talk(TWO, channel=TELEGRAM).send("/start", secret)
    assert Remove("77") in there.turn.effects
    assert "out of this chat" in there.said
    elsewhere = Talk(TWO).send("/start", secret)
    assert not any(isinstance(each, Remove) for each in elsewhere.turn.effects)
    assert "delete your message" in elsewhere.said
    for talk in (there, elsewhere):
        assert talk.session.exposed == ("password",)
        assert "has to be replaced" in plain(card(talk.library, talk.session, "en"))


def test_a_message_that_is_only_a_secret_is_no_answer() -> None:
    """What is left of a message that held only a secret is not taken as the answer."""
    talk = Talk(TWO).send("/start", "red", "password: Hunter2!xy")
    assert "size" not in talk.slots
    assert talk.at == "test.size"


def test_a_file_where_none_is_expected_is_kept() -> None:
    """A file without words at a question that takes none goes to a person; it is no try to answer."""
    talk = Talk(TWO).send("/start", "red", Message("f", "", (File("1", "a.png"),)))
    assert "goes to the person" in talk.said
    assert talk.at == "test.size"


def test_before_the_start_any_message_starts() -> None:
    """The first message starts the conversation, whatever it says."""
    assert Talk(TWO).send("Hola").at == "test.colour"


def test_after_the_end_every_message_is_answered() -> None:
    """A conversation that is over says how to begin a new one, and does begin one."""
    talk = Talk(TWO).send("/start", "red", "large", "abc", "and now?")
    assert "/start" in talk.said
    assert talk.send("/start").at == "test.colour"


def test_after_the_hand_off_words_go_to_the_person() -> None:
    """While a person is in control the bot relays and says so; it asks nothing."""
    talk = Talk(TWO).send("/start", "/human", "are you there?")
    assert [type(effect).__name__ for effect in talk.effects] == ["Relay", "Say"]
    assert talk.session.case in talk.said


def test_every_command_is_answered_in_every_state() -> None:
    """No command stays without an answer before, during, after, and while a person is in control."""
    commands = [
        "/back",
        "/cancel",
        "/restart",
        "/language",
        "/why",
        "/help",
        "/status",
        "/summary",
        "/other",
        "/start",
        "/human",
    ]
    states = [
        [],
        ["/start"],
        ["/start", "red"],
        ["/start", "/cancel"],
        ["/start", "/human"],
        ["/start", "red", "l", "x"],
    ]
    for state in states:
        for command in commands:
            talk = Talk(TWO).send(*state, command)
            assert talk.said, (state, command)
            assert "turn_failed" not in talk.log, (state, command)


def test_the_same_arguments_give_the_same_turn() -> None:
    """`advance` is a function: two libraries made from the same text, two talks, one outcome."""
    library.cache_clear()
    first = Talk(TWO).send("/start", "red")
    library.cache_clear()
    second = Talk(TWO).send("/start", "red")
    assert first.turn == second.turn
