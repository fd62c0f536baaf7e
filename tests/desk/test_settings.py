"""The desk: what its settings say, and what it is without any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.chat.people import Person
from bot.desk.reading import read
from bot.desk.settings import Desk
from bot.desk.targets import Targets

if TYPE_CHECKING:
    from bot.desk.case import Priority

GOOD = Path(__file__).parent / "golden" / "good.yaml"
NIGHT = datetime(2026, 5, 5, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk() -> Desk:
    """The desk of the sample."""
    found = read(GOOD.read_bytes(), "desk.yaml", ("en", "es", "de"))
    assert found.problems == ()
    assert found.desk is not None
    return found.desk


def test_without_settings_nothing_is_promised() -> None:
    """Whoever writes is at the desk without a role, it is always open, no clock has a target, macros there are none."""
    desk = Desk()
    assert desk.person("slack:T01:U01", "Ana") == Person("slack:T01:U01", "Ana")
    pace = desk.pace("anything", "urgent")
    assert (pace.targets, pace.name) == (Targets(), "always")
    assert pace.calendar.open_at(NIGHT)
    assert (desk.macros, desk.time_box.lengths, desk.waiting.remind, desk.waiting.close) == ({}, (), (), None)
    assert [(each.at, each.tell) for each in desk.escalation_of("anything")] == [(75, "assignee"), (100, "lead")]


def test_the_defaults_are_those_of_the_house() -> None:
    """Five seconds to undo, a week to reopen, a day of approval, and the removal ladder."""
    desk = Desk()
    assert (desk.undo, desk.reopen, desk.approval) == (timedelta(seconds=5), timedelta(days=7), timedelta(hours=24))
    assert [pause.days for pause in desk.removal_ladder.pauses] == [1, 2, 4, 7]
    assert desk.removal_ladder.forever


def test_one_person_on_two_platforms_is_one_person(desk: Desk) -> None:
    """Their id, name and roles are those of the settings, wherever they write from."""
    ana = Person("ana", "Ana", ("lead", "specialist"))
    assert desk.person("slack:T01:U01", "ana.m") == desk.person("telegram:7012:99", "Ana 🌞") == ana
    assert desk.person("slack:T02:U01", "Ana").roles == ()


def test_a_queue_is_as_all_are_where_it_says_nothing(desk: Desk) -> None:
    """Calendar, targets and escalation are inherited; a priority without targets has those of `normal`."""
    hour = timedelta(hours=1)
    expected: dict[Priority, Targets] = {
        "urgent": Targets(hour / 2),
        "low": Targets(4 * hour, 8 * hour, 40 * hour),
    }
    for priority, targets in expected.items():
        pace = desk.pace("integration", priority)
        assert (pace.targets, pace.name) == (targets, "office")
        assert not pace.calendar.open_at(NIGHT)
    assert [(each.at, each.tell) for each in desk.escalation_of("integration")] == [(90, "queue")]


def test_a_queue_may_promise_nothing(desk: Desk) -> None:
    """Terms of its own replace those above all queues, even by none."""
    own = desk.model_copy(update={"queues": {"b": desk.queues["integration"].model_copy(update={"targets": {}})}})
    assert own.pace("b", "urgent").targets == Targets()


def test_a_calendar_that_is_gone_is_always_open(desk: Desk) -> None:
    """A clock of a case may name a calendar of earlier settings."""
    assert desk.calendar_of("earlier").open_at(NIGHT)
    assert desk.calendar_of("office") is desk.calendar_of("office")
