"""The office: who works there, in which hours and what is promised; and what it is without any settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.chat.people import Person
from bot.desk.calendars import Calendar, Hours
from bot.desk.office import Escalation, Office, Terms
from bot.desk.targets import Targets

NIGHT = datetime(2026, 5, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYTIME = Calendar(Hours("UTC", (((9 * 60, 17 * 60),),) * 7))


def test_without_settings_nothing_is_promised() -> None:
    """Whoever writes is at the desk without a role, it is always open, no clock has a target, nothing is closed."""
    office = Office()
    ana = Person("slack:T01:U01", "Ana")
    assert office.known(ana) is ana
    pace = office.pace("anything", "urgent")
    assert (pace.targets, pace.name) == (Targets(), "always")
    assert pace.calendar.open_at(NIGHT)
    assert (office.time_boxes, office.waiting.pauses, office.close_after) == ((), (), None)


def test_a_priority_without_targets_has_those_of_normal() -> None:
    """And no promise at all where there are none for `normal` either."""
    terms = Terms(calendar="day", targets={"normal": Targets(4 * HOUR), "urgent": Targets(HOUR)})
    office = Office(calendars={"day": DAYTIME}, terms=terms)
    assert office.pace("any", "urgent").targets.first_response == HOUR
    assert office.pace("any", "low").targets.first_response == 4 * HOUR
    assert not office.pace("any", "low").calendar.open_at(NIGHT)


def test_a_queue_has_its_own_terms() -> None:
    """Other queues have those above all."""
    office = Office(terms=Terms(calendar="day"), queues={"a": Terms("A", escalation=(Escalation(50, "lead"),))})
    assert office.of_queue("a").escalation == (Escalation(50, "lead"),)
    assert office.of_queue("b") == office.terms


def test_a_calendar_that_is_gone_is_always_open() -> None:
    """A clock of a case may name a calendar of earlier settings."""
    assert Office().calendar("earlier").open_at(NIGHT)
