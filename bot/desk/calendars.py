"""Business calendars: when there are people, and how much working time lies between two moments.

A calendar is open whenever the clock on the wall of its time zone reads a time of one of its shifts. So an hour that
the clocks skip in spring is no working time, and an hour that they show twice in autumn counts twice. A shift belongs
to the day on which it begins: the end of one that goes on over midnight is worked even if the next day is a holiday.

All openings of a year are laid out once, as stretches with their sum so far; every question is then a bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Shift = tuple[int, int]
"""When work begins and ends, in minutes since midnight; past 1440 it ends on the next day. At most a day long."""

Stretch = tuple[int, int]
"""From its beginning to before its end, in microseconds since 1970: of UTC, or of what the wall shows."""

DAY: Final = 24 * 60
"""Minutes."""

HORIZON: Final = 30
"""Years after that of a moment through which an answer is looked for."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_WALL: Final = date(1970, 1, 1)
_TICK: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_AROUND: Final = 3
"""Days that a wall clock may be away from UTC, or a shift from the day that it began on, and one to spare."""


class Hours(msgspec.Struct, frozen=True):
    """What a calendar is made of; without anything it is always open.

    `dates` have hours of their own, none if they are closed: by `YYYY-MM-DD`, or by `MM-DD` for every year. They count
    more than the public `holidays` of a country or a part of one (ISO 3166: `NL`, `DE-BY`; those that the library of
    that name has), and these more than the `week`, Monday first.
    """

    zone: str = "UTC"
    week: tuple[tuple[Shift, ...], ...] = (((0, DAY),),) * 7
    dates: dict[str, tuple[Shift, ...]] = {}
    holidays: str = ""


class _Year(msgspec.Struct, frozen=True, gc=False):
    """The openings of a year in UTC: where each starts and ends, and the working time up to its end."""

    starts: list[int]
    ends: list[int]
    sums: list[int]

    @property
    def total(self) -> int:
        return self.sums[-1] if self.sums else 0

    def worked(self, tick: int) -> int:
        """The working time of this year before `tick`."""
        index = bisect_right(self.starts, tick) - 1
        return self.sums[index] - max(self.ends[index] - tick, 0) if index >= 0 else 0


