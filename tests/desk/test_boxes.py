"""The time-box at the desk: declined, carried to another queue, and never longer than its case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk import timing
from bot.desk.calendars import Calendar, Hours
from bot.desk.office import Office, Terms
from bot.desk.work import token
from tests.desk.talk import Talk, said, told

HOUR = timedelta(hours=1)
MORNING = Calendar(Hours("UTC", (((8 * 60, 12 * 60),),) * 7))
OFFICE = Office(calendars={"morning": MORNING}, queues={"integrations": Terms(calendar="morning")})


def agreed(office: Office | None = None) -> Talk:
    """A case whose merchant agreed to eight hours, which have begun."""
    talk = Talk(office)
    talk.press(talk.command("timebox propose 8h"), "I agree")
    talk.command("timebox begin")
    return talk


def test_the_merchant_may_decline() -> None:
    """Then nothing can begin, both are told, and the button below the offer does nothing any more."""
    talk = Talk()
    offer = talk.command("timebox propose 8h")
    answer = talk.press(offer, "No, thank you")
    assert (talk.case.time_box.state, talk.case.time_box.result) == ("ended", "cancelled")
    assert "will not begin" in said(answer)
    assert "does not agree" in told(answer)
    assert "does not fit" in told(talk.command("timebox begin"))
    talk.press(offer, "I agree")
    assert talk.case.time_box.state == "ended"
    assert talk.replayed()


def test_no_time_box_outlives_its_case() -> None:
    """When the case is solved its clock stops, so nobody is told of time that is used up."""
    talk = agreed()
    talk.command("solve")
    assert (talk.case.time_box.state, talk.case.time_box.result) == ("ended", "cancelled")
    assert timing.due(talk.case) is None
    assert token(timing.CLOCK) not in talk.timers


def test_a_time_box_goes_on_in_the_hours_it_began_with() -> None:
    """Handed to a queue with other hours, it is still counted as agreed."""
    talk = agreed(OFFICE)
    begun = talk.case.time_box.clock
    talk.command("assign sales")
    talk.command("claim")
    talk.command("timebox pause")
    talk.command("timebox resume")
    clock = talk.case.time_box.clock
    assert clock is not None
    assert begun is not None
    assert (clock.calendar, clock.due) == ("morning", begun.due)


def test_even_a_length_beyond_all_years_is_taken() -> None:
    """Nothing that staff type can stop a case."""
    talk = Talk(OFFICE)
    talk.press(talk.command("timebox propose 99999h"), "I agree")
    talk.command("timebox begin")
    assert talk.case.time_box.state == "running"


def test_a_time_box_over_a_holiday_and_a_change_of_the_clock() -> None:
    """Amsterdam in 2026: Good Friday and Easter Monday do not count, a week whose clocks change is like others."""
    week = (((9 * 60, 17 * 60),),) * 5 + ((), ())
    calendar = Calendar(Hours("Europe/Amsterdam", week, holidays="NL"))
    office = Office(calendars={"nl": calendar}, terms=Terms(calendar="nl"))
    amsterdam = ZoneInfo("Europe/Amsterdam")
    easter, summer_time = ("2026-04-02 13:00", "2026-04-09 11:00", 22), ("2026-03-27 12:00", "2026-03-31 12:00", 16)
    for begins, ends, length in (easter, summer_time):
        talk = Talk(office)
        talk.command("reproduced not_reproduced")
        talk.press(talk.command(f"timebox propose {length}h"), "I agree")
        talk.now = datetime.fromisoformat(begins).replace(tzinfo=amsterdam).astimezone(UTC)
        talk.command("timebox begin")
        assert timing.due(talk.case) == datetime.fromisoformat(ends).replace(tzinfo=amsterdam)
        found = told(*talk.wait(timedelta(days=8)))
        assert "75 %\u00a0of the time for the time-box is used up" in found
        assert "the time for the time-box is over" in found
        ended = talk.command("timebox end not_found It did not come again")
        assert f"of {length} h were used" in told(ended)
        assert talk.case.time_box.findings == "It did not come again"
        assert talk.replayed()
