"""The limits: each one is named in one place, and passing it is logged and answered, with a way out."""

from __future__ import annotations

import pytest

from bot.chat.effects import OpenCase, Relay
from bot.chat.events import File, Message
from bot.engine import limits, undo
from bot.engine.session import encode
from bot.text.plain import plain
from tests.engine.talk import Talk

FLOW = """
flow: test
version: 1
title: T
slots: {a: {type: text}, b: {type: yes_no}, c: {type: text}, d: {type: text}, e: {type: text}, s: {type: files}}
steps:
  - {id: a, collect: a, prompt: A?}
  - {id: b, collect: b, prompt: B?}
  - {id: c, collect: c, prompt: C?}
  - {id: d, collect: d, prompt: D?}
  - {id: e, collect: e, prompt: E?}
---
flow: deep
version: 1
title: Deep
triggers: [{command: deep}]
slots: {x: {type: text}}
steps: [{id: x, collect: x, prompt: Deeper?}]
"""

LIMITS = {
    "STEPS_PER_TURN": 100,
    "FRAMES": 25,
    "TURNS_PER_SESSION": 500,
    "UNDO_ENTRIES": 100,
}


def limit_of(talk: Talk) -> list[str]:
    """The limits that the last turn passed."""
    return [record.data["reason"] for record in talk.turn.log if record.kind == "limit_reached"]


def test_the_published_limits() -> None:
    """The numbers that are published are the ones in force."""
    assert {name: getattr(limits, name) for name in LIMITS} == LIMITS


def test_as_many_steps_as_a_turn_may_have() -> None:
    """A hundred steps are run, one more is not; the session stays where it was and the merchant is told."""
    for count, reached in ((limits.STEPS_PER_TURN - 1, []), (limits.STEPS_PER_TURN, ["steps_per_turn"])):
        steps = "".join(f"\n  - {{id: s{n}, set: {{x: {n}}}}}" for n in range(count))
        talk = Talk(
            f"flow: test\nversion: 1\ntitle: T\nslots: {{x: {{type: number}}}}\nsteps:{steps}\n"
            "  - {id: q, collect: x, prompt: Q?}\n"
        )
        talk.send("/start")
        assert limit_of(talk) == reached
        assert talk.said


def test_a_long_correction_is_no_endless_turn() -> None:
    """Answers that are given again by themselves do not count: the first of many can be changed in one turn."""
    slots = ", ".join(f"q{n}: {{type: text, label: Q{n}}}" for n in range(60))
    steps = "".join(f"\n  - {{id: s{n}, say: S}}\n  - {{id: q{n}, collect: q{n}, prompt: Q?}}" for n in range(60))
    end = "\n  - {id: end, collect: end, prompt: End?, corrections: true, choices: [{id: x, label: X}]}\n"
    talk = Talk(f"flow: test\nversion: 1\ntitle: T\nslots: {{{slots}, end: {{type: choice}}}}\nsteps:{steps}{end}")
    talk.send("/start", *map(str, range(60))).tap("Change: Q0").send("other")
    assert limit_of(talk) == []
    assert talk.at == "test.end"
    assert (talk.slots["q0"], talk.slots["q59"]) == ("other", "59")


def test_as_many_frames_as_a_session_may_have() -> None:
    """A digression into a digression, again and again, is stopped; patterns still have room, and a person is called."""
    talk = Talk(FLOW).send("/start", *["/deep"] * 40)
    assert limit_of(talk) == ["frames"]
    assert len(talk.session.stack) == limits.FRAMES
    assert talk.said.endswith("Deeper?")
    assert "turn_failed" not in talk.log
    assert talk.send("/help", "/language es").session.locale == "es"
    assert any(isinstance(each, OpenCase) for each in talk.send("/human").effects)


@pytest.mark.parametrize("words", ["/language", "/why", "qqqq", "/help", "/restart", "/cancel"])
def test_patterns_do_not_pile_up(words: str) -> None:
    """However often a command is given or a reply not understood, a person can be called and the flow goes on."""
    talk = Talk(FLOW).send("/start", "1", *[words] * 120)
    assert "turn_failed" not in talk.log
    assert len(talk.session.stack) <= 4
    assert talk.send("/human").session.status == "handed_off"


