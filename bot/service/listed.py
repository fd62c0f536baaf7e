"""The case of a conversation as lists of cases show it: the row beside its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk import timing
from bot.store.rows import CaseRow

if TYPE_CHECKING:
    from bot.conversation import Conversation


def changed(before: Conversation | None, after: Conversation) -> CaseRow | None:
    """The row of the case there is after an event; None if there is none, or it is as it was."""
    if after.case is None:  # nearly always: a case is once in its conversation
        return None
    now = row(after)
    return now if before is None or now != row(before) else None


def row(conversation: Conversation) -> CaseRow | None:
    """The row of the last case of a conversation, None before the first."""
    case, session = conversation.case, conversation.session
    if case is None:
        return None
    due = timing.due(case)
    return CaseRow(
        id=case.id,
        status=case.status,
        assignee=case.assignee.id if case.assignee is not None else "",
        queue=case.queue,
        priority=case.priority,
        locale=session.locale,
        access=case.access.state,
        time_box=case.time_box.state,
        due=None if due is None else int(due.timestamp() * 1000),
        opened=int(case.opened.timestamp() * 1000),
        title=session.user.first_name or session.user.id,
        override=case.override,
    )
