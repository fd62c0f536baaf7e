"""The time-box: nothing begins without the merchant's word for the very words, and its end is accounted for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.desk import clocks, timebox
from bot.desk.calendars import Calendar, Hours
from bot.desk.clocks import Mark
from bot.desk.timebox import MARKS, NotNow, Result, TimeBox
from tests.searching import examples

OFFICE = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ()), holidays="NL"))
THURSDAY = datetime(2026, 10, 22, 7, tzinfo=UTC)  # nine o'clock; the clocks change on the following Sunday
HOUR = timedelta(hours=1)
TEXT = "We look for the cause for 16 hours. There is no guarantee that we find it."


def accepted(length: timedelta = 16 * HOUR) -> TimeBox:
    """A time-box that the merchant agreed to."""
    box = timebox.propose(TimeBox(), length, TEXT, "en", "ana", THURSDAY)
    assert box.offer is not None
    return timebox.accept(box, box.offer.wording, THURSDAY + HOUR)


def test_what_was_accepted_is_kept() -> None:
    """The words, their fingerprint, their language, the length, who proposed them and when they were accepted."""
    box = msgspec.json.decode(msgspec.json.encode(accepted()), type=TimeBox)
    assert box.offer == timebox.Offer(16 * HOUR, TEXT, "en", timebox.fingerprint(16 * HOUR, TEXT), "ana", THURSDAY)
    assert (box.state, box.accepted, box.covers) == ("accepted", THURSDAY + HOUR, True)


def test_a_button_below_another_wording_accepts_nothing() -> None:
    """After a second proposal the first one's button is stale, even if only the length differs."""
    first = timebox.propose(TimeBox(), 16 * HOUR, TEXT, "en", "ana", THURSDAY)
    second = timebox.propose(first, 8 * HOUR, TEXT, "en", "ana", THURSDAY)
    assert first.offer is not None
    with pytest.raises(NotNow):
        timebox.accept(second, first.offer.wording, THURSDAY)


def test_work_over_a_weekend_and_a_change_of_the_clock() -> None:
    """Sixteen hours from Thursday noon end on Monday noon; staff hear of three quarters and of the end."""
    box = timebox.begin(accepted(), OFFICE, THURSDAY + 4 * HOUR, "office")
    assert box.clock is not None
    assert box.clock.due == datetime(2026, 10, 26, 12, tzinfo=UTC)
    told: list[Mark] = []
    while (mark := clocks.upcoming(box.clock, OFFICE, MARKS)) is not None:
        told.append(mark)
        box = timebox.tell(box, mark.percent, mark.at)
        assert box.clock is not None
    assert told == [
        Mark(75, datetime(2026, 10, 23, 15, tzinfo=UTC)),
        Mark(100, datetime(2026, 10, 26, 12, tzinfo=UTC)),
    ]
    assert (box.state, box.covers) == ("running", True)  # only staff end it


def test_the_report_counts_what_was_worked() -> None:
    """Pauses do not count, time past the length is told as such."""
    box = timebox.begin(accepted(4 * HOUR), OFFICE, THURSDAY, "office")
    box = timebox.pause(box, OFFICE, THURSDAY + HOUR)
    box = timebox.resume(box, OFFICE, THURSDAY + 24 * HOUR)
    box = timebox.end(box, "not_found", OFFICE, "ben", THURSDAY + 29 * HOUR, "It did not come again.")
    found = timebox.report(box)
    assert (found.result, found.findings) == ("not_found", "It did not come again.")
    assert (found.length, found.used, found.over) == (4 * HOUR, 6 * HOUR, 2 * HOUR)
    assert (found.started, found.ended) == (THURSDAY, THURSDAY + 29 * HOUR)
    assert found.wording == timebox.fingerprint(4 * HOUR, TEXT)
    assert (box.ended_by, box.covers) == ("ben", False)


def test_more_time_needs_the_merchants_word_again() -> None:
    """An extension is a new proposal, and its report counts what was spent before."""
    box = timebox.begin(accepted(4 * HOUR), OFFICE, THURSDAY)
    box = timebox.end(box, "extended", OFFICE, "ana", THURSDAY + 4 * HOUR)
    box = timebox.propose(box, 2 * HOUR, "Two hours more.", "en", "ana", THURSDAY + 4 * HOUR)
    with pytest.raises(NotNow):
        timebox.begin(box, OFFICE, THURSDAY + 4 * HOUR)
    box = timebox.begin(
        timebox.accept(box, timebox.fingerprint(2 * HOUR, "Two hours more."), THURSDAY + 5 * HOUR),
        OFFICE,
        THURSDAY + 5 * HOUR,
    )
    box = timebox.end(box, "found", OFFICE, "ana", THURSDAY + 6 * HOUR)
    assert timebox.report(box).used == 5 * HOUR
    fresh = timebox.propose(box, HOUR, TEXT, "en", "ana", THURSDAY + 7 * HOUR)
    assert fresh.earlier == timedelta()


