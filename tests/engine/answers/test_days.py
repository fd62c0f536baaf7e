"""Counting days, over short months and leap years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.answers.date_words import BEGINNING, DAY, END, HOUR, MIDDLE, MINUTE, MONTH, WEEK, YEAR
from bot.engine.answers.days import back, last_day, latest, part_of, recent

MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(1995, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (30, MINUTE, "2024-02-29"),
        (10, HOUR, "2024-02-28"),
        (60, DAY, "2023-12-31"),
        (1, WEEK, "2024-02-22"),
        (3, MONTH, "2023-11-29"),
        (12, MONTH, "2023-02-28"),
        (1, YEAR, "2023-02-28"),
        (4, YEAR, "2020-02-29"),
    ],
)
def test_back(count: int, unit: int, expected: str) -> None:
    """Units are counted on the calendar; a day that a month does not have is its last one."""
    assert back(datetime(2024, 2, 29, 9, 0, tzinfo=UTC), count, unit).isoformat() == expected


def test_back_beyond_the_calendar() -> None:
    """Before the year 1 there are no days."""
    for unit in (WEEK, MONTH, YEAR):
        with pytest.raises((ValueError, OverflowError)):
            back(datetime(2024, 1, 1, tzinfo=UTC), 999_999, unit)


def test_latest() -> None:
    """Somewhere on earth it is tomorrow from 10:00 UTC on."""
    assert latest(datetime(2026, 12, 31, 9, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert latest(datetime(2026, 12, 31, 10, 0, tzinfo=UTC)) == date(2027, 1, 1)


@given(MOMENTS, st.integers(0, 300), st.sampled_from([MINUTE, HOUR, DAY, WEEK, MONTH, YEAR]))
def test_back_is_monotonic(now: datetime, count: int, unit: int) -> None:
    """Counting further back never comes nearer."""
    assert back(now, count + 1, unit) <= back(now, count, unit) <= now.date()


@given(DAYS, DAYS)
def test_recent(day: date, until: date) -> None:
    """The latest such day by a date is at most a year before it, but for a 29th of February."""
    found = recent(day.month, day.day, until)
    assert (found.month, found.day) == (day.month, day.day)
    assert found <= until
    assert until - found <= timedelta(days=365) or (day.month, day.day) == (2, 29)
    assert last_day(day.day, until).day == day.day
    assert until - timedelta(days=62) <= last_day(day.day, until) <= until


def test_no_such_day() -> None:
    """A day that no month has is no day."""
    for month, day in [(2, 30), (13, 1), (0, 1), (1, 0)]:
        with pytest.raises(ValueError, match=str(day)):
            recent(month, day, date(2026, 1, 1))
    for day in (0, 32):
        with pytest.raises(ValueError, match=str(day)):
            last_day(day, date(2026, 1, 1))


@given(DAYS, st.sampled_from([WEEK, MONTH, YEAR]))
def test_parts(day: date, unit: int) -> None:
    """A period begins, has a middle and ends, and every day of it lies between."""
    first, middle, last = (part_of(unit, day, part) for part in (BEGINNING, MIDDLE, END))
    assert first < middle < last
    assert first <= day <= last
    assert part_of(unit, first - timedelta(days=1), END) == first - timedelta(days=1)
    assert part_of(DAY, day, END) == day
