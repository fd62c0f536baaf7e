"""What comes back by itself: cases that were put off, merchants who are waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from bot.desk import later
from bot.desk.calendars import Calendar, Hours
from bot.desk.office import PLAIN, Office, Terms
from bot.desk.reminders import Ladder
from tests.desk.talk import Talk, said, told

DAY = timedelta(days=1)
MONDAY = datetime(2026, 5, 4, 7, tzinfo=UTC)  # nine o'clock in Amsterdam
DAYTIME = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ())))
OFFICE = Office(calendars={"day": DAYTIME}, terms=Terms(calendar="day"))
PATIENT = msgspec.structs.replace(OFFICE, waiting=Ladder((2 * DAY, 3 * DAY)), close_after=2 * DAY)


def talk(office: Office) -> Talk:
    """A case that Noor has claimed on a Monday morning."""
    found = Talk(office)
    found.now = MONDAY
    return found


def due(found: Talk, name: str) -> datetime | None:
    """When a timer of the desk's is due."""
    return found.timers.get(f"desk:{name}")


def test_a_case_that_is_put_off_comes_back_in_working_hours() -> None:
    """For five days from Monday afternoon is Saturday: the next Monday morning, as the wall of the office shows it."""
    found = talk(OFFICE)
    found.wait(timedelta(hours=7))
    answer = found.command("snooze 5d")
    assert told(answer) == "Noor put the case off until 2026-05-11 09:00 CEST."
    assert (found.case.status, found.case.snoozed) == ("on_hold", MONDAY + 7 * DAY)
    assert "put off is over" in told(*found.wait(7 * DAY))
    assert (found.case.status, found.case.snoozed) == ("open", None)


def test_the_merchant_s_word_brings_a_case_back() -> None:
    """Nothing comes back a second time then, and nobody is told of a time that is over."""
    found = talk(OFFICE)
    found.command("snooze 5d")
    found.says("Any news?")
    assert (found.case.status, found.case.snoozed, due(found, later.SNOOZE)) == ("open", None, None)
    found.command("solve")
    assert "put off" not in told(*found.wait(6 * DAY))
    assert found.case.status == "solved"


def test_a_case_is_put_off_anew() -> None:
    """The later time counts."""
    found = talk(OFFICE)
    found.command("snooze 4h")
    found.command("snooze 1w")
    assert told(*found.wait(DAY)) == ""
    assert found.case.snoozed == MONDAY + 7 * DAY


def test_a_silent_merchant_is_reminded_and_their_case_rests_in_the_end() -> None:
    """Twice, in working hours; then the case is solved for want of an answer, and a later one reopens it."""
    found = talk(PATIENT)
    found.command("reply Which version is it?")
    assert "waiting for your answer" in said(*found.wait(2 * DAY))
    assert due(found, later.WAITING) == MONDAY + 7 * DAY  # Saturday is closed
    found.wait(5 * DAY)
    assert found.case.reminded == 2
    assert "within 7 days" in said(*found.wait(2 * DAY))
    assert (found.case.status, found.case.reason) == ("solved", "no_response")
    found.says("I was away")
    assert (found.case.status, found.case.reason) == ("open", "")
    assert found.replayed()


def test_an_answer_ends_the_reminders() -> None:
    """And the next question begins them anew."""
    found = talk(PATIENT)
    found.command("reply Which version is it?")
    found.wait(2 * DAY)
    found.says("2.4")
    assert due(found, later.WAITING) is None
    found.command("reply And the plugin?")
    assert due(found, later.WAITING) == MONDAY + 4 * DAY
    assert found.case.reminded == 0


def test_without_settings_nobody_is_reminded() -> None:
    """No timer is set."""
    found = talk(PLAIN)
    found.command("reply Which version is it?")
    assert due(found, later.WAITING) is None
