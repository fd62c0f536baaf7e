"""Working hours, counted again minute by minute over changes of the clock, leap days and ends of years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.calendars import DAY, Calendar, Hours, Shift
from tests.desk import reference
from tests.desk.reference import MINUTE

OFFICE = (((9 * 60, 17 * 60),),) * 5 + ((), ())
SPLIT = (((9 * 60, 12 * 60), (13 * 60, 17 * 60 + 30)),) * 5 + ((), ())
NIGHT = (((22 * 60, 30 * 60),),) * 7


def at(text: str, zone: str = "UTC") -> datetime:
    """A moment as the wall of a zone shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@given(reference.hours(), reference.moments(), st.integers(0, 2 * DAY))
def test_working_time_is_what_a_count_of_minutes_finds(hours: Hours, start: datetime, length: int) -> None:
    """Between two moments lie as many minutes as are open one by one, whatever the clocks do meanwhile."""
    end = start + length * MINUTE
    calendar = Calendar(hours)
    counted = reference.minutes(hours, start, end)
    assert calendar.business_between(start, end) == counted * MINUTE
    assert calendar.business_between(end, start) == -counted * MINUTE
    assert calendar.open_at(start) == reference.is_open(hours, start)


@given(reference.hours(), reference.moments(), st.timedeltas(timedelta(microseconds=1), timedelta(days=3)))
def test_what_is_added_is_what_lies_between(hours: Hours, start: datetime, duration: timedelta) -> None:
    """Exactly the duration lies before the moment that adding gives, and less before any earlier one."""
    calendar = Calendar(hours)
    due = calendar.add_business(start, duration)
    assert calendar.business_between(start, due) == duration
    assert calendar.business_between(start, due - timedelta(microseconds=1)) < duration


@given(reference.hours(), reference.moments(), st.integers(1, DAY))
def test_adding_ends_where_the_count_is_complete(hours: Hours, start: datetime, wanted: int) -> None:
    """Minutes counted one by one from the start are complete at the moment that adding gives."""
    due = Calendar(hours).add_business(start, wanted * MINUTE)
    if due - start < timedelta(days=8):
        assert reference.minutes(hours, start, due) == wanted
        assert reference.is_open(hours, due - MINUTE)


@given(reference.hours(), reference.moments())
def test_the_next_opening_is_the_first_open_minute(hours: Hours, moment: datetime) -> None:
    """The next opening is open, and no minute before it is."""
    found = Calendar(hours).next_open(moment)
    assert reference.is_open(hours, found)
    if found - moment < timedelta(days=8):
        assert reference.minutes(hours, moment, found) == 0
    else:
        assert Calendar(hours).business_between(moment, found) == timedelta()


@given(reference.hours(), st.lists(st.timedeltas(timedelta(), timedelta(days=1200)), min_size=3, max_size=3))
def test_times_add_up_over_years(hours: Hours, after: list[timedelta]) -> None:
    """Two neighbouring times are together as long as the whole, over any number of years."""
    first, second, third = (at("2021-01-01") + each for each in sorted(after))
    calendar = Calendar(hours)
    parts = calendar.business_between(first, second) + calendar.business_between(second, third)
    assert parts == calendar.business_between(first, third)


@pytest.mark.parametrize("zone", reference.ZONES)
def test_a_whole_leap_year_is_counted_right(zone: str) -> None:
    """A year with a leap day and every change of the clock: the same half hours as counted one by one."""
    hours = Hours(zone, SPLIT, {"12-24": ((9 * 60, 12 * 60),), "2024-05-10": ()})
    start, step = datetime(2023, 12, 30, tzinfo=UTC), timedelta(minutes=15)
    counted = sum(reference.is_open(hours, start + each * step) for each in range(368 * 96))
    assert Calendar(hours).business_between(start, start + timedelta(days=368)) == counted * step


def test_always_open_without_anything() -> None:
    """The default never closes, so working time is time."""
    calendar = Calendar()
    start = at("2027-12-31T23:59:59.999999")
    assert calendar.open_at(start)
    assert calendar.next_open(start) == start
    assert calendar.add_business(start, timedelta(days=800)) == start + timedelta(days=800)
    assert calendar.business_between(start, start + timedelta(days=800)) == timedelta(days=800)


def test_an_hour_that_is_skipped_is_no_working_time() -> None:
    """Amsterdam, the night to 29 March 2026: a shift from ten to six has seven hours."""
    calendar = Calendar(Hours("Europe/Amsterdam", NIGHT))
    start = at("2026-03-28T22:00", "Europe/Amsterdam")
    assert calendar.business_between(start, at("2026-03-29T12:00", "Europe/Amsterdam")) == timedelta(hours=7)
    assert calendar.add_business(start, timedelta(hours=7)) == at("2026-03-29T06:00", "Europe/Amsterdam")


