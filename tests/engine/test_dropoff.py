"""The drop-off of a flow, counted in the logs of conversations that were really held."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.dropoff import DropOff
from bot.flow.visits import Visits
from tests.engine.talk import START, Talk
from tests.searching import examples

FLOW = """
flow: test
version: 1
title: T
triggers: [{command: start}]
slots: {name: {type: text}, size: {type: choice}, more: {type: text}}
steps:
  - {id: name, collect: name, prompt: Name?}
  - {id: size, collect: size, prompt: Size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}
  - {id: rule, rule: rule, text: A rule., accept: Fine}
  - {id: sub, call: sub}
  - {id: form, form: form, title: Details, submit: Send, fields: [{collect: more, prompt: More?}]}
  - {id: person, handoff: {queue: help}}
---
flow: sub
version: 1
title: S
triggers: [{command: sub}]
slots: {y: {type: text}}
steps: [{id: y, collect: y, prompt: Y?}]
"""


def counted(*talks: Talk, flow: str = "test") -> dict[str, Visits]:
    """What was counted of these conversations."""
    found = DropOff(flow)
    for number, talk in enumerate(talks):
        for turn in talk.turns:
            found.read(number, turn.log)
    return found.visits()


def test_who_answers_goes_on_and_who_is_there_waits() -> None:
    """Questions, rules, calls, forms and hand-offs count, each conversation once."""
    found = counted(Talk(FLOW).send("/start", "Ana", "small"), Talk(FLOW).send("/start", "what?", "Bo"))
    assert found == {"name": Visits(2), "size": Visits(1, waiting=1), "rule": Visits(waiting=1)}


def test_to_the_end() -> None:
    """A call is passed when its flow is; a form asked one by one is one step; the person is where the flow arrives."""
    talk = Talk(FLOW).send("/start", "Ana", "small", "fine", "abc", "more")
    assert set(counted(talk)) == {"name", "size", "rule", "sub", "form", "person"}
    assert set(counted(talk).values()) == {Visits(1)}
    assert counted(talk, flow="sub") == {"y": Visits(1)}


def test_who_leaves_leaves_where_they_were() -> None:
    """By silence, by cancelling, by beginning anew, or to a person; in a called flow they leave both."""
    silent = Talk(FLOW).send("/start", "Ana").wait(days=8)
    person = Talk(FLOW).send("/start", "Ana", "/human")
    anew = Talk(FLOW).send("/start", "Ana", "/restart")
    assert counted(silent)["size"] == Visits(left=1)
    assert counted(person)["size"] == Visits(called=1)
    assert counted(anew) == {"name": Visits(1, waiting=1), "size": Visits(left=1)}
    inside = Talk(FLOW).send("/start", "Ana", "small", "fine").wait(days=8)
    assert counted(inside)["sub"] == Visits(left=1)
    assert counted(inside, flow="sub") == {"y": Visits(left=1)}


def test_who_comes_back_has_not_left() -> None:
    """A conversation that was closed and taken up again counts by what became of it then."""
    talk = Talk(FLOW).send("/start", "Ana").wait(days=8).send("hello", "1")
    assert counted(talk)["size"].left == 0


def test_what_was_taken_back_counts_as_if_it_had_not_been() -> None:
    """A question that was put too early is not one that nobody answered."""
    assert counted(Talk(FLOW).send("/start", "Ana", "/back")) == {"name": Visits(waiting=1)}
    assert counted(Talk(FLOW).send("/start", "Ana", "/back", "Bo")) == {"name": Visits(1), "size": Visits(waiting=1)}


def test_when_and_how_many() -> None:
    """The sessions that came to the flow, and when the first and the last did."""
    found = DropOff("test")
    assert (found.visits(), found.sessions, found.since) == ({}, 0, None)
    for turn in Talk(FLOW).send("/start", "Ana", "/restart").turns:
        found.read(7, turn.log)
    found.visits()
    assert (found.sessions, found.since) == (2, START)
    assert found.until is not None
    assert found.until >= START


@settings(max_examples=examples(30))
@given(
    st.lists(st.sampled_from(["/start", "Ana", "1", "2", "/back", "/human", "/restart", "yes", "/cancel"]), max_size=9)
)
def test_nobody_is_counted_twice(said: list[str]) -> None:
    """Whatever is said: at a step at most as many came as there were sessions, and to the first question most."""
    talk = Talk(FLOW).send(*said)
    found = DropOff("test")
    for turn in talk.turns:
        found.read(1, turn.log)
    visits = found.visits()
    assert all(1 <= each.came <= found.sessions for each in visits.values())
