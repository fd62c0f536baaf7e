"""Clocks: whatever order they are stopped, extended and met in, a count of minutes finds the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import clocks
from bot.desk.calendars import DAY, Calendar, Hours
from bot.desk.clocks import Clock, Mark
from tests.desk import reference
from tests.desk.reference import MINUTE

Step = Literal["pause", "resume", "meet", "reopen", "extend", "shorten", "look"]
STEPS: tuple[Step, ...] = ("pause", "resume", "pause", "resume", "meet", "reopen", "extend", "shorten", "look")
ALWAYS = Calendar()
OFFICE = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ())))
MONDAY = datetime(2026, 5, 4, 7, tzinfo=UTC)  # nine o'clock in Amsterdam


@dataclass
class Counted:
    """A clock by the definition: one minute after the other, each of which counts or does not."""

    hours: Hours
    now: datetime
    target: int
    used: int = 0
    paused: bool = False
    met: bool = False
    breached: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether an open minute counts."""
        return not (self.paused or self.met)

    def pass_(self, minutes: int) -> None:
        """Let time go by."""
        for _ in range(minutes):
            if self.running and reference.is_open(self.hours, self.now):
                self.used += 1
            self.now += MINUTE
            self.look()

    def look(self) -> None:
        """Notice that time is up."""
        if self.running and self.used >= self.target and self.breached is None:
            self.breached = self.now

    def do(self, step: Step, by: int) -> None:
        """The same as the function of that name."""
        match step:
            case "pause" if not self.met:
                self.paused = True
            case "resume" if not self.met:
                self.paused = False
            case "meet" if not self.met:
                self.met, self.paused = True, False
            case "reopen":
                self.met = False
            case "extend" | "shorten" if not self.met and self.breached is None:
                self.target = max(self.target + (by if step == "extend" else -by), 0)
        self.look()


def done(clock: Clock, step: Step, calendar: Calendar, now: datetime, by: int) -> Clock:
    """A step of a test, done to a clock."""
    match step:
        case "extend" | "shorten":
            return clocks.extend(clock, calendar, (by if step == "extend" else -by) * MINUTE, now)
        case "look":
            return clock
    function = {"pause": clocks.pause, "resume": clocks.resume, "meet": clocks.meet, "reopen": clocks.reopen}[step]
    return function(clock, calendar, now)


def kept(clock: Clock) -> Clock:
    """A clock that was put into a document and read again."""
    return msgspec.json.decode(msgspec.json.encode(clock), type=Clock)


