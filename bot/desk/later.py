"""What comes back by itself: a case that was put off, and a merchant who is waited for.

A merchant is only reminded, and their silence only ends a case, where the desk's settings say so.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.desk.endings import in_time
from bot.desk.reminders import put_off
from bot.desk.work import Denied
from bot.flow.values import seconds

if TYPE_CHECKING:
    from bot.chat.events import Command
    from bot.desk.case import Case
    from bot.desk.work import Work

SNOOZE: Final = "snooze"
WAITING: Final = "waiting"
"""The names of the timers."""


def snooze(work: Work, command: Command) -> None:
    """Put the case off; it comes back in working hours, or when the merchant writes. Raises Denied."""
    named = command.arguments.get("for", "").strip()
    try:
        by = timedelta(seconds=seconds(named)) if named else work.office.snooze[0]
    except (ValueError, IndexError):
        raise Denied("desk_what_length") from None
    until = put_off(work.pace.calendar, work.now, by)
    work.case.snoozed = until
    work.case.status = "on_hold"
    work.wake_at(until, SNOOZE)
    shown = until.astimezone(work.pace.calendar.zone)
    work.tell("desk_snoozed", name=command.person.name, until=f"{shown:%Y-%m-%d %H:%M %Z}")
    work.changed()


def wake(work: Work) -> None:
    """The time for which a case was put off is over."""
    if work.case.snoozed is not None and work.case.snoozed <= work.now:
        work.case.status = "open"
        work.tell("desk_awake")
        work.changed()


def remind(work: Work) -> None:
    """The merchant has not answered for so long: remind them, and after the last reminder let the case rest."""
    case, office = work.case, work.office
    if case.status != "pending":
        return
    if case.reminded < len(office.waiting.pauses):
        case.reminded += 1
        work.say("desk_still_awaited")
        work.record("merchant_reminded", times=case.reminded)
        _await(work)
    elif office.close_after is not None:
        case.status, case.reason = "solved", "no_response"
        work.say("desk_silent", within=in_time(work, work.merchant.locale))
        work.tell("desk_silent_staff")
        work.wake_at(work.now + office.reopen, "close")
        work.changed()


def follow(work: Work, before: Case) -> None:
    """After an event: a case that is back is put off no longer, and who is waited for is reminded in time."""
    case, office = work.case, work.office
    if case.snoozed is not None and case.status != "on_hold":
        case.snoozed = None
        work.forget(SNOOZE)
    if case.status != "on_hold":
        case.awaits = ""
    if case.status == before.status or not (office.waiting.pauses or office.close_after):
        return
    if case.status == "pending":
        case.reminded = 0
        _await(work)
    elif before.status == "pending":
        work.forget(WAITING)


def _await(work: Work) -> None:
    """Set the timer for the next reminder, or for the end."""
    office, calendar = work.office, work.pace.calendar
    following = office.waiting.following(calendar, work.now, work.case.reminded)
    if following is None and office.close_after is not None:
        following = put_off(calendar, work.now, office.close_after)
    if following is not None:
        work.wake_at(following, WAITING)
