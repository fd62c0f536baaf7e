"""What the calendars and clocks of the desk are checked against: counting minute by minute, by the definition alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.desk.calendars import DAY, Hours

if TYPE_CHECKING:
    from collections.abc import Collection

MINUTE = timedelta(minutes=1)
HOUR = 60

ZONES = (
    "UTC",
    "Europe/Amsterdam",
    "Europe/Dublin",  # summer time is the standard time, winter time the exception
    "America/New_York",
    "America/Sao_Paulo",  # the clocks changed at midnight
    "Africa/Casablanca",  # four changes a year
    "Asia/Kathmandu",  # five hours and three quarters
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # 30 December 2011 never was
)

OCCASIONS = (
    *(datetime(year, 3, day, tzinfo=UTC) for year, day in ((2024, 31), (2026, 29), (2027, 28))),  # Europe, to summer
    *(datetime(year, 10, day, tzinfo=UTC) for year, day in ((2024, 27), (2025, 26), (2026, 25))),  # and back
    datetime(2026, 3, 8, tzinfo=UTC),  # New York, to summer
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2017, 10, 15, tzinfo=UTC),  # São Paulo, to summer
    datetime(2018, 2, 18, tzinfo=UTC),
    datetime(2025, 4, 5, 12, tzinfo=UTC),  # Lord Howe, from summer
    datetime(2025, 10, 4, 12, tzinfo=UTC),
    datetime(2025, 2, 23, tzinfo=UTC),  # Casablanca, to Ramadan
    datetime(2025, 4, 6, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
    datetime(2024, 2, 29, tzinfo=UTC),
    datetime(2100, 2, 28, tzinfo=UTC),  # no leap year
    datetime(2025, 12, 31, tzinfo=UTC),
    datetime(2026, 12, 24, tzinfo=UTC),
)
"""Days of trouble: the clocks change, February has another length, a year ends, there are holidays."""


def is_open(hours: Hours, moment: datetime, closed: Collection[date] = ()) -> bool:
    """Whether the wall of the zone reads a time of a shift of this day, or of one that began the day before."""
    wall = moment.astimezone(ZoneInfo(hours.zone))
    minute = wall.hour * 60 + wall.minute
    today = wall.date()
    yesterday = today - timedelta(days=1)
    return any(opens <= minute < closes for opens, closes in _shifts(hours, today, closed)) or any(
        opens <= minute + DAY < closes for opens, closes in _shifts(hours, yesterday, closed)
    )


def _shifts(hours: Hours, day: date, closed: Collection[date]) -> tuple[tuple[int, int], ...]:
    written = day.isoformat()
    for key in (written, written[5:]):
        if key in hours.dates:
            return hours.dates[key]
    return () if day in closed else hours.week[day.weekday()]


def minutes(hours: Hours, start: datetime, end: datetime, closed: Collection[date] = ()) -> int:
    """Working minutes between two full minutes."""
    return sum(is_open(hours, start + each * MINUTE, closed) for each in range((end - start) // MINUTE))


@st.composite
def shifts(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three shifts of a day; the last may go on into the next one."""
    count = draw(st.integers(0, 3))
    marks = sorted(draw(st.sets(st.integers(0, DAY), min_size=2 * count, max_size=2 * count)))
    found = [(marks[each], marks[each + 1]) for each in range(0, 2 * count, 2)]
    over_midnight = draw(st.booleans())
    if found and found[-1][0] and over_midnight:
        opens = found[-1][0]
        found[-1] = opens, draw(st.integers(DAY, opens + DAY - 1))
    return tuple(found)


def _works(week: list[tuple[tuple[int, int], ...]]) -> bool:
    """Whether there is an hour of work in a week: with less, a test of some days would lay out decades."""
    return sum(closes - opens for each in week for opens, closes in each) >= HOUR


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """A calendar that opens at least once a week, with dates of its own."""
    week = draw(st.lists(shifts(), min_size=7, max_size=7).filter(_works))
    keys = [f"{each:%m-%d}" for each in OCCASIONS] + [each.date().isoformat() for each in OCCASIONS]
    dates = draw(st.dictionaries(st.sampled_from(keys), shifts(), max_size=3))
    return Hours(draw(st.sampled_from(ZONES)), tuple(week), dates)


def moments() -> st.SearchStrategy[datetime]:
    """Full minutes on the days of trouble and around them."""
    around = st.integers(-3 * DAY, 3 * DAY)
    return st.builds(lambda day, away: day + away * MINUTE, st.sampled_from(OCCASIONS), around)
