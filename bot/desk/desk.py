"""`act`: one event at the desk. The whole of what happens while a person is called or in control is behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import ALTERED, RELAYED
from bot.chat.events import Command, Delivered, Dropped, Due, Forgetting, Joined, Message, Reacted, Tap, Written
from bot.desk import (
    access,
    banner,
    boxes,
    commands,
    drops,
    endings,
    forgetting,
    lanes,
    later,
    reactions,
    receipts,
    timing,
)
from bot.desk.case import GONE
from bot.desk.work import Denied, Merchant, Work, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.chat.events import AnyEvent
    from bot.desk.case import Case
    from bot.desk.office import Office
    from bot.flow.library import Library


def act(
    library: Library,
    office: Office,
    case: Case,
    merchant: Merchant,
    event: AnyEvent,
    now: datetime,
    new_drop: Callable[[], str],
) -> Work:
    """Apply an event to a case; the same arguments give the same work. `case` is not changed.

    `new_drop` makes the id of a form. What is not the desk's is left alone, with a line in the log.
    """
    work = Work(library, office, case, merchant, now, new_drop)
    match event:
        case Command():
            commands.run(work, event)
        case Written():
            lanes.written(work, event)
        case Reacted():
            reactions.reacted(work, event)
        case Delivered() | Dropped() | Joined():
            _reported(work, event)
        case Message():
            lanes.heard(work, event)
        case Forgetting():
            forgetting.wanted(work, event)
        case Tap(_, token) if (found := read(token)) is not None:
            _pressed(work, *found)
        case Due(_, timer) if (found := read(timer)) is not None:
            _came_due(work, *found)
        case _:
            work.record("event_ignored", control="staff")
    drops.follow(work)
    later.follow(work, case)
    boxes.follow(work, case)
    timing.follow(work, case, event)
    return work


def _reported(work: Work, event: Delivered | Dropped | Joined) -> None:
    """The service has done something for the case: what one side wrote is at the other's, or will not be, for one."""
    if isinstance(event, Dropped):
        drops.dropped(work, event)
    elif isinstance(event, Joined):
        endings.joined(work, event)
    elif event.ref.startswith(RELAYED):
        receipts.delivered(work, event)
    elif event.ref.startswith(ALTERED):
        work.tell("desk_edit_failed", reason=event.reason)
    elif reactions.concerns(event.ref):
        reactions.delivered(work, event)
    else:
        lanes.delivered(work, event)


def _pressed(work: Work, verb: str, argument: str) -> None:
    """The merchant pressed a button of the desk; one of the past changes nothing."""
    try:
        match verb, argument:
            case "backup", _:
                access.confirm_backup(work, "merchant")
            case "agree", wording:
                boxes.accept(work, wording)
            case "decline", wording:
                boxes.decline(work, wording)
            case "removed", _:
                access.confirm_removed(work)
            case "good" | "bad" as rating, _:
                if not work.case.rating:
                    work.case.rating = rating
                    work.record("case_rated", rating=rating)
                    work.tell(f"desk_rated_{rating}")
                work.say("desk_thanks_rating")
            case _:
                work.record("event_ignored", control="staff")
    except Denied:
        work.say("desk_not_needed")


def _came_due(work: Work, name: str, argument: str) -> None:
    match name:
        case "hold":
            lanes.hold_passed(work, argument)
        case "removal":
            access.remind(work)
        case "grant":
            access.grant_passed(work)
        case drops.TIMER:
            drops.time_over(work, argument)
        case timing.CLOCK:
            timing.came_due(work)
        case banner.TIMER:
            pass  # the time alone changes what it says
        case later.SNOOZE:
            later.wake(work)
        case later.WAITING:
            later.remind(work)
        case "close":
            _rested(work)
        case _:
            work.record("event_ignored", control="staff")


def _rested(work: Work) -> None:
    """A case was solved so long ago that it is over."""
    if work.case.status == "solved" and work.case.access.state in GONE:
        endings.close(work)
    elif work.case.status == "solved":
        work.wake_at(work.now + work.office.reopen, "close")  # not while an account of ours may be left
