"""The drop: a one-time form for the account that the merchant makes for us, because no chat is a place for a password.

Staff ask for it when access may be given; the merchant fills it in once, on a page of ours; whoever has the case opens
it once. What was filled in is never part of a case: it is kept beside, sealed (`bot.service.drops`).

    none → asked → filled → opened, or withdrawn, or expired
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from bot.chat.effects import Entrust, Say
from bot.desk import access
from bot.desk.case import Drop
from bot.desk.work import Denied
from bot.text.nodes import Link, Paragraph, Text

if TYPE_CHECKING:
    from bot.chat.events import Command, Dropped
    from bot.desk.case import DropState
    from bot.desk.work import Work

TIMER: Final = "drop"
LASTS: Final = timedelta(hours=72)
"""How long the form, and what was filled in, is there at most."""
OPEN: Final = frozenset({"asked", "filled"})
"""States in which there is something to fill in, or to open."""

_NEEDED: Final = frozenset({"requested", "provided", "in_use"})
"""States of access for which there may be one."""
_HOUR: Final = timedelta(hours=1)


def address(base: str, case: str, drop: str) -> str:
    """Where the merchant fills the form in."""
    return f"{base}/drop/{case}/{drop}"


def change(work: Work, command: Command) -> None:
    """`do`: `ask` (also if nothing is said) or `withdraw`. Raises Denied."""
    match command.arguments.get("do", "ask"):
        case "ask":
            _ask(work, command)
        case "withdraw":
            if work.case.drop.state not in OPEN:
                raise Denied("desk_drop_nothing")
            withdraw(work)
            work.tell("desk_drop_withdrawn", name=command.person.name)
        case _:
            raise Denied("desk_what_drop")


def _ask(work: Work, command: Command) -> None:
    """Give the merchant a form; an earlier one that nobody filled in is no longer good."""
    case, base = work.case, work.office.drops
    if not base:
        raise Denied("desk_drop_not_here")
    if case.access.state != "requested":
        raise Denied("desk_drop_access_first")
    if case.drop.state == "filled":
        raise Denied("desk_drop_unread")
    access.require_approval(work)
    case.drop = Drop(work.new_drop(), "asked", work.now + LASTS)
    work.wake_at(work.now + LASTS, TIMER, case.drop.id)
    url = address(base, case.id, case.drop.id)
    words = work.text("desk_drop_here", work.merchant.locale, {"hours": str(LASTS // _HOUR)})
    work.effects.append(Say((*words, Paragraph((Link(url, (Text(url),)),)))))
    work.record("drop_asked", drop=short(case.drop), by=command.person.id)
    work.tell("desk_drop_asked", name=command.person.name, hours=str(LASTS // _HOUR))
    work.changed()


def show(work: Work, command: Command) -> None:
    """Give whoever has the case, and nobody else, the way to what was filled in. Raises Denied."""
    case = work.case
    if case.assignee is None or case.assignee.id != command.person.id:
        raise Denied("desk_drop_not_yours")
    if case.drop.state != "filled":
        raise Denied("desk_drop_nothing")
    work.effects.append(Entrust(case.id, case.drop.id, command.person.id, command.at))


def dropped(work: Work, event: Dropped) -> None:
    """The form was filled in, or what it holds was shown; what is over already changes nothing."""
    drop = work.case.drop
    if event.drop != drop.id or (event.state, drop.state) not in {("filled", "asked"), ("opened", "filled")}:
        work.record("event_ignored", control="staff")
        return
    _set(work, event.state)
    work.record(f"drop_{event.state}", drop=short(drop), by=event.person or "merchant")
    if event.state == "filled":
        if work.case.access.state == "requested":
            work.case.access = msgspec.structs.replace(work.case.access, state="provided")
        work.say("desk_drop_thanks")
        work.tell("desk_drop_filled", work.button("open", "desk_open"))
    else:
        work.forget(TIMER, drop.id)
        name = work.case.assignee.name if work.case.assignee is not None else event.person
        work.tell("desk_drop_opened", name=name)


def time_over(work: Work, drop: str) -> None:
    """The time of a form is over; what was filled in and not opened is gone."""
    if work.case.drop.id == drop and work.case.drop.state in OPEN:
        _set(work, "expired")
        work.record("drop_expired", drop=short(work.case.drop))
        work.tell("desk_drop_expired")


def follow(work: Work) -> None:
    """No drop outlives its case, or the access that it is for."""
    if work.case.status == "closed" or work.case.access.state not in _NEEDED:
        withdraw(work)


def withdraw(work: Work) -> None:
    """Nothing is to be filled in, or to be opened, any more."""
    if work.case.drop.state in OPEN:
        work.forget(TIMER, work.case.drop.id)
        _set(work, "withdrawn")
        work.record("drop_withdrawn", drop=short(work.case.drop))


def short(drop: Drop) -> str:
    """What a drop is called in the log, which must not tell where it can be filled in."""
    return drop.id[:4]


def _set(work: Work, state: DropState) -> None:
    work.case.drop = msgspec.structs.replace(work.case.drop, state=state)
    work.changed()