# --- the last turn ----------------------------------------------------------------------------------------------------


def spent(*words: str) -> Talk:
    """A conversation that has had its last turn."""
    talk = Talk(FLOW).send("/start", *words)
    talk.session.turns = limits.TURNS_PER_SESSION
    return talk


def test_after_the_last_turn_nothing_is_taken_but_everything_answered() -> None:
    """A message, a button and a form are answered with what one can do now."""
    button = Talk(FLOW).send("/start", "1").buttons[0]
    for talk in (spent("1").send("yes"), spent("1").press(button), spent("1").send("/why"), spent("1").send("/deep")):
        assert limit_of(talk) == ["turns_per_session"]
        assert "/restart" in talk.said
        assert talk.slots == {"a": "1"}


def test_after_the_last_turn_one_can_start_over() -> None:
    """Restart works then, also where it has to ask first, and so do cancel, another language, and a person."""
    assert spent("1").send("/restart").session.turns == 0
    talk = spent("1", "yes", "3", "4").send("/restart")
    assert talk.labels == ["Yes", "No"]
    assert talk.send("yes").at == "test.a"
    assert spent("1", "yes", "3", "4").send("/restart").tap("Yes").at == "test.a"
    assert spent("1", "yes", "3", "4").send("/cancel", "yes").session.status == "cancelled"
    assert spent("1").send("/language", "Español").session.locale == "es"
    assert spent("1").send("/human").session.status == "handed_off"


def test_a_person_is_written_to_without_limit() -> None:
    """While a person is in control every message reaches them, however many there were."""
    talk = spent("/human").send("still there?")
    assert limit_of(talk) == []
    assert any(isinstance(each, Relay) for each in talk.effects)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_ways_back_are_kept_up_to_their_number() -> None:
    """A long conversation forgets its oldest ways back, in blocks, and going back ends where they end."""
    flow = """
flow: test
version: 1
title: T
slots: {x: {type: text, ask_again: true}}
steps: [{id: x, collect: x, prompt: X?, next: x}]
"""
    talk = Talk(flow).send("/start", *map(str, range(limits.UNDO_ENTRIES + 5)))
    kept = undo.answered(talk.session)
    assert 0 < kept <= limits.UNDO_ENTRIES
    for _ in range(kept):
        talk.send("/back")
        assert "step_undone" in talk.log
    assert "no earlier question" in talk.send("/back").said


def test_a_huge_message_is_cut_before_anything_reads_it() -> None:
    """What is beyond the limit is not in the session, not in the log, not relayed."""
    talk = Talk(FLOW).send("/start", "x" * 50_000)
    assert len(encode(talk.session)) < 2_000
    talk.send("/human", "y" * 50_000)
    (relay,) = [each for each in talk.effects if isinstance(each, Relay)]
    assert len(plain(relay.document)) == limits.MESSAGE_CHARS
    assert len(repr(talk.turn.log)) < limits.MESSAGE_CHARS + 2_000


def test_the_name_of_a_file_is_made_safe() -> None:
    """A file's name is as long as a file system has it, without what cannot be stored or would spoof."""
    name = "in\ud800voice\u202egpj.exe\x00" + "x" * 999
    talk = Talk(FLOW.replace("collect: a, prompt", "collect: s, prompt")).send(
        "/start", Message("f", "", (File("1", name),)), "done"
    )
    (file,) = talk.slots["s"]["files"]  # type: ignore[index]
    assert len(file["name"]) == limits.NAME_CHARS
    assert file["name"].startswith("in\ufffdvoicegpj.exex")


def test_event_keys_are_remembered_for_a_while() -> None:
    """A key seen among the last ones changes nothing; the session's own memory of them is short."""
    talk = Talk(FLOW).send("/start")
    for number in range(limits.SEEN_KEYS * 2):
        talk.send(Message(f"x{number}", "/why"))
    assert len(talk.session.seen) == limits.SEEN_KEYS
    before = encode(talk.session)
    assert encode(talk.send(Message(f"x{limits.SEEN_KEYS * 2 - 1}", "1")).session) == before
