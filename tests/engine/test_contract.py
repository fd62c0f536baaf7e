"""The core's contract under anything at all: pure, determined, never an exception, never silent, no timer left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.effects import Ask, Edit, Say
from bot.chat.events import Due, File, Message, Performed, Submit, Tap
from bot.chat.people import SLACK, Channel
from bot.engine.ids import Ids
from bot.engine.session import decode, encode
from bot.engine.turn import advance
from tests.engine.talk import START, Talk
from tests.engine.wild import CHANNELS, Wild, moves
from tests.searching import examples

if TYPE_CHECKING:
    from bot.chat.events import Event

WAY = [
    "/start",
    "one",
    "ex, zed",
    "understood",
    "5",
    "a@example.com",
    "ex, why",
    "opensesame",
    "2.1.0",
    "yesterday",
    "word",
]
"""Replies that lead into the middle of the flow, where channels have no forms."""


@settings(max_examples=examples(120), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(CHANNELS),
    st.sampled_from(["test", "inner"]),
    st.integers(0, len(WAY)),
    st.lists(moves, max_size=30),
)
def test_whatever_happens_the_contract_holds(
    channel: Channel, flow: str, depth: int, what: list[tuple[str, Any]]
) -> None:
    """After every event, however odd, what `Wild` checks holds, and no session of the past has changed in the end."""
    wild = Wild(channel, flow)
    for reply in WAY[:depth]:
        wild.step("say", reply)
    for kind, details in what:
        wild.step(kind, details)
    wild.finish()


def test_a_sessions_stack_is_its_own() -> None:
    """What a turn writes to, the stack and its frames and their slots, is not shared with the session before it."""
    wild = Wild()
    for reply in [*WAY, "/back", "/back", "yesterday", "word"]:
        wild.step("say", reply)
    wild.step("old", 0)
    wild.step("button", 0)  # the first answer is changed, and the others are given again
    wild.finish()
    before, after = wild.session, advance(wild.library, wild.session, Message("k", "words"), START, Ids("s")).session
    assert before.stack is not after.stack
    for ours in before.stack:
        assert all(ours is not theirs and ours.slots is not theirs.slots for theirs in after.stack)


EVENTS: list[Event] = [
    Message("e", ""),
    Message("e", "\ud800"),
    Message("e", "x" * 100_000),
    Message("e", "/" * 300),
    Message("e", "", (File("f", "\ud800\x00" * 500, -5, "?"),) * 30),
    Message("e", "password: Hunter2!x", kind="voice", removed=("password",)),
    Tap("e", ""),
    Tap("e", "." * 64),
    Tap("e", "sessionabc.1.1.1"),
    Tap("e", "sessionabc.-1..\ud800"),
    Tap("e", f"sessionabc.{'f' * 40}.a.b"),
    Submit("e", ""),
    Submit("e", "sessionabc.1.x.y", {"\ud800": ["", "\ud800"], "a": []}),
    Due("e", ""),
    Due("e", "sessionabc"),
    Performed("e", ""),
    Performed("e", "sessionabc.x", {"found": {"a": [1, None]}}, "\x00"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{type(event).__name__} {event!r}"[:40])
@pytest.mark.parametrize(
    "before", [[], ["/start"], WAY, [*WAY, "/human"], ["/start", "/cancel"], ["/start", "/language"]]
)
def test_an_odd_event_is_survived_everywhere(before: list[str], event: Event) -> None:
    """An event that no channel should send raises nothing, is answered, and leaves a session that can be stored."""
    wild = Wild()
    for reply in before:
        wild.step("say", reply)
    turn = advance(wild.library, wild.session, event, START, Ids("s"))
    assert decode(encode(turn.session)) == turn.session
    msgspec.json.encode([turn.log, turn.effects])
    if not isinstance(event, (Due, Performed)):
        assert any(isinstance(each, (Say, Ask)) for each in turn.effects)


@pytest.mark.parametrize(
    "value", [None, True, 1.5, "", [], [{"a": 1}], {"files": 1}, {"typed": 3}, {"date": None}, [[]]]
)
@pytest.mark.parametrize("slot", ["text", "choice", "choices", "date", "files", "yes_no", "number"])
def test_what_a_hook_reports_can_be_shown(slot: str, value: Any) -> None:
    """Whatever a hook puts into a slot of whatever type, the summary is said and the conversation goes on."""
    talk = Talk(f"""
flow: test
version: 1
title: T
slots: {{x: {{type: {slot}, label: X}}, end: {{type: text}}}}
steps:
  - {{id: look, action: look_up, into: {{x: found}}}}
  - {{id: end, collect: end, prompt: End?}}
""").send("/start")
    (perform,) = [each for each in talk.effects if type(each).__name__ == "Perform"]
    talk.send(Performed("p", perform.action, {"found": value}))  # type: ignore[union-attr]
    assert talk.said == "End?"
    assert talk.send("/summary").said.endswith("End?")
    assert "turn_failed" not in talk.log


def test_the_effects_of_an_answer_come_in_a_sensible_order() -> None:
    """First the answered question is edited, then the texts, then the next question; timers stand where they may."""
    talk = Talk("""
flow: test
version: 1
title: T
slots: {a: {type: yes_no}, b: {type: text}}
steps:
  - {id: a, collect: a, prompt: A?, timeout: {after: 1h, then: nudge}}
  - {id: one, say: One.}
  - {id: two, say: Two.}
  - {id: b, collect: b, prompt: B?, timeout: {after: 1h, then: nudge}}
""").send("/start", "yes")
    shown = [each for each in talk.effects if isinstance(each, (Edit, Say, Ask))]
    assert [type(each) for each in shown] == [Edit, Say, Say, Ask]
    assert talk.said == "One.\n\nTwo.\n\nB?"


def test_events_and_effects_survive_json() -> None:
    """Everything that is stored or sent can be written as JSON and read again."""
    talk = Talk(
        """
flow: test
version: 1
title: T
slots: {a: {type: choice}, b: {type: text}}
steps:
  - id: f
    form: f
    title: F
    submit: S
    fields: [{collect: a, prompt: A?, choices: [{id: x, label: X}]}, {collect: b, prompt: B?}]
""",
        channel=SLACK,
    ).send("/start")
    for effect in talk.effects:
        assert msgspec.json.decode(msgspec.json.encode(effect), type=type(effect)) == effect