def test_before_the_work_began_it_can_only_be_cancelled() -> None:
    """A merchant who declines ends it without a result of any work."""
    with pytest.raises(NotNow, match="accepted"):
        timebox.end(accepted(), "found", OFFICE, "ana", THURSDAY)
    found = timebox.report(timebox.end(accepted(), "cancelled", OFFICE, "ana", THURSDAY + HOUR))
    assert (found.result, found.used, found.started) == ("cancelled", timedelta(), None)


def test_what_has_no_length_or_no_end_is_refused() -> None:
    """A time-box of no time, and the report of one that goes on."""
    with pytest.raises(ValueError, match="length"):
        timebox.propose(TimeBox(), timedelta(), TEXT, "en", "ana", THURSDAY)
    with pytest.raises(NotNow, match="accepted"):
        timebox.report(accepted())
    assert timebox.tell(TimeBox(), 75, THURSDAY) == TimeBox()


class Machine(RuleBasedStateMachine):
    """Anything in any order, as buttons of the past and people at two desks would do it."""

    def __init__(self) -> None:
        """Start with nothing."""
        super().__init__()
        self.box = TimeBox()
        self.now = THURSDAY
        self.agreed: set[str] = set()

    @rule(minutes=st.integers(0, 600))
    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.now += timedelta(minutes=minutes)

    @rule(hours=st.integers(1, 20), text=st.sampled_from(["one", "two"]))
    def propose(self, hours: int, text: str) -> None:
        """Staff propose."""
        try:
            self.box = timebox.propose(self.box, hours * HOUR, text, "en", "ana", self.now)
        except NotNow:
            assert self.box.covers
        else:
            self.agreed.clear()

    @rule(hours=st.integers(1, 20), text=st.sampled_from(["one", "two"]), shown=st.booleans())
    def accept(self, hours: int, text: str, *, shown: bool) -> None:
        """The merchant presses what is shown, or some other button of this kind."""
        offer = self.box.offer
        wording = offer.wording if shown and offer is not None else timebox.fingerprint(hours * HOUR, text)
        try:
            self.box = timebox.accept(self.box, wording, self.now)
        except NotNow:
            assert self.box.state != "proposed" or offer is None or offer.wording != wording
        else:
            self.agreed.add(wording)

    @rule(step=st.sampled_from(["begin", "pause", "resume"]))
    def work(self, step: str) -> None:
        """Staff work, or do not."""
        function = {"begin": timebox.begin, "pause": timebox.pause, "resume": timebox.resume}[step]
        before = {"begin": "accepted", "pause": "running", "resume": "paused"}[step]
        try:
            self.box = function(self.box, OFFICE, self.now)
        except NotNow:
            assert self.box.state != before

    @rule(result=st.sampled_from(["found", "not_found", "extended", "cancelled"]))
    def end(self, result: Result) -> None:
        """Staff end it."""
        try:
            self.box = timebox.end(self.box, result, OFFICE, "ana", self.now)
        except NotNow:
            assert self.box.clock is None or self.box.state == "ended"

    @invariant()
    def nothing_is_worked_without_consent(self) -> None:
        """A clock only ever runs for words that the merchant accepted, and only while the work goes on."""
        offer, clock = self.box.offer, self.box.clock
        if self.box.covers or clock is not None:
            assert offer is not None
            assert offer.wording in self.agreed
        assert (clock is not None and clock.running) is (self.box.state == "running")

    @invariant()
    def what_is_used_is_accounted_for(self) -> None:
        """What a report says was used and what is left add up to the length."""
        if self.box.state == "ended":
            found = timebox.report(self.box)
            left = found.length if self.box.clock is None else self.box.clock.left
            assert found.used - self.box.earlier + left == found.length
            assert (found.over > timedelta()) is (left < timedelta())


@pytest.mark.hypothesis
def test_nothing_is_worked_without_consent_in_any_order() -> None:
    """No order of proposals, buttons and steps makes a clock run without the merchant's word."""
    run_state_machine_as_test(Machine, settings=settings(max_examples=examples(60), stateful_step_count=30))
