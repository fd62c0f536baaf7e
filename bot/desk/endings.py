"""How the work on a case ends: solved, closed, overruled, dismissed as no case at all, or merged into another one.

While an account of ours may be left at the merchant's, or something that they filled in is unread, no case is closed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

from bot.chat.effects import Button, Join
from bot.desk import access
from bot.desk.boxes import hours
from bot.desk.case import GONE, NO_CASE, Reason
from bot.desk.work import Denied, token
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.chat.events import Command, Joined
    from bot.desk.work import Work

_DAY: Final = timedelta(days=1)


def solve(work: Work, command: Command) -> None:
    """The work is done; a reply of the merchant within a week reopens it."""
    reason = command.arguments.get("reason", "") or "solved"
    if reason not in get_args(Reason):
        raise Denied("desk_what_reason", known=", ".join(get_args(Reason)))
    if work.case.held:
        raise Denied("desk_still_waiting")
    work.case.status = "solved"
    work.case.reason = reason
    if reason in NO_CASE:
        _farewell(work, reason)
    else:
        buttons = (
            work.button("good", "desk_rate_good", merchant=True),
            work.button("bad", "desk_rate_bad", merchant=True),
        )
        work.say("desk_solved", *buttons, within=in_time(work, work.merchant.locale))
    if work.case.access.state not in GONE:
        access.ask_removal(work)
    work.wake_at(work.now + work.office.reopen, "close")
    work.tell("desk_solved_staff", name=command.person.name, within=in_time(work, work.locale))
    work.changed()


def in_time(work: Work, locale: str) -> str:
    """Within what time a reply reopens a case that was solved; said so that no number of it needs a singular."""
    days, rest = divmod(work.office.reopen, _DAY)
    if rest or days == 1:
        return plain(work.text("desk_within_hours", locale, {"hours": hours(work.office.reopen)}))
    return plain(work.text("desk_within_days", locale, {"days": str(days)}))


def _farewell(work: Work, reason: str) -> None:
    """What the merchant hears of what was no case: no question whether it helped, and for spam nothing."""
    if reason != "spam":
        work.say("desk_dismissed")


def end(work: Work, command: Command) -> None:
    """End the case for good, if nothing is in the way."""
    _nothing_left(work)
    if work.case.status != "solved":
        solve(work, command)
    close(work)


def _nothing_left(work: Work) -> None:
    """Raise Denied for what must not be left behind."""
    if work.case.access.state not in GONE:
        raise Denied("desk_account_left", state=work.case.access.state)
    if work.case.drop.state == "filled":
        raise Denied("desk_drop_unread")


def override(work: Work, command: Command) -> None:
    """A lead ends the case although an account may be left, and says why."""
    reason = command.arguments.get("reason", "").strip()
    if not reason:
        raise Denied("desk_override_why")
    work.case.override = reason
    close(work)


def close(work: Work) -> None:
    """The case is over: the bot has the conversation again, and a later message begins another case."""
    work.case.status = "closed"
    work.control, work.ended = "bot", True
    work.forget("close")
    work.record("case_closed", reason=work.case.reason, override=work.case.override)
    work.tell("desk_closed_staff")
    work.changed()


def dismiss(work: Work, command: Command) -> None:
    """End what was no case, or spam, at once: nobody is asked for a rating, and a later message follows nothing."""
    reason = command.arguments.get("reason", "") or "not_a_case"
    if reason not in NO_CASE:
        raise Denied("desk_what_reason", known=", ".join(sorted(NO_CASE)))
    _nothing_left(work)
    if work.case.held:
        raise Denied("desk_still_waiting")
    work.case.reason = reason
    _farewell(work, reason)
    word = work.library.word(f"desk_is_{reason}", work.locale)
    work.tell("desk_dismissed_staff", name=command.person.name, reason=word)
    close(work)


def merge(work: Work, command: Command) -> None:
    """Ask whether the case can go on in another one of its merchant's; without a name, which there are."""
    _nothing_left(work)
    if work.case.held:
        raise Denied("desk_still_waiting")
    into = command.arguments.get("into", "").strip().upper()
    work.effects.append(Join(work.case.id, into, command.person.name or "–"))


def joined(work: Work, event: Joined) -> None:
    """What became of that: here is the duplicate, or the case that it goes on in, or the reason why neither."""
    case = work.case
    if event.case == case.id and event.refused:
        others = tuple(Button(token("merge", each), each) for each in event.others)
        wording = "desk_merge_not" if event.into else "desk_merge_which" if others else "desk_merge_none"
        work.tell(wording, *others, into=event.into)
    elif event.case == case.id and case.status != "closed":
        _merged(work, event)
    elif event.into == case.id and event.case not in case.duplicates:
        case.duplicates = (*case.duplicates, event.case)
        work.record("case_joined", duplicate=event.case)
        work.tell("desk_merged_here", name=event.by, duplicate=event.case)
        work.changed()


def _merged(work: Work, event: Joined) -> None:
    try:
        _nothing_left(work)
    except Denied as denied:
        work.tell(denied.wording, **denied.values)
        return
    work.case.reason, work.case.duplicate_of = "duplicate", event.into
    work.say("desk_merged", into=event.into)
    work.tell("desk_merged_staff", name=event.by, into=event.into)
    close(work)
