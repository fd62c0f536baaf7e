"""Reminders come in open hours, ever more rarely, and go on where they must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.calendars import Calendar, Hours
from bot.desk.reminders import REMOVAL, Ladder, put_off
from tests.desk import reference

ALWAYS = Calendar()
OFFICE = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ())))
FRIDAY = datetime(2026, 5, 8, 14, tzinfo=UTC)


def test_a_ladder_ends() -> None:
    """One reminder for each pause, each from the last one, and then none."""
    ladder = Ladder((timedelta(days=1), timedelta(days=3)))
    assert ladder.following(ALWAYS, FRIDAY, 0) == FRIDAY + timedelta(days=1)
    assert ladder.following(ALWAYS, FRIDAY, 1) == FRIDAY + timedelta(days=3)
    assert ladder.following(ALWAYS, FRIDAY, 2) is None


def test_without_pauses_nobody_is_reminded() -> None:
    """An empty ladder has no step, even one that would go on for good."""
    assert Ladder((), forever=True).following(ALWAYS, FRIDAY, 0) is None


def test_reminders_of_an_account_go_on_until_it_is_gone() -> None:
    """After a day, two, four and seven, and then each week for good."""
    pauses = [(REMOVAL.following(ALWAYS, FRIDAY, taken) or FRIDAY) - FRIDAY for taken in (0, 1, 2, 3, 4, 400)]
    assert [pause.days for pause in pauses] == [1, 2, 4, 7, 7, 7]


def test_a_reminder_waits_for_the_office() -> None:
    """What would come on Saturday comes on Monday morning."""
    assert REMOVAL.following(OFFICE, FRIDAY, 0) == datetime(2026, 5, 11, 7, tzinfo=UTC)


def test_a_day_is_a_day_on_the_wall() -> None:
    """Put off by a day and two hours over a change of the clock: the next day, two hours later on the wall."""
    zone = ZoneInfo("Europe/Amsterdam")
    calendar = Calendar(Hours("Europe/Amsterdam"))
    saturday = datetime(2026, 3, 28, 10, tzinfo=zone)
    assert put_off(calendar, saturday, timedelta(days=1)) == datetime(2026, 3, 29, 10, tzinfo=zone)
    assert put_off(calendar, saturday, timedelta(days=1, hours=2)) == datetime(2026, 3, 29, 12, tzinfo=zone)
    assert put_off(calendar, saturday, timedelta(hours=24)) - saturday.astimezone(UTC) == timedelta(hours=23)


@given(reference.hours(), reference.moments(), st.timedeltas(timedelta(), timedelta(days=9)))
def test_what_is_put_off_ends_in_open_hours(hours: Hours, now: datetime, by: timedelta) -> None:
    """It never ends before its time but for an hour that the clocks skipped, and nothing open is passed over."""
    calendar = Calendar(hours)
    until = put_off(calendar, now, by)
    assert calendar.open_at(until)
    assert until >= now + by - timedelta(days=1)
    assert calendar.business_between(now + by + timedelta(days=1), until) <= timedelta()
