"""What the log of a conversation leads to, computed anew by the pure core."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bot.chat.events import AnyEvent
from bot.conversation import STARTED, Opening, begin, encode, reduce, replay
from bot.engine.ids import Ids
from bot.engine.session import Record
from bot.service import listed
from bot.service.outgoing import outgoing, timers
from tests.crash.rehearsal import ROUTES, library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.store.rows import CaseRow, Outgoing


class Said(NamedTuple):
    """What goes out, the key of the event that it follows from, and the epoch after that."""

    row: Outgoing
    cause: str
    era: int


class Walk(NamedTuple):
    """A conversation after its whole log, as the store is to have it.

    `listed` is the row of its case, `copies` what became of replies, `timers` are those it leaves.
    """

    document: str
    listed: CaseRow | None
    copies: Mapping[str, str]
    events: Sequence[str]
    said: Sequence[Said]
    timers: Mapping[str, int]


def records(logs: Sequence[str]) -> list[Record]:
    """The records of the rows of a log."""
    return [record for each in logs for record in msgspec.json.decode(each, type=list[Record])]


@cache
def walk(address: str, logs: tuple[str, ...]) -> Walk:
    """Walk it. Raises LookupError and msgspec.ValidationError for what is no log."""
    log = records(logs)
    ended = replay(library(), log)
    said: list[Said] = []
    events: list[str] = []
    waiting: dict[str, int] = {}
    conversation = None
    for record in log:
        data = msgspec.to_builtins(record.data)
        if record.kind == STARTED:
            conversation = begin(msgspec.convert(data["opening"], Opening), record.at, Ids(data["ids"])).conversation
        elif record.kind == "event_received" and conversation is not None:
            event: Any = msgspec.convert(data["event"], AnyEvent)
            events.append(event.key)
            if event.key.startswith("due:"):
                waiting.pop(event.timer, None)
            outcome = reduce(library(), conversation, event, record.at, Ids(data["ids"]))
            conversation = outcome.conversation
            rows = outgoing(outcome.effects, address, conversation.epoch, ROUTES)
            said += [Said(each, event.key, conversation.epoch) for each in rows]
            for name, due in timers(outcome.effects).items():
                if due is None:
                    waiting.pop(name, None)
                else:
                    waiting[name] = due
    copies = dict(ended.case.copies) if ended.case is not None else {}
    return Walk(encode(ended).decode(), listed.row(ended), copies, events, said, waiting)
