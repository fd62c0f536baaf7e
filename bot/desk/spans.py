"""How times are written in the desk's settings: durations, shifts, days and dates.

Working time is written in hours and minutes (`4h`, `1h30m`): a day of it would be another in each calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Final

from bot.desk.calendars import DAY, Shift
from bot.flow.marks import Checked, Read, RefusalError
from bot.flow.problems import quoted
from bot.flow.values import many, seconds

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WORKING: Final = re.compile(r"(?=.)(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?")
_SHIFT: Final = re.compile(r"([0-9]{1,2}):([0-9]{2}) ?[-–] ?([0-9]{1,2}):([0-9]{2})")
_DATE: Final = re.compile(r"([0-9]{4}-)?([0-9]{2}-[0-9]{2})")
_LEAP: Final = "2024-"
"""A year that has every day."""


def working(value: Any) -> timedelta:
    """A duration of working time as it is written, such as `1h30m`; raises ValueError."""
    found = _WORKING.fullmatch(value) if isinstance(value, str) else None
    duration = timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) if found else timedelta()
    if not duration:
        raise RefusalError("bad-duration", "working time is in hours and minutes: 4h, 30m, 1h30m")
    return duration


def _span(value: Any) -> timedelta:
    return timedelta(seconds=seconds(value))


def _shift(value: Any) -> Shift:
    found = _SHIFT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise RefusalError("bad-hours", "working hours are two times of day: 09:00-17:30")
    hours, minutes = (int(found[1]), int(found[3])), (int(found[2]), int(found[4]))
    opens, closes = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) >= 60 or opens >= DAY or closes > DAY:  # noqa: PLR2004  (minutes)
        raise RefusalError("bad-hours", f"{quoted(value)} is no time of day")
    if opens == closes:
        raise RefusalError("bad-hours", "these hours have no length", "a whole day is 00:00-24:00")
    return opens, closes if closes > opens else closes + DAY


def _shifts(value: Any) -> tuple[Shift, ...]:
    found = sorted(map(_shift, many(value)))
    for (_, closes), (opens, _) in pairwise(found):
        if opens < closes:
            raise RefusalError("bad-hours", "two of these working hours overlap")
    return tuple(found)


def days(key: str) -> tuple[int, ...]:
    """The days that `mon` or `fri-mon` names, 0 for Monday; raises ValueError."""
    first, _, last = key.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return tuple(each % len(DAYS) for each in range(start, start + (end - start) % len(DAYS) + 1))


def _days(key: str) -> str:
    try:
        days(key)
    except ValueError:
        message = f"{quoted(key)} is no day: there are {', '.join(DAYS)}, and spans of them such as mon-fri"
        raise RefusalError("bad-day", message) from None
    return key


def _date(key: str) -> str:
    if not _is_date(key):
        raise RefusalError("bad-day", f"{quoted(key)} is no date: write 2026-12-24, or 12-24 for every year")
    return key


def _is_date(key: str) -> bool:
    found = _DATE.fullmatch(key)
    try:
        return found is not None and bool(date.fromisoformat(f"{found[1] or _LEAP}{found[2]}"))
    except ValueError:
        return False


Working = Annotated[timedelta, Read(working)]
"""A duration of working time."""
Span = Annotated[timedelta, Read(_span)]
"""A duration on the wall, such as `7d`."""
Shifts = Annotated[tuple[Shift, ...], Read(_shifts)]
"""Working hours of a day, in order; none if it is closed."""
Days = Annotated[str, Checked(_days)]
"""A day of the week, or a span of them."""
Date = Annotated[str, Checked(_date)]
"""A date, of one year or of every year."""
