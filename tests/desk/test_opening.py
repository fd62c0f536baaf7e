"""Calendars as they are written: what they are then, and which cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic_core import ValidationError

from bot.desk.opening import Opening
from bot.flow.understanding import understood


def test_without_a_week_it_is_always_open() -> None:
    """Only what is written closes anything."""
    always = Opening()
    assert always.calendar.open_at(datetime(2026, 5, 3, 3, tzinfo=UTC))
    assert always.year == timedelta(days=365)
    closed = understood(Opening, {"dates": {"05-03": []}})
    assert not closed.calendar.open_at(datetime(2026, 5, 3, 3, tzinfo=UTC))


def test_a_week_closes_the_days_it_does_not_name() -> None:
    """Hours are meant in the calendar's own zone, holidays of its country are closed."""
    office = understood(
        Opening,
        {"zone": "Europe/Berlin", "week": {"mon-thu": ["09:00-17:00"], "fri": "09:00-13:00"}, "holidays": "DE-BY"},
    )
    assert office.calendar.next_open(datetime(2026, 1, 5, 16, tzinfo=UTC)) == datetime(2026, 1, 7, 8, tzinfo=UTC)
    assert not office.calendar.open_at(datetime(2026, 1, 9, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ({"zone": "Europe/Amsterdm"}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"holidays": "Netherlands"}, "are not known"),
        ({"holidays": "NL-XX"}, "are not known"),
        ({"week": {}}, "no open hour"),
        ({"week": {"mon": []}}, "no open hour"),
        ({"week": {"mon-wed": "09:00-17:00", "wed": []}}, "`wed` is named twice"),
        ({"week": {}, "dates": {"02-29": "09:00-17:00"}}, "no open hour"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(written: dict[str, Any], reason: str) -> None:
    """Unknown zones and holidays, days that are named twice, and calendars that do not open every year."""
    with pytest.raises(ValidationError, match=reason):
        understood(Opening, written)


def test_dates_alone_may_open_a_calendar() -> None:
    """A calendar that opens on one day of every year is one."""
    assert understood(Opening, {"week": {}, "dates": {"05-01": "09:00-10:00"}}).year == timedelta(hours=1)