@given(
    reference.hours(),
    reference.moments(),
    st.integers(1, 40),
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from(STEPS), st.integers(1, 300)), max_size=8),
)
def test_a_clock_is_what_a_count_of_minutes_finds(
    hours: Hours, start: datetime, target: int, steps: list[tuple[int, Step, int]]
) -> None:
    """After any steps the same is left, it was late from the same minute on, and its next mark is right."""
    calendar, target = Calendar(hours), 20 * target
    counted = Counted(hours, start, target)
    clock = clocks.start("resolution", target * MINUTE, calendar, start)
    for minutes, step, by in steps:
        counted.pass_(minutes)
        counted.do(step, 20 * by)
        clock = clocks.breach(kept(done(clock, step, calendar, counted.now, 20 * by)), counted.now)
        assert clocks.remaining(clock, calendar, counted.now) == (counted.target - counted.used) * MINUTE
        assert clock.breached == counted.breached
        assert clock.running is counted.running
        assert (clock.due is not None) or not clock.running
    mark = clocks.upcoming(clock, calendar, (75, 150))
    assert (mark is not None) is counted.running
    if mark is not None and counted.used * 100 < counted.target * mark.percent:
        now = counted.now
        counted.pass_(min((mark.at - now) // MINUTE, 6 * DAY))
        if mark.at == counted.now:
            assert counted.used * 100 == counted.target * mark.percent


@given(reference.hours(), reference.moments(), st.lists(st.timedeltas(timedelta(), timedelta(days=2)), max_size=20))
def test_pauses_cost_nothing(hours: Hours, start: datetime, lengths: list[timedelta]) -> None:
    """Working time that passes while a clock runs is all that it loses, to the microsecond, in any number of pauses."""
    calendar, target = Calendar(hours), timedelta(minutes=10)
    clock, now, used = clocks.start("resolution", target, calendar, start), start, timedelta()
    for number, length in enumerate(lengths):
        used += timedelta() if number % 2 else calendar.business_between(now, now + length)
        now += length
        clock = (clocks.resume if number % 2 else clocks.pause)(clock, calendar, now)
    assert clocks.remaining(clock, calendar, now) == target - used


@pytest.mark.parametrize("step", ["pause", "resume", "meet", "reopen"])
def test_a_step_twice_is_a_step_once(step: Step) -> None:
    """An event that is heard again changes nothing."""
    clock = clocks.start("first_response", timedelta(hours=4), OFFICE, MONDAY)
    prepared = {"resume": clocks.pause, "reopen": clocks.meet}
    if step in prepared:
        clock = prepared[step](clock, OFFICE, MONDAY + timedelta(hours=1))
    once = done(clock, step, OFFICE, MONDAY + timedelta(hours=2), 0)
    assert once != clock
    assert done(once, step, OFFICE, MONDAY + timedelta(hours=3), 0) == once


def test_a_clock_waits_for_the_office_to_open() -> None:
    """What begins on Friday evening is due on Monday, counted from the morning."""
    clock = clocks.start("first_response", timedelta(hours=4), OFFICE, MONDAY - timedelta(days=2), "office")
    assert clock.due == MONDAY + timedelta(hours=4)
    assert clock.calendar == "office"


def test_being_late_is_noticed_whenever_it_is_looked_at() -> None:
    """Nobody looked at a clock when it ran out: it still was breached then, whatever is done to it later."""
    clock = clocks.start("first_response", timedelta(hours=4), OFFICE, MONDAY)
    late = MONDAY + timedelta(hours=6)
    for step in (clocks.pause, clocks.meet):
        assert step(clock, OFFICE, late).breached == MONDAY + timedelta(hours=4)
    assert clocks.extend(clock, OFFICE, timedelta(hours=9), late).target == timedelta(hours=4)
    assert clocks.meet(clock, OFFICE, late).left == -timedelta(hours=2)


def test_at_the_very_end_time_is_up() -> None:
    """The moment at which a clock is due is too late, the one before is in time."""
    clock = clocks.start("first_response", timedelta(hours=4), ALWAYS, MONDAY)
    end = MONDAY + timedelta(hours=4)
    assert clocks.meet(clock, ALWAYS, end).breached == end
    assert clocks.meet(clock, ALWAYS, end - timedelta(microseconds=1)).breached is None


def test_marks_come_one_after_the_other() -> None:
    """Each mark is told once, the end is always among them, and those above 100 tell how late it is."""
    clock = clocks.start("time_box", timedelta(hours=8), OFFICE, MONDAY)
    told = []
    while (mark := clocks.upcoming(clock, OFFICE, (150, 75))) is not None:
        told.append(mark)
        clock = clocks.breach(clocks.tell(clock, mark.percent), mark.at)
    assert told == [
        Mark(75, MONDAY + timedelta(hours=6)),
        Mark(100, MONDAY + timedelta(hours=8)),
        Mark(150, MONDAY + timedelta(days=1, hours=4)),
    ]


def test_more_time_brings_a_mark_again() -> None:
    """Three quarters of the longer time are another moment, and are told again; those that stay passed are not."""
    clock = clocks.tell(clocks.start("time_box", timedelta(hours=4), ALWAYS, MONDAY), 75)
    now = MONDAY + timedelta(hours=3)
    longer = clocks.extend(clock, ALWAYS, timedelta(hours=4), now)
    assert clocks.upcoming(longer, ALWAYS, (25, 75)) == Mark(75, MONDAY + timedelta(hours=6))
    hardly = clocks.extend(clock, ALWAYS, timedelta(minutes=30), now)
    assert clocks.upcoming(hardly, ALWAYS, (50, 75)) == Mark(75, MONDAY + timedelta(hours=3, minutes=22, seconds=30))


def test_a_clock_that_stands_still_has_no_marks() -> None:
    """Nothing comes due while others are waited for, and nothing after it is done."""
    clock = clocks.start("resolution", timedelta(hours=4), ALWAYS, MONDAY)
    paused = clocks.pause(clock, ALWAYS, MONDAY + timedelta(hours=1))
    assert paused.due is None
    assert clocks.upcoming(paused, ALWAYS, (75,)) is None
    assert clocks.upcoming(clocks.meet(clock, ALWAYS, MONDAY), ALWAYS, (75,)) is None


def test_a_clock_that_lost_its_time_is_late_at_once() -> None:
    """A shorter target that is used up already is breached now, or when it runs again."""
    clock = clocks.start("resolution", timedelta(hours=8), ALWAYS, MONDAY)
    now = MONDAY + timedelta(hours=5)
    shorter = clocks.extend(clock, ALWAYS, -timedelta(hours=4), now)
    assert clocks.breach(shorter, now).breached == now
    paused = clocks.extend(clocks.pause(clock, ALWAYS, now), ALWAYS, -timedelta(hours=9), now)
    again = now + timedelta(days=1)
    assert clocks.breach(paused, again).breached is None
    assert clocks.breach(clocks.resume(paused, ALWAYS, again), again).breached == again
