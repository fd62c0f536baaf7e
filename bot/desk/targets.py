"""The clocks of a case: which of them run, given what was promised and what happens.

Nothing is promised that is not configured: a kind without a target has no clock. A case awaits a first response from
its opening, a next one from each message of the merchant that was not answered yet, and its solution while the work is
ours: that clock stands still while the merchant or something else is waited for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from bot.desk import clocks
from bot.desk.calendars import Calendar
from bot.desk.clocks import Clock, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

Clocks = dict[Kind, Clock]

WORKING: Final = frozenset({"new", "open"})
"""States of a case in which the work is ours."""
DONE: Final = frozenset({"solved", "closed"})


class Targets(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Working time within which something is done; None promises nothing."""

    first_response: timedelta | None = None
    next_response: timedelta | None = None
    resolution: timedelta | None = None


class Pace(msgspec.Struct, frozen=True, gc=False):
    """What a case is measured by: its targets in working time of a calendar, and that calendar's name."""

    targets: Targets
    calendar: Calendar
    name: str = ""

    def opened(self, now: datetime) -> Clocks:
        """A person was called."""
        return self._start("first_response", {}, now) | self._start("resolution", {}, now)

    def merchant_wrote(self, present: Mapping[Kind, Clock], now: datetime) -> Clocks:
        """Await a response, unless one is awaited already."""
        first, later = present.get("first_response"), present.get("next_response")
        if (first is not None and first.met is None) or (later is not None and later.met is None):
            return dict(present)
        return self._start("next_response", present, now)

    def staff_replied(self, present: Mapping[Kind, Clock], now: datetime) -> Clocks:
        """The merchant has heard from a person."""
        return {
            kind: clocks.meet(clock, self.calendar, now) if kind in {"first_response", "next_response"} else clock
            for kind, clock in present.items()
        }

    def became(self, status: str, present: Mapping[Kind, Clock], now: datetime) -> Clocks:
        """Follow the state of the case."""
        if status in DONE:
            return {
                kind: clock if kind == "time_box" else clocks.meet(clock, self.calendar, now)
                for kind, clock in present.items()
            }
        found, resolution = dict(present), present.get("resolution")
        if resolution is not None:
            again = clocks.reopen(resolution, self.calendar, now)
            change = clocks.resume if status in WORKING else clocks.pause
            found["resolution"] = change(again, self.calendar, now)
        return found

    def retarget(self, present: Mapping[Kind, Clock], now: datetime) -> Clocks:
        """The priority changed, and these are the new targets; what was used up stays used up."""
        found = dict(present)
        for kind, clock in present.items():
            target = None if kind == "time_box" else getattr(self.targets, kind)
            if target is not None:
                found[kind] = clocks.extend(clock, self.calendar, target - clock.target, now)
        return found

    def _start(self, kind: Kind, present: Mapping[Kind, Clock], now: datetime) -> Clocks:
        target = getattr(self.targets, kind)
        if target is None:
            return dict(present)
        return {**present, kind: clocks.start(kind, target, self.calendar, now, self.name)}
