"""Replaying: the log of a conversation, applied again, makes the same session."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.chat.events import File, Message, Performed, Submit
from bot.chat.people import SLACK
from bot.engine.replay import replay
from bot.engine.session import MASK, Record, decode, encode
from tests.engine.talk import Talk
from tests.engine.wild import Wild, moves
from tests.searching import examples

FLOW = """
flow: test
version: 1
title: T
slots:
  word: {type: text, sensitive: true, label: Word}
  kind: {type: choice, label: Kind}
  found: {type: text}
  end: {type: text}
steps:
  - {id: word, collect: word, prompt: Word?}
  - {id: kind, collect: kind, prompt: Kind?, choices: [{id: a, label: Ay}, {id: b, label: Bee}]}
  - {id: look, action: look_up, with: {kind: "{{ slots.kind }}"}, into: {found: found}}
  - {id: end, collect: end, prompt: "{{ slots.found }}?"}
"""


def stored(talk: Talk) -> list[Record]:
    """The log as a store gives it back."""
    log = [record for turn in talk.turns for record in turn.log]
    return msgspec.json.decode(msgspec.json.encode(log), type=list[Record])


def first(talk: Talk) -> bytes:
    """The session before anything happened."""
    return encode(Talk(talk.library, channel=talk.session.channel).session)


def replayed(talk: Talk) -> bytes:
    """What the stored log makes of the session at its beginning."""
    return encode(replay(talk.library, decode(first(talk)), stored(talk)))


def test_a_log_replays_to_its_session() -> None:
    """Messages, buttons, files, timers, hooks, a restart with its new ids: the events in the log are all it takes."""
    talk = Talk(FLOW).send("/start", "***", "ay")
    (perform,) = [each for each in talk.effects if type(each).__name__ == "Perform"]
    talk.send(Performed("p1", perform.action, {"found": "x"}))  # type: ignore[union-attr]
    talk.send("/back").tap("Bee").wait(minutes=2)
    talk.send(Message("f", "", (File("1", "a.png"),)), "/restart", "/language nl", "***").wait(days=8)
    assert talk.session.id != "sessionabc"
    assert replayed(talk) == encode(talk.session)


def test_sensitive_answers_come_back_masked_and_nothing_else_changes() -> None:
    """A sensitive answer is not in the log; a replay has the mask in its place, and is equal otherwise."""
    talk = Talk(FLOW).send("/start", "opensesame", "ay")
    session = replay(talk.library, decode(first(talk)), stored(talk))
    assert session.stack[0].slots["word"] == MASK
    session.stack[0].slots["word"] = "opensesame"
    assert encode(session) == encode(talk.session)


@pytest.mark.parametrize("words", ["/back", "/why", "/language de", "back", "/human", "/cancel", "help"])
def test_a_command_at_a_sensitive_question_is_replayed(words: str) -> None:
    """A command is no answer: it stands in the log as it was given, so that the replay goes the same way."""
    talk = Talk(FLOW).send("/start", words)
    assert replayed(talk) == encode(talk.session)
    assert MASK not in repr(stored(talk))


def test_a_sensitive_answer_below_a_pattern_is_not_logged() -> None:
    """What may be a sensitive answer is masked while the bot asks something else above its question."""
    talk = Talk(FLOW).send("/start", "/language", "opensesame")
    assert "opensesame" not in repr([turn.log for turn in talk.turns])


def test_a_log_without_events_is_the_session_itself() -> None:
    """Nothing happened, nothing changes; other kinds of lines are no events."""
    session = Talk(FLOW).session
    assert replay(Talk(FLOW).library, session, [Record("case_claimed", session.started)]) is session


def test_a_log_that_is_none_is_refused() -> None:
    """An event that is no event is an error of the log's reader."""
    talk = Talk(FLOW)
    with pytest.raises(msgspec.ValidationError):
        replay(talk.library, talk.session, [Record("event_received", talk.now, {"event": {"type": "x"}, "ids": ""})])


def test_a_form_replays() -> None:
    """The values of a form are in the log as they were sent."""
    flow = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: number}, end: {type: text}}
steps:
  - {id: f, form: f, title: F, submit: S, fields: [{collect: a, prompt: A?}, {collect: b, prompt: B?}]}
  - {id: end, collect: end, prompt: End?}
"""
    talk = Talk(flow, channel=SLACK).send("/start")
    talk.send(Submit("s", talk.question.buttons[0].token, {"a": "x", "b": "many"}))
    talk.send(Submit("s2", talk.question.buttons[0].token, {"a": "x", "b": "3"}))
    assert talk.at == "test.end"
    assert replayed(talk) == encode(talk.session)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(moves.filter(lambda move: move[0] not in {"renew", "submit", "old form"}), max_size=30))
@example([("send", Message("", "", (File("f", "a.png", 0),))), ("say", "/human")])
def test_whatever_happened_replays(what: list[tuple[str, object]]) -> None:
    """Any conversation under one version of its flows, without sensitive answers, replays to the same document."""
    wild = Wild()
    for kind, details in what:
        wild.step(kind, details)
    if not any(MASK in repr(record.data) for record in wild.log):
        assert encode(replay(wild.library, wild.first, wild.log)) == encode(wild.session)