def test_an_hour_that_comes_twice_counts_twice() -> None:
    """Amsterdam, the night to 25 October 2026: that shift has nine hours; one that ends amid the hour opens again."""
    start, end = at("2026-10-24T22:00", "Europe/Amsterdam"), at("2026-10-25T12:00", "Europe/Amsterdam")
    assert Calendar(Hours("Europe/Amsterdam", NIGHT)).business_between(start, end) == timedelta(hours=9)
    early = Calendar(Hours("Europe/Amsterdam", ((), (), (), (), (), (), ((0, 150),))))
    assert early.business_between(start, end) == timedelta(hours=3)
    assert not early.open_at(at("2026-10-25T00:45"))
    assert early.next_open(at("2026-10-25T00:45")) == at("2026-10-25T01:00")


def test_moments_of_one_zone_are_compared_by_time() -> None:
    """In the hour that comes twice, an earlier reading of the wall may be the later moment."""
    zone = ZoneInfo("Europe/Amsterdam")
    first, second = datetime(2026, 10, 25, 2, 40, tzinfo=zone), datetime(2026, 10, 25, 2, 20, tzinfo=zone, fold=1)
    assert Calendar().business_between(first, second) == timedelta(minutes=40)


def test_a_shift_over_midnight_is_of_the_day_it_began_on() -> None:
    """The night into a closed day is worked to its end; the one that would begin on it is not."""
    calendar = Calendar(Hours("UTC", NIGHT, {"2026-05-05": ()}))
    assert calendar.open_at(at("2026-05-05T03:00"))
    assert not calendar.open_at(at("2026-05-05T23:00"))
    assert calendar.next_open(at("2026-05-05T06:00")) == at("2026-05-06T22:00")


def test_public_holidays_are_closed() -> None:
    """Holidays of a country and those of one of its parts: Amsterdam is open at Epiphany, Munich is not."""
    dutch = Calendar(Hours("Europe/Amsterdam", OFFICE, holidays="NL"))
    german = Calendar(Hours("Europe/Berlin", OFFICE, holidays="DE"))
    bavarian = Calendar(Hours("Europe/Berlin", OFFICE, holidays="DE-BY"))
    epiphany, easter_monday = at("2026-01-06T10:00"), at("2026-04-06T10:00")
    assert [each.open_at(epiphany) for each in (dutch, german, bavarian)] == [True, True, False]
    assert [each.open_at(easter_monday) for each in (dutch, german, bavarian)] == [False] * 3
    assert dutch.next_open(at("2026-12-24T16:00")) == at("2026-12-28T08:00")


def test_dates_count_more_than_holidays_and_the_week() -> None:
    """A date with hours of its own has those, whatever day it is; one of a year counts more than one of every year."""
    dates: dict[str, tuple[Shift, ...]] = {"12-25": ((600, 720),), "2026-12-25": ((600, 660),), "12-24": ((540, 780),)}
    calendar = Calendar(Hours("UTC", OFFICE, dates, holidays="NL"))
    worked = [calendar.business_between(at(f"{year}-12-24"), at(f"{year}-12-26")) for year in (2026, 2027)]
    assert worked == [timedelta(hours=5), timedelta(hours=6)]


def test_a_leap_day_has_its_own_hours() -> None:
    """The 29th of February is a date of every year that has one."""
    calendar = Calendar(Hours("UTC", OFFICE, {"02-29": ()}))
    assert not calendar.open_at(at("2028-02-29T10:00"))
    assert calendar.open_at(at("2027-03-01T10:00"))


def test_a_calendar_counts_to_the_microsecond() -> None:
    """Nothing is rounded: what is left of a shift is found again on the next one."""
    calendar = Calendar(Hours("UTC", OFFICE))
    start = at("2026-05-08T16:59:59.999999")
    assert calendar.add_business(start, timedelta(microseconds=1)) == at("2026-05-08T17:00")
    assert calendar.add_business(start, timedelta(microseconds=2)) == at("2026-05-11T09:00:00.000001")
    assert calendar.add_business(at("2026-05-08T19:00"), timedelta()) == at("2026-05-08T19:00")


def test_holidays_follow_the_count_too() -> None:
    """A week with Christmas in it, counted minute by minute with the holidays written down."""
    hours = Hours("Europe/Amsterdam", SPLIT, holidays="NL")
    start, end = at("2026-12-22T00:00"), at("2027-01-04T00:00")
    closed = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}
    assert Calendar(hours).business_between(start, end) == reference.minutes(hours, start, end, closed) * MINUTE


def test_what_cannot_be_answered_says_so() -> None:
    """A negative duration and a moment without a zone are refused."""
    calendar = Calendar()
    with pytest.raises(ValueError, match="negative"):
        calendar.add_business(at("2026-01-01"), timedelta(seconds=-1))
    with pytest.raises(TypeError):
        calendar.business_between(datetime(2026, 1, 1), at("2026-01-01"))  # noqa: DTZ001  (it has no zone on purpose)


def test_what_never_comes_is_far_away() -> None:
    """A calendar without an open hour, and more working time than decades have, give an answer all the same."""
    never, rarely = Calendar(Hours("UTC", ((),) * 7)), Calendar(Hours("UTC", ((),) * 7, {"02-29": ((0, 1),)}))
    start = at("2026-05-05")
    assert never.next_open(start) == never.add_business(start, MINUTE) == at("2057-01-01")
    assert rarely.add_business(start, 7 * MINUTE) == at("2052-02-29T00:01")
    assert rarely.add_business(start, 9 * MINUTE) == at("2057-01-01")
