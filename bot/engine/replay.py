"""Replaying the log: the events it holds, applied again, give the same session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.chat.events import Event
from bot.engine.ids import Ids
from bot.engine.turn import advance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.engine.session import Record, Session
    from bot.flow.library import Library


def replay(library: Library, first: Session, log: Iterable[Record]) -> Session:
    """The session that `first`, as it was before any event, becomes by the events of `log`.

    Answers to sensitive slots are not in the log, so they come back masked; everything else is equal. Raises
    msgspec.ValidationError for a log that is none.
    """
    session = first
    for record in log:
        if record.kind == "event_received":
            event = msgspec.convert(msgspec.to_builtins(record.data["event"]), Event)
            session = advance(library, session, event, record.at, Ids(record.data["ids"])).session
    return session
