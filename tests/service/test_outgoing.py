"""From effects to rows: to whom, by whom, how urgent, fenced by what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.effects import Ask, Edit, Effect, OpenCase, Perform, Relay, Say, Schedule, Unschedule
from bot.chat.places import Places
from bot.service.outgoing import ANSWERS, CHANGES, HOOKS, PEOPLE, Routes, outgoing, timers
from bot.text.nodes import paragraph

HERE, TEAM = "telegram:bot:42:", "slack:T1:C9:"
ROUTES = Routes(
    {"telegram": "telegram", "slack": "slack", "console": "console.{account}"},
    {name: lambda effect: (effect,) for name in ("telegram", "slack", "console")},
    Places((TEAM,)),
)
ASK, EDIT, SAY = Ask("r1", ()), Edit("r0", ()), Say(())
CASE, WORDS = OpenCase("T-1", "s", "q", "normal"), Relay("T-1", (paragraph("hello"),))


def test_what_the_bot_says_goes_back_fenced() -> None:
    """A text and a question go to the conversation's own place, after what people wrote, under the epoch."""
    for effect in (SAY, ASK):
        (row,) = outgoing([effect], HERE, 3, ROUTES)
        assert (row.carrier, row.destination, row.priority, row.epoch) == ("telegram", HERE, ANSWERS, 3)
        assert msgspec.json.decode(row.payload, type=Effect) == effect


def test_an_edit_names_the_question_it_changes() -> None:
    """A question is named by its reference, an edit looks for that name, and may wait for both others."""
    asked, edited = outgoing([ASK, EDIT], HERE, 0, ROUTES)
    assert (asked.ref, asked.edits, edited.ref, edited.edits) == ("r1", "", "", "r0")
    assert edited.priority == CHANGES


def test_what_is_for_the_team_is_never_fenced() -> None:
    """A case and the merchant's words go to the team, before all else, whoever is in control meanwhile."""
    for row in outgoing([CASE, WORDS], HERE, 3, ROUTES):
        assert (row.carrier, row.destination, row.priority, row.epoch) == ("slack", TEAM, PEOPLE, None)


def test_without_a_team_the_case_stays_in_its_place() -> None:
    """Where no address of staff is set, the conversation's own place gets the case."""
    (row,) = outgoing([CASE], HERE, 3, msgspec.structs.replace(ROUTES, staff=Places()))
    assert (row.carrier, row.destination, row.epoch) == ("telegram", HERE, None)


def test_each_terminal_has_a_carrier_of_its_own() -> None:
    """The carrier of a channel may hold the account."""
    (row,) = outgoing([SAY], "console:ana:chat:", 0, ROUTES)
    assert row.carrier == "console.ana"


def test_an_action_is_a_message_for_the_hooks() -> None:
    """Each hook is a lane; an epoch does not stop what the flow waits for."""
    (row,) = outgoing([Perform("key", "look_up", {"a": 1})], HERE, 3, ROUTES)
    assert (row.carrier, row.destination, row.epoch) == (HOOKS, f"{HOOKS}:look_up", None)


def test_an_effect_in_parts_is_as_many_rows_in_order() -> None:
    """What a channel cannot send in one call leaves as several, one behind the other."""
    parts = {"telegram": lambda effect: (SAY, effect)}
    rows = outgoing([ASK, EDIT], HERE, 0, Routes({"telegram": "telegram"}, parts))
    assert [row.kind for row in rows] == ["say", "ask", "say", "edit"]
    assert [row.ref for row in rows] == ["", "r1", "", ""]


effects = st.sampled_from(
    [SAY, ASK, EDIT, CASE, WORDS, Perform("k", "h"), Unschedule("t"), Schedule("t", datetime(2026, 1, 1, tzinfo=UTC))]
)


@given(st.lists(effects, max_size=8))
def test_order_is_kept_and_nothing_is_lost(what: list[Effect]) -> None:
    """Every effect but those about timers is a row, in the order of the effects."""
    rows = outgoing(what, HERE, 0, ROUTES)
    wanted = [each for each in what if not isinstance(each, (Schedule, Unschedule))]
    assert [msgspec.json.decode(row.payload, type=Effect) for row in rows] == wanted


@pytest.mark.parametrize("hours", [0, 2, -11])
def test_timers_are_moments_whatever_the_zone(hours: int) -> None:
    """A due time is one moment in milliseconds UTC; the last word on a timer counts."""
    due = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    there = due.astimezone(timezone(timedelta(hours=hours)))
    assert timers([Unschedule("a"), Schedule("a", there), Schedule("b", due), Unschedule("b"), SAY]) == {
        "a": 1_774_747_800_000,
        "b": None,
    }
