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


def part_of_month(year: int, month: int, part: int) -> date:
    """The first, a middle or the last day of a month. Raises ValueError."""
    return date(year, month, {BEGINNING: 1, END: monthrange(year, month)[1]}.get(part, 15))


def part_of(unit: int, day: date, part: int) -> date:
    """The first, a middle or the last day of the week, month or year that `day` is in; of a shorter unit, `day`."""
    if unit == WEEK:
        return day + timedelta(days={BEGINNING: 0, END: 6}.get(part, 3) - day.weekday())
    if unit == MONTH:
        return part_of_month(day.year, day.month, part)
    if unit == YEAR:
        return part_of_month(day.year, {BEGINNING: 1, END: 12}.get(part, 7), BEGINNING if part != END else END)
    return day
