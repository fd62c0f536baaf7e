"""Counting days: back from now, to the last time a day came round, and through the parts of a period."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final

from bot.engine.answers.date_words import BEGINNING, DAY, END, HOUR, MINUTE, MONTH, WEEK, YEAR

OLDEST: Final = date(1995, 1, 1)
"""No webshop's problem is older."""

_AHEAD: Final = timedelta(hours=14)  # the earliest time zone is UTC+14
_MONTHS: Final = 12
_TIMED: Final = {
    MINUTE: timedelta(minutes=1),
    HOUR: timedelta(hours=1),
    DAY: timedelta(days=1),
    WEEK: timedelta(weeks=1),
}
_LONGEST_MONTH: Final = 31  # days
_LEAP_GAP: Final = 8  # years that may pass between two 29ths of February


def latest(now: datetime) -> date:
    """The latest day it is anywhere on earth when it is `now` (UTC)."""
    return (now + _AHEAD).date()


def back(now: datetime, count: int, unit: int) -> date:
    """The day `count` units before `now`; in a shorter month its last day. Raises ValueError or OverflowError."""
    if unit in _TIMED:
        return (now - count * _TIMED[unit]).date()
    months = now.year * _MONTHS + now.month - 1 - count * (_MONTHS if unit == YEAR else 1)
    year, month = divmod(months, _MONTHS)
    return date(year, month + 1, min(now.day, monthrange(year, month + 1)[1]))


def recent(month: int, day: int, until: date) -> date:
    """The latest such day that is not after `until`. Raises ValueError if no year has it."""
    for year in range(until.year, until.year - _LEAP_GAP - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= until:
            return found
    raise ValueError(day)


def last_day(day: int, until: date) -> date:
    """The latest `day` of a month that is not after `until`. Raises ValueError if no month has it."""
    if not 1 <= day <= _LONGEST_MONTH:
        raise ValueError(day)
    found = until
    while found.day != day:
        found -= timedelta(days=1)
    return found


def part_of(unit: int, day: date, part: int) -> date:
    """The first, a middle or the last day of the week, month or year that `day` is in; of a shorter unit, `day`."""
    if unit == WEEK:
        return day + timedelta(days={BEGINNING: 0, END: 6}.get(part, 3) - day.weekday())
    if unit == MONTH:
        return day.replace(day={BEGINNING: 1, END: monthrange(day.year, day.month)[1]}.get(part, 15))
    if unit == YEAR:
        return {BEGINNING: date(day.year, 1, 1), END: date(day.year, 12, 31)}.get(part, date(day.year, 7, 1))
    return day