class Calendar:
    """Working hours. Moments are aware; those that come out are in UTC.

    What lies beyond the HORIZON counts as the end of it. Raises ZoneInfoNotFoundError for an unknown zone and, when
    asked for a time, NotImplementedError for a place whose holidays are not known.
    """

    __slots__ = ("_hours", "_years", "zone")

    def __init__(self, hours: Hours | None = None) -> None:
        """`hours`: none means around the clock."""
        self._hours = hours or Hours()
        self.zone = ZoneInfo(self._hours.zone)
        self._years: dict[int, _Year] = {}

    def open_at(self, moment: datetime) -> bool:
        """Whether it is working time then."""
        year, tick = self._year(moment), _ticks(moment)
        index = bisect_right(year.starts, tick) - 1
        return index >= 0 and tick < year.ends[index]

    def next_open(self, moment: datetime) -> datetime:
        """The next moment of working time: `moment` itself if it is one."""
        if self.open_at(moment):
            return moment.astimezone(UTC)
        tick = _ticks(moment)
        for year in self._from(moment):
            index = bisect_left(year.starts, tick)
            if index < len(year.starts):
                return _moment(year.starts[index])
        return _horizon(moment)

    def add_business(self, moment: datetime, duration: timedelta) -> datetime:
        """The first moment before which `duration` of working time lies, from `moment` on; ValueError if negative."""
        wanted = duration // _TICK
        if wanted < 0:
            raise ValueError(f"{duration} is negative")
        if not wanted:
            return moment.astimezone(UTC)
        wanted += self._year(moment).worked(_ticks(moment))
        for year in self._from(moment):
            if wanted <= year.total:
                index = bisect_left(year.sums, wanted)
                return _moment(year.ends[index] - (year.sums[index] - wanted))
            wanted -= year.total
        return _horizon(moment)

    def business_between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative if `end` is earlier."""
        if _ticks(end) < _ticks(start):  # of one zone, `<` would compare what the wall shows
            return -self.business_between(end, start)
        first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
        between = sum(self._laid_out(number).total for number in range(first, last))
        return (between + self._year(end).worked(_ticks(end)) - self._year(start).worked(_ticks(start))) * _TICK

    def _year(self, moment: datetime) -> _Year:
        return self._laid_out(moment.astimezone(UTC).year)

    def _from(self, moment: datetime) -> Iterator[_Year]:
        number = moment.astimezone(UTC).year
        return map(self._laid_out, range(number, number + HORIZON + 1))

    def _laid_out(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._lay_out(number)
        return year

    def _lay_out(self, number: int) -> _Year:
        """What the wall shows for the working time, translated for each time during which it keeps its distance."""
        start, end = (datetime(each, 1, 1, tzinfo=UTC) for each in (number, number + 1))
        openings = list(_joined(self._shifts(start.date(), end.date())))
        found = [
            (max(opens, since + offset) - offset, min(closes, until + offset) - offset)
            for since, until, offset in _offsets(self.zone, start, end)
            for opens, closes in openings[bisect_right(openings, since + offset, key=_end) :]
            if opens < until + offset
        ]
        stretches = list(_joined(iter(found)))
        sums = accumulate(closes - opens for opens, closes in stretches)
        return _Year([opens for opens, _ in stretches], [closes for _, closes in stretches], list(sums))

    def _shifts(self, first: date, last: date) -> Iterator[Stretch]:
        """The shifts as the wall shows them from some days before `first` to some after `last`, in order."""
        hours = self._hours
        days = [first + timedelta(days=each) for each in range(-_AROUND, (last - first).days + _AROUND)]
        closed = holidays_of(hours.holidays, {day.year for day in days})
        for day in days:
            iso = day.isoformat()
            shifts = hours.dates.get(iso, hours.dates.get(iso[5:]))
            if shifts is None:
                shifts = () if day in closed else hours.week[day.weekday()]
            midnight = (day - _WALL).days * DAY
            yield from (((midnight + opens) * _MINUTE, (midnight + closes) * _MINUTE) for opens, closes in shifts)


def holidays_of(place: str, years: set[int]) -> Mapping[date, str]:
    """The public holidays of a country or a part of it; NotImplementedError if they are not known."""
    if not place:
        return {}
    # It takes a third of a second to import, and many deployments name no country.
    from holidays import country_holidays  # noqa: PLC0415

    country, _, part = place.partition("-")
    # The language is named because the library would look for it in the environment otherwise.
    return country_holidays(country, subdiv=part or None, years=years, expand=False, language="en_US")


def _offsets(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[int, int, int]]:
    """The times between `start` and `end` (UTC) through which the wall keeps its distance, and that distance."""
    since, offset = start, _offset(zone, start)
    day = start
    while day < end:
        following = min(day + timedelta(days=1), end)
        if _offset(zone, following) != offset:
            change = _change(zone, day, following)
            yield _ticks(since), _ticks(change), offset
            since, offset = change, _offset(zone, following)
        day = following
    yield _ticks(since), _ticks(end), offset


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first full second at which the wall has the distance of `after`."""
    target = _offset(zone, after)
    seconds = range(int((after - before).total_seconds()) + 1)
    index = bisect_left(seconds, True, key=lambda each: _offset(zone, before + timedelta(seconds=each)) == target)  # noqa: FBT003
    return before + timedelta(seconds=index)


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    away: Any = moment.astimezone(zone).utcoffset()
    return int(away // _TICK)


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """The same times, of which those that overlap or touch are one; ordered by their beginnings."""
    last: Stretch | None = None
    for opens, closes in stretches:
        if last is not None and opens <= last[1]:
            last = last[0], max(last[1], closes)
        else:
            if last is not None:
                yield last
            last = opens, closes
    if last is not None:
        yield last


def _end(stretch: Stretch) -> int:
    return stretch[1]


def _horizon(moment: datetime) -> datetime:
    return datetime(moment.astimezone(UTC).year + HORIZON + 1, 1, 1, tzinfo=UTC)


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK
