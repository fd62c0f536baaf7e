"""How times are written: what each spelling means, and what is refused with what would be right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from pydantic_core import SchemaValidator, ValidationError

from bot.desk.spans import Date, Days, Shifts, Span, Working, days
from bot.flow.understanding import shape
from tests.desk import reference

SHIFTS = SchemaValidator(shape(Shifts))
WORKING = SchemaValidator(shape(Working))


@pytest.mark.parametrize(
    ("written", "shifts"),
    [
        ("09:00-17:30", ((540, 1050),)),
        ("9:00 – 17:30", ((540, 1050),)),
        (["13:00-17:00", "09:00-12:00"], ((540, 720), (780, 1020))),
        ("22:00-06:00", ((1320, 1800),)),
        ("00:00-24:00", ((0, 1440),)),
        ("08:00-00:00", ((480, 1440),)),
        ("08:00-08:00", None),
        (["09:00-12:00", "11:59-17:00"], None),
        ("24:00-02:00", None),
        ("09:60-17:00", None),
        ("09:00-24:01", None),
        ("9-17", None),
        (9, None),
        ([], ()),
    ],
)
def test_hours_of_a_day(written: Any, shifts: Any) -> None:
    """Two times of day, in any order of several, over midnight too; none for a closed day."""
    if shifts is None:
        with pytest.raises(ValidationError):
            SHIFTS.validate_python(written)
    else:
        assert SHIFTS.validate_python(written) == shifts


@given(reference.shifts())
def test_hours_are_read_as_they_were_written(shifts: tuple[tuple[int, int], ...]) -> None:
    """Whatever hours a day has, writing them down and reading them gives the same."""
    written = [
        f"{opens // 60:02}:{opens % 60:02}-{closes // 60 % 24 if closes != 1440 else 24:02}:{closes % 60:02}"
        for opens, closes in shifts
    ]
    assert SHIFTS.validate_python(written) == shifts


@pytest.mark.parametrize(
    ("written", "duration"),
    [("4h", timedelta(hours=4)), ("90m", timedelta(hours=1.5)), ("1h30m", timedelta(hours=1.5))],
)
def test_working_time_is_in_hours_and_minutes(written: str, duration: timedelta) -> None:
    """A duration of working time."""
    assert WORKING.validate_python(written) == duration


@pytest.mark.parametrize("written", ["2d", "1w", "", "0h", "30m4h", "4", 4, None, "4 h", "-4h"])
def test_working_time_is_not_in_days(written: Any) -> None:
    """What a day would be depends on the calendar, so nobody has to guess; and a time of nothing is none."""
    with pytest.raises(ValidationError, match="hours and minutes"):
        WORKING.validate_python(written)


def test_other_durations_are_as_in_flows() -> None:
    """Seconds to weeks on the wall."""
    span = SchemaValidator(shape(Span))
    assert span.validate_python("7d") == timedelta(days=7)
    with pytest.raises(ValidationError, match="number and a unit"):
        span.validate_python("7")


@pytest.mark.parametrize(
    ("key", "named"), [("mon", (0,)), ("mon-fri", (0, 1, 2, 3, 4)), ("sat-mon", (5, 6, 0)), ("sun-sun", (6,))]
)
def test_days_are_named_alone_or_from_to(key: str, named: tuple[int, ...]) -> None:
    """A span of days may go on over the end of the week."""
    assert days(key) == named


@pytest.mark.parametrize(
    ("kind", "key", "reason"),
    [
        (Days, "monday", "is no day"),
        (Days, "mon-", None),
        (Date, "02-30", "is no date"),
        (Date, "2026-02-29", "is no date"),
        (Date, "24-12-2026", "is no date"),
        (Date, "2026-1-1", "is no date"),
        (Date, "02-29", None),
    ],
)
def test_a_day_that_there_is_not_is_refused(kind: Any, key: str, reason: str | None) -> None:
    """Days of the week, dates, and dates of every year: those of a leap year too."""
    reader = SchemaValidator(shape(kind))
    if reason is None:
        assert reader.validate_python(key) == key
    else:
        with pytest.raises(ValidationError, match=reason):
            reader.validate_python(key)
