"""The merchant wants everything of theirs removed: what becomes of their case.

A case with a temporary account keeps it from being done: until the account is gone somebody has to know of it (the
seed). Any other one that is open is closed as withdrawn, and staff are told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk import access, endings, lanes
from bot.desk.targets import DONE

if TYPE_CHECKING:
    from bot.chat.events import Forgetting
    from bot.desk.work import Work


def wanted(work: Work, event: Forgetting) -> None:
    """Ask for the account to be removed, if it is this case's that is in the way; else end the case."""
    case = work.case
    if event.left == case.id:
        work.tell("desk_forget_account")
        access.ask_removal(work)
    elif not event.left and case.status != "closed":
        for origin in list(case.held):
            lanes.keep(work, origin)
        if case.status not in DONE:
            case.reason = "withdrawn"
        work.tell("desk_forgetting")
        endings.close(work)
