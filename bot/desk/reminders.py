"""Reminding: a ladder of pauses, each from the last reminder, and putting something off.

What is due in the night or on a holiday waits for the next opening, so nobody is reminded when nobody would answer.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from bot.desk.calendars import Calendar


class Ladder(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Pauses before the first, second, … reminder, by the clock on the wall; the last one repeats if `forever`."""

    pauses: tuple[timedelta, ...]
    forever: bool = False

    def following(self, calendar: Calendar, last: datetime, taken: int) -> datetime | None:
        """When to remind again after `taken` reminders, of which the `last` was then; None once all were sent."""
        if taken >= len(self.pauses) and not (self.forever and self.pauses):
            return None
        return put_off(calendar, last, self.pauses[min(taken, len(self.pauses) - 1)])


REMOVAL: Final = Ladder((timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7)), forever=True)
"""Until the merchant confirms that the temporary account is deleted (the seed: delete it after the investigation)."""

_DAY: Final = timedelta(days=1)


def put_off(calendar: Calendar, now: datetime, by: timedelta) -> datetime:
    """The first opening after `by`, in UTC: whole days are days on the wall, at the same time of day."""
    days, rest = divmod(by, _DAY)
    return calendar.next_open((now.astimezone(calendar.zone) + days * _DAY).astimezone(UTC) + rest)
