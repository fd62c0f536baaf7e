"""The time-box of a case: proposed by staff, agreed to by the merchant in the words they were shown, worked, reported.

Rule of the seed: what cannot be reproduced on staging is worked on for a limited time and without a promise, and only
after the merchant has agreed to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from bot.desk import timebox
from bot.desk.spans import working
from bot.desk.targets import DONE
from bot.desk.timebox import NotNow, Result
from bot.desk.work import Denied
from bot.text.plain import plain

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.chat.events import Command
    from bot.desk.calendars import Calendar
    from bot.desk.case import Case
    from bot.desk.work import Work

NEEDED: Final = frozenset({"not_reproduced", "reproduced_production_only"})
"""Findings after which there is no work without a time-box."""


def change(work: Work, command: Command) -> None:
    """`do`: propose, begin, pause, resume or end; `time`: a length (otherwise the settings' first), or the result."""
    asked, more = command.arguments.get("do", ""), command.arguments.get("time", "")
    case, pace = work.case, work.pace
    try:
        match asked:
            case "propose":
                _propose(work, more, command.person.id)
            case "begin":
                case.time_box = timebox.begin(case.time_box, pace.calendar, work.now, pace.name)
                work.tell("desk_box_begun", name=command.person.name)
            case "pause":
                case.time_box = timebox.pause(case.time_box, _calendar(work), work.now)
                work.tell("desk_box_paused", name=command.person.name)
            case "resume":
                case.time_box = timebox.resume(case.time_box, _calendar(work), work.now)
                work.tell("desk_box_begun", name=command.person.name)
            case "end":
                _end(work, more, command.person.id)
            case _:
                raise Denied("desk_what_box", known="propose, begin, pause, resume, end")
    except NotNow as not_now:
        raise Denied("desk_box_not_now", state=not_now.state) from None
    work.record("time_box_changed", state=case.time_box.state, by=command.person.id)
    work.changed()


def accept(work: Work, wording: str) -> None:
    """The merchant agrees to what they were shown; to words that were replaced since nobody can agree any more."""
    try:
        work.case.time_box = timebox.accept(work.case.time_box, wording, work.now)
    except NotNow:
        raise Denied("desk_not_needed") from None
    work.record("time_box_accepted", wording=wording)
    work.say("desk_box_thanks")
    work.tell("desk_box_accepted")
    work.changed()


def decline(work: Work, wording: str) -> None:
    """The merchant does not agree to what they were shown."""
    box = work.case.time_box
    if box.state != "proposed" or box.offer is None or box.offer.wording != wording:
        raise Denied("desk_not_needed")
    work.case.time_box = timebox.end(box, "cancelled", _calendar(work), "merchant", work.now)
    work.record("time_box_declined", wording=wording)
    work.say("desk_box_no")
    work.tell("desk_box_declined")
    work.changed()


def follow(work: Work, before: Case) -> None:
    """No time-box outlives its case: the clock of one that staff have not ended does not go on."""
    case = work.case
    if case.status in DONE and before.status not in DONE and case.time_box.state not in {"none", "ended"}:
        by = case.assignee.id if case.assignee is not None else ""
        case.time_box = timebox.end(case.time_box, "cancelled", _calendar(work), by, work.now)
        work.record("time_box_changed", state="ended", by=by)


def needed(work: Work) -> None:
    """Raise Denied if work on the case needs a time-box that is not agreed to."""
    if work.case.reproduction in NEEDED and not work.case.time_box.covers:
        raise Denied("desk_box_first")


def _propose(work: Work, length: str, by: str) -> None:
    found = _length(length) if length or not work.office.time_boxes else work.office.time_boxes[0]
    length = hours(found)
    words = work.text("desk_box_offer", work.merchant.locale, {"length": length})
    text = plain(words)
    box = timebox.propose(work.case.time_box, found, text, work.merchant.locale, by, work.now)
    work.case.time_box = box
    wording = box.offer.wording if box.offer is not None else ""
    buttons = (
        work.button("agree", "desk_box_agree", wording, merchant=True),
        work.button("decline", "desk_box_decline", wording, merchant=True),
    )
    work.say("desk_box_offer", *buttons, length=length)
    work.tell("desk_box_proposed", length=length)


def _end(work: Work, words: str, by: str) -> None:
    result, _, findings = words.partition(" ")
    for each in get_args(Result):
        if each == result:
            box = work.case.time_box
            work.case.time_box = timebox.end(box, each, _calendar(work), by, work.now, findings.strip())
            report = timebox.report(work.case.time_box)
            work.tell("desk_box_ended", result=each, used=hours(report.used), length=hours(report.length))
            work.say("desk_box_over", used=hours(report.used))
            return
    raise Denied("desk_what_result", known=", ".join(get_args(Result)))


def _calendar(work: Work) -> Calendar:
    """The one that its clock began with, wherever the case has gone since."""
    clock = work.case.time_box.clock
    return work.pace.calendar if clock is None else work.office.calendar(clock.calendar)


def _length(words: str) -> timedelta:
    try:
        return working(words)
    except ValueError:
        raise Denied("desk_what_length") from None


def hours(duration: timedelta) -> str:
    """A duration as people read it: `1 h 30 min`."""
    whole, minutes = divmod(round(duration.total_seconds() / 60), 60)
    parts = [f"{whole} h"] if whole else []
    return " ".join([*parts, f"{minutes} min"] if minutes or not whole else parts)
