"""Receipts: the merchant sees of what they wrote that the staff have it, or is told that it has not arrived.

Where a place of staff takes no messages, their words wait until somebody has seen to it; then they arrive in order. As
long as another place of staff takes them, somebody reads them, and the merchant is told of no trouble.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chat.effects import RELAYED, Mark

if TYPE_CHECKING:
    from bot.chat.events import Delivered
    from bot.desk.work import Work


def delivered(work: Work, event: Delivered) -> None:
    """A copy of the merchant's words ended: a message of several copies is marked once.

    Until somebody has the case the bot says of each message that it was passed on.
    """
    case, origin = work.case, event.ref.removeprefix(RELAYED)
    work.record("message_delivered", origin=origin, state=event.state)
    case.shut = tuple(each for each in case.shut if each != event.at)
    if event.at and event.state in {"waiting", "refused"}:
        case.shut = (*case.shut, event.at)
    match event.state:
        case "sent":
            case.unreached = False
            if case.received != origin:
                case.received = origin
                if case.assignee is not None:
                    work.effects.append(Mark(case.id, origin, "sent", to="merchant"))
        case "waiting" | "refused" if not case.unreached and not (origin and case.received == origin):
            if set(event.others) <= set(case.shut):
                case.unreached = True  # said once, until something arrives again
                work.say(f"desk_team_{event.state}")
        case "uncertain":
            work.tell("desk_words_uncertain")
