"""A clock: how much of a promised working time is used up, stopped while others are waited for.

Each function gives a new clock and leaves one alone that is past changing, so that a repeated or late event does no
harm. A clock that has run out is breached, whenever that is noticed, and runs on until it is met: late, not lost. What
is left is kept to the microsecond through any number of pauses.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk.calendars import Calendar

Kind = Literal["first_response", "next_response", "resolution", "time_box"]

END: Final = 100
"""Per cent of its target at which a clock is breached."""

_NOTHING: Final = timedelta()


class Clock(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A clock. Times are UTC, durations are working time of the calendar that the desk's settings call `calendar`."""

    kind: Kind
    target: timedelta
    started: datetime
    since: datetime
    """When it began to run after it last stood still."""
    left: timedelta
    """What of the target was left at `since`, and while it stands still is left; negative as long as it is late."""
    due: datetime | None
    """When the target is used up, or was; None while that is open because the clock stands still."""
    calendar: str = ""
    paused: datetime | None = None
    met: datetime | None = None
    breached: datetime | None = None
    marked: int = 0
    """Per cent of the target that were already told to be used up."""

    @property
    def running(self) -> bool:
        """Whether time counts."""
        return self.paused is None and self.met is None


class Mark(NamedTuple):
    """That `percent` of a clock's target are used up `at` a moment."""

    percent: int
    at: datetime


def start(kind: Kind, target: timedelta, calendar: Calendar, now: datetime, name: str = "") -> Clock:
    """A clock that runs from now; `name` is what the settings call the calendar."""
    return Clock(kind, target, now, now, target, calendar.add_business(now, target), name)


def remaining(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """What is left of the target; negative if it is overdrawn."""
    if not clock.running:
        return clock.left
    return clock.left - max(calendar.business_between(clock.since, now), _NOTHING)


def breach(clock: Clock, now: datetime) -> Clock:
    """Breached at the moment at which it ran out, if it has by now."""
    if clock.running and clock.breached is None and clock.due is not None and clock.due <= now:
        return msgspec.structs.replace(clock, breached=clock.due)
    return clock


def pause(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """Stop counting."""
    clock = breach(clock, now)
    if not clock.running:
        return clock
    return msgspec.structs.replace(clock, paused=now, left=remaining(clock, calendar, now), due=clock.breached)


def resume(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """Count again what is left."""
    if clock.met is not None or clock.paused is None:
        return clock
    return _run(msgspec.structs.replace(clock, paused=None), calendar, now)


def meet(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """What was promised is done: in time, unless the clock is breached."""
    clock = breach(clock, now)
    if clock.met is not None:
        return clock
    return msgspec.structs.replace(clock, met=now, paused=None, left=remaining(clock, calendar, now))


def reopen(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    """It was not done after all: count on, without the time since it was met."""
    if clock.met is None:
        return clock
    return _run(msgspec.structs.replace(clock, met=None), calendar, now)


def extend(clock: Clock, calendar: Calendar, by: timedelta, now: datetime) -> Clock:
    """Give `by` more, or less if it is negative; nothing can be added to a clock that is breached or met."""
    clock = breach(clock, now)
    if clock.met is not None or clock.breached is not None:
        return clock
    target = max(clock.target + by, _NOTHING)
    left = remaining(clock, calendar, now) + target - clock.target
    used = (target - left) * END // target if target else END
    clock = msgspec.structs.replace(clock, target=target, left=left, marked=min(clock.marked, used))
    return clock if clock.paused is not None else _run(clock, calendar, now)


def upcoming(clock: Clock, calendar: Calendar, percents: Iterable[int] = ()) -> Mark | None:
    """The next of the marks `percents` that was not told yet, or the end; None if there is none or it stands still.

    Marks above 100 tell how late it is. A mark that is passed already is due at once: at the time since which it runs.
    """
    if not clock.running:
        return None
    end = () if clock.breached is not None else (END,)
    percent = min((each for each in (*percents, *end) if each > clock.marked), default=None)
    if percent is None:
        return None
    wait = clock.target * percent // END - (clock.target - clock.left)
    return Mark(percent, calendar.add_business(clock.since, max(wait, _NOTHING)))


def tell(clock: Clock, percent: int) -> Clock:
    """Remember that the mark was told."""
    return msgspec.structs.replace(clock, marked=max(clock.marked, percent))


def _run(clock: Clock, calendar: Calendar, now: datetime) -> Clock:
    due = clock.breached or calendar.add_business(now, max(clock.left, _NOTHING))
    return msgspec.structs.replace(clock, since=now, due=due)
