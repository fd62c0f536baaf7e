"""The time-box: a limited time for a problem that cannot be reproduced on staging, agreed to before it begins.

The seed promises a limited time and no solution, and no length: so the length is what staff propose, and the merchant
accepts the very words that were shown. What was accepted is kept with its fingerprint; a button below another wording
accepts nothing. When the time is used up staff are told; only they end it, with what came of it.

    none → proposed → accepted → running ⇄ paused → ended (found, not_found, extended, cancelled)

An extension is a new proposal: more time needs the merchant's word again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from bot.desk import clocks
from bot.desk.clocks import Clock

if TYPE_CHECKING:
    from bot.desk.calendars import Calendar

State = Literal["none", "proposed", "accepted", "running", "paused", "ended"]
Result = Literal["found", "not_found", "extended", "cancelled"]

MARKS: Final = (75, 100)
"""Per cent of the time at which staff are told how much is used up."""

_PROPOSABLE: Final = frozenset({"none", "proposed", "ended"})


class NotNow(Exception):  # noqa: N818  (an answer to whoever asks, not a defect)
    """What is asked for does not follow from the `state` the time-box is in."""

    def __init__(self, state: State) -> None:
        """Remember it."""
        super().__init__(state)
        self.state = state


class Offer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the merchant was shown: the words, in their language, and the fingerprint of the words."""

    length: timedelta
    text: str
    locale: str
    wording: str
    by: str
    at: datetime


class TimeBox(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A time-box. Times are UTC, durations are working time, people are ids."""

    state: State = "none"
    offer: Offer | None = None
    accepted: datetime | None = None
    clock: Clock | None = None
    result: Literal["", "found", "not_found", "extended", "cancelled"] = ""
    findings: str = ""
    ended: datetime | None = None
    ended_by: str = ""
    earlier: timedelta = timedelta()
    """Working time that was spent in time-boxes which this one extends."""

    @property
    def covers(self) -> bool:
        """Whether the merchant agreed to work on the problem, and that work is not over."""
        return self.state in {"accepted", "running", "paused"}


class Report(msgspec.Struct, frozen=True, gc=False):
    """What a time-box came to. `used` counts what was spent in those before it, `over` what went past the length."""

    result: Result
    findings: str
    length: timedelta
    used: timedelta
    over: timedelta
    accepted: datetime | None
    wording: str
    started: datetime | None
    ended: datetime


def propose(box: TimeBox, length: timedelta, text: str, locale: str, by: str, now: datetime) -> TimeBox:
    """Show the merchant `text`; it takes the place of an earlier proposal. Raises NotNow, ValueError for no length."""
    if length <= timedelta():
        raise ValueError("a time-box has a length")
    if box.state not in _PROPOSABLE:
        raise NotNow(box.state)
    earlier = box.earlier + _used(box) if box.result == "extended" else timedelta()
    return TimeBox("proposed", Offer(length, text, locale, fingerprint(length, text), by, now), earlier=earlier)


def accept(box: TimeBox, wording: str, now: datetime) -> TimeBox:
    """The merchant agrees to the words with that fingerprint. Raises NotNow, also if others were proposed since."""
    if box.state != "proposed" or box.offer is None or box.offer.wording != wording:
        raise NotNow(box.state)
    return msgspec.structs.replace(box, state="accepted", accepted=now)


def begin(box: TimeBox, calendar: Calendar, now: datetime, name: str = "") -> TimeBox:
    """The work starts, in working time of a calendar that the settings call `name`. Raises NotNow."""
    if box.state != "accepted" or box.offer is None:
        raise NotNow(box.state)
    clock = clocks.start("time_box", box.offer.length, calendar, now, name)
    return msgspec.structs.replace(box, state="running", clock=clock)


def pause(box: TimeBox, calendar: Calendar, now: datetime) -> TimeBox:
    """The work rests. Raises NotNow."""
    if box.state != "running" or box.clock is None:
        raise NotNow(box.state)
    return msgspec.structs.replace(box, state="paused", clock=clocks.pause(box.clock, calendar, now))


def resume(box: TimeBox, calendar: Calendar, now: datetime) -> TimeBox:
    """The work goes on. Raises NotNow."""
    if box.state != "paused" or box.clock is None:
        raise NotNow(box.state)
    return msgspec.structs.replace(box, state="running", clock=clocks.resume(box.clock, calendar, now))


def tell(box: TimeBox, percent: int, now: datetime) -> TimeBox:
    """Remember that staff were told how much is used up."""
    if box.clock is None:
        return box
    return msgspec.structs.replace(box, clock=clocks.tell(clocks.breach(box.clock, now), percent))


def end(box: TimeBox, result: Result, calendar: Calendar, by: str, now: datetime, findings: str = "") -> TimeBox:
    """It is over, with a result; before the work began it can only be cancelled. Raises NotNow."""
    if box.state in {"none", "ended"} or (box.clock is None and result != "cancelled"):
        raise NotNow(box.state)
    clock = None if box.clock is None else clocks.meet(box.clock, calendar, now)
    return msgspec.structs.replace(
        box, state="ended", clock=clock, result=result, findings=findings, ended=now, ended_by=by
    )


def report(box: TimeBox) -> Report:
    """What a time-box that has ended came to. Raises NotNow for one that has not."""
    if box.ended is None or box.offer is None or not box.result:
        raise NotNow(box.state)
    used = _used(box)
    return Report(
        box.result,
        box.findings,
        box.offer.length,
        box.earlier + used,
        max(used - box.offer.length, timedelta()),
        box.accepted,
        box.offer.wording,
        None if box.clock is None else box.clock.started,
        box.ended,
    )


def fingerprint(length: timedelta, text: str) -> str:
    """Sixteen hexadecimal digits that tell the words and the length they were about."""
    return blake2b(f"{length.total_seconds()}\n{text}".encode(), digest_size=8).hexdigest()


def _used(box: TimeBox) -> timedelta:
    """Working time that was spent in a time-box that has ended."""
    return timedelta() if box.clock is None else box.clock.target - box.clock.left
