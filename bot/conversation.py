"""The aggregate: a conversation, who is in control of it, and `reduce`, the one function that changes it.

While the bot is in control an event goes to the engine. While a person is, what the merchant writes is theirs: it is
passed on, and the bot says nothing. Each change of control moves the epoch; whatever the bot had to say under an
earlier one is not sent any more (`bot.service.delivery`), so it never talks over a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from bot.chat.effects import Effect, Relay
from bot.chat.events import AnyEvent, Control, Message
from bot.chat.people import Channel, User
from bot.engine.ids import Ids
from bot.engine.session import Record, Session, start
from bot.engine.turn import advance, guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.flow.library import Library

STARTED: Final = "conversation_started"
"""The kind of a conversation's first record, which holds all that `begin` was given."""


class Conversation(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A conversation as the store keeps it, in one JSON document. `person` is in control, if `control` is staff."""

    session: Session
    control: Literal["bot", "staff"] = "bot"
    epoch: int = 0
    person: str = ""


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What came of an event: the conversation after it, what goes out in this order, and what the log says."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    log: tuple[Record, ...] = ()


class Opening(msgspec.Struct, frozen=True, gc=False):
    """What a conversation begins with: the flow of its first event, the merchant, their channel and language."""

    flow: str
    user: User
    channel: Channel
    locale: str


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Conversation)


def encode(conversation: Conversation) -> bytes:
    """The conversation as its JSON document."""
    return _ENCODER.encode(conversation)


def decode(document: bytes | str) -> Conversation:
    """The conversation of a JSON document; raises msgspec.ValidationError."""
    return _DECODER.decode(document)


def begin(opening: Opening, now: datetime, ids: Ids) -> Outcome:
    """A conversation that waits for its first event."""
    session = start(
        id=ids.session(),
        flow=opening.flow,
        user=opening.user,
        channel=opening.channel,
        locale=opening.locale,
        now=now,
    )
    return Outcome(Conversation(session), log=(Record(STARTED, now, {"opening": opening, "ids": ids.seed}),))


def reduce(library: Library, conversation: Conversation, event: AnyEvent, now: datetime, ids: Ids) -> Outcome:
    """Apply one event; the same arguments give the same outcome. Never raises for anything a person can cause."""
    if isinstance(event, Control):
        return _pass_control(conversation, event, now, ids)
    if conversation.control == "staff":
        return _for_the_person(conversation, event, now, ids)
    turn = advance(library, conversation.session, event, now, ids)
    if turn.session is conversation.session:
        return Outcome(conversation)
    return Outcome(msgspec.structs.replace(conversation, session=turn.session), turn.effects, turn.log)


def replay(library: Library, log: Iterable[Record]) -> Conversation:
    """The conversation that a whole log describes: the same one, byte for byte, unless it holds a masked answer.

    Raises LookupError for a log without a beginning and msgspec.ValidationError for one that is none.
    """
    return replay_through(lambda _: library, log)


def replay_through(library_at: Callable[[datetime], Library], log: Iterable[Record]) -> Conversation:
    """The same, with the flows that were in force at each time."""
    conversation: Conversation | None = None
    for record in log:
        if record.kind == STARTED:
            data = msgspec.to_builtins(record.data)
            opening = msgspec.convert(data["opening"], Opening)
            conversation = begin(opening, record.at, Ids(data["ids"])).conversation
        elif record.kind == "event_received":
            if conversation is None:
                raise LookupError("the log has no beginning")
            event = msgspec.convert(msgspec.to_builtins(record.data["event"]), AnyEvent)
            library = library_at(record.at)
            conversation = reduce(library, conversation, event, record.at, Ids(record.data["ids"])).conversation
    if conversation is None:
        raise LookupError("the log has no beginning")
    return conversation


def _pass_control(conversation: Conversation, event: Control, now: datetime, ids: Ids) -> Outcome:
    wanted: Literal["bot", "staff"] = "staff" if event.verb == "accept" else "bot"
    received = Record("event_received", now, {"event": event, "ids": ids.seed})
    if wanted == conversation.control:
        return Outcome(conversation, log=(received, _record("control_unchanged", now, control=wanted)))
    changed = msgspec.structs.replace(
        conversation,
        control=wanted,
        epoch=conversation.epoch + 1,
        person=event.person if wanted == "staff" else "",
    )
    return Outcome(changed, log=(received, _record("control_passed", now, control=wanted, person=event.person)))


def _for_the_person(conversation: Conversation, event: AnyEvent, now: datetime, ids: Ids) -> Outcome:
    """What the merchant writes while a person is in control; the flow's own timers and buttons rest."""
    session = conversation.session
    event = event if isinstance(event, Control) else guarded(event, session.id.encode())
    received = Record("event_received", now, {"event": event, "ids": ids.seed})
    if not isinstance(event, Message):
        return Outcome(conversation, log=(received, _record("event_ignored", now, control="staff")))
    relayed = _record("message_relayed", now, case=session.case)
    return Outcome(conversation, (Relay(session.case, event.text, event.files),), (received, relayed))


def _record(kind: str, now: datetime, **data: Any) -> Record:
    return Record(kind, now, data)
