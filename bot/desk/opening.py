"""A calendar of the desk's settings: opening hours in a time zone, and the days on which they are others."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec

from bot.desk.calendars import Calendar, Hours, holidays_of
from bot.desk.spans import DAYS, Date, Days, Shifts, days
from bot.flow.keys import Model
from bot.flow.marks import Checked, RefusalError
from bot.flow.problems import quoted, suggest

_YEARS: Final = tuple((datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)) for year in (2024, 2025))
"""A leap year and another one: what every year is like."""

_PLACE: Final = re.compile("[A-Z]{2}(-.+)?")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = suggest(name, available_timezones()) or "zones are called as Europe/Amsterdam is"
        raise RefusalError("unknown-zone", f"there is no time zone {quoted(name)}", hint) from None
    return name


def _holidays(place: str) -> str:
    try:
        known = bool(_PLACE.fullmatch(place) and holidays_of(place, {_YEARS[0][0].year}))
    except NotImplementedError:
        known = False
    if not known:
        hint = "write a country as NL, or a part of one as DE-BY (ISO 3166)"
        raise RefusalError("unknown-holidays", f"the holidays of {quoted(place)} are not known", hint)
    return place


class Opening(Model, frozen=True, kw_only=True, dict=True):
    """Opening hours. Left out, a week has no closed hour."""

    zone: Annotated[str, Checked(_zone)] = "UTC"
    """The time zone in which the hours are meant, such as `Europe/Amsterdam`."""
    week: dict[Days, Shifts] | None = None
    """By day, or span of days: hours such as `09:00-17:30`, several as a list. Days that are left out are closed."""
    holidays: Annotated[str, Checked(_holidays)] | None = None
    """The country, or part of one, whose public holidays are closed: `NL`, `DE-BY`."""
    dates: dict[Date, Shifts] = msgspec.field(default_factory=dict)
    """Dates with hours of their own, `[]` if they are closed; they count more than holidays and the week."""

    def __post_init__(self) -> None:
        """Refuse a calendar that cannot be; raises RefusalError."""
        named = [day for key in self.week or {} for day in days(key)]
        twice = next((day for day in named if named.count(day) > 1), None)
        if twice is not None:
            raise RefusalError("bad-day", f"{quoted(DAYS[twice])} is named twice")
        if self.year <= timedelta():
            raise RefusalError("never-open", "this calendar has no open hour")

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar itself."""
        found: dict[int, Shifts] = {day: shifts for key, shifts in (self.week or {}).items() for day in days(key)}
        week = Hours().week if self.week is None else tuple(found.get(day, ()) for day in range(len(DAYS)))
        return Calendar(Hours(self.zone, week, self.dates, self.holidays or ""))

    @property
    def year(self) -> timedelta:
        """The working time of a year, at least."""
        return min(self.calendar.business_between(start, end) for start, end in _YEARS)
