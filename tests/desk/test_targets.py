"""Which clocks a case has, and what makes them run, stop and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.calendars import Calendar, Hours
from bot.desk.targets import Clocks, Pace, Targets

MONDAY = datetime(2026, 5, 4, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Calendar(Hours("Europe/Amsterdam", (((9 * 60, 17 * 60),),) * 5 + ((), ())))
PACE = Pace(Targets(HOUR, 2 * HOUR, 16 * HOUR), OFFICE, "office")


def test_nothing_is_promised_without_targets() -> None:
    """Without configuration no clock ever runs."""
    pace = Pace(Targets(), Calendar())
    found = pace.opened(MONDAY)
    for change in (pace.merchant_wrote, pace.staff_replied, pace.retarget):
        found = change(found, MONDAY)
    assert pace.became("pending", found, MONDAY) == {}


def test_a_case_awaits_its_first_response_and_its_solution() -> None:
    """Both clocks run from the opening, in the hours of the calendar."""
    found = PACE.opened(MONDAY)
    assert {kind: clock.due for kind, clock in found.items()} == {
        "first_response": MONDAY + HOUR,
        "resolution": MONDAY + timedelta(days=1, hours=8),
    }
    assert {clock.calendar for clock in found.values()} == {"office"}


def test_one_response_is_awaited_at_a_time() -> None:
    """Until the first one came no other is awaited; then the oldest message without an answer counts."""
    found = PACE.opened(MONDAY)
    assert PACE.merchant_wrote(found, MONDAY) == found
    found = PACE.staff_replied(found, MONDAY + HOUR / 2)
    assert found["first_response"].breached is None
    found = PACE.merchant_wrote(found, MONDAY + HOUR)
    assert PACE.merchant_wrote(found, MONDAY + 2 * HOUR)["next_response"].due == MONDAY + 3 * HOUR
    found = PACE.staff_replied(found, MONDAY + 4 * HOUR)
    assert found["next_response"].breached == MONDAY + 3 * HOUR
    again = PACE.merchant_wrote(found, MONDAY + 5 * HOUR)["next_response"]
    assert (again.started, again.breached) == (MONDAY + 5 * HOUR, None)


def test_the_solution_waits_with_the_case() -> None:
    """While the merchant is waited for only that clock stands still, and what was left is left afterwards."""
    found = PACE.became("pending", PACE.opened(MONDAY), MONDAY + 4 * HOUR)
    assert found["resolution"].due is None
    assert found["first_response"].running
    later = MONDAY + timedelta(days=7)
    assert PACE.became("open", found, later)["resolution"].due == later + timedelta(days=1, hours=4)


def test_a_solved_case_is_done_and_may_come_back() -> None:
    """Solving meets every clock; reopening counts on with what was left, and pending leaves it standing still."""
    solved = PACE.became("solved", PACE.opened(MONDAY), MONDAY + HOUR / 2)
    assert not any(clock.running for clock in solved.values())
    assert all(clock.breached is None for clock in solved.values())
    later = MONDAY + timedelta(days=1)
    again = PACE.became("open", solved, later)["resolution"]
    assert again.due == later + timedelta(days=1, hours=7, minutes=30)
    waiting = PACE.became("pending", solved, later)["resolution"]
    assert (waiting.due, waiting.left) == (None, 15 * HOUR + HOUR / 2)


def test_another_priority_keeps_what_was_used_up() -> None:
    """A shorter target counts from the beginning, not from the change; what was met stays as it was."""
    found = PACE.staff_replied(PACE.opened(MONDAY), MONDAY)
    urgent = Pace(Targets(HOUR / 4, HOUR, 4 * HOUR), OFFICE, "office")
    changed = urgent.retarget(found, MONDAY + 3 * HOUR)
    assert changed["resolution"].due == MONDAY + 4 * HOUR
    assert changed["first_response"] == found["first_response"]


@given(
    st.lists(
        st.tuples(
            st.timedeltas(timedelta(), timedelta(days=3)),
            st.sampled_from(["write", "reply", "open", "pending", "on_hold", "solved"]),
        ),
        max_size=20,
    )
)
def test_clocks_follow_the_case(steps: list[tuple[timedelta, str]]) -> None:
    """After anything: the solution's clock runs only while the work is ours, and after a reply none is awaited."""
    now, found, status = MONDAY, PACE.opened(MONDAY), "new"
    for length, step in steps:
        now += length
        found, status = _followed(found, step, status, now)
        assert found["resolution"].running is (status in {"new", "open"})
        responses = [found[kind].running for kind in ("first_response", "next_response") if kind in found]
        assert sum(responses) <= 1
        if step in {"reply", "solved"}:
            assert not any(responses)


def _followed(found: Clocks, step: str, status: str, now: datetime) -> tuple[Clocks, str]:
    if step == "write":
        return PACE.merchant_wrote(found, now), status
    if step == "reply":
        return PACE.staff_replied(found, now), status
    return PACE.became(step, found, now), step
