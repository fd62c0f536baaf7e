"""Receipts: the merchant sees of what they wrote that the staff have it, or is told that it has not arrived."""

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
    if event.state == "sent" and case.assignee is not None and case.received != origin:
        case.received = origin
        work.effects.append(Mark(case.id, origin, "sent", to="merchant"))
