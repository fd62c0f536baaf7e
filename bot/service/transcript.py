"""A conversation as a transcript of both sides, with its answers and acknowledgements."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.chat.effects import (
    Ask,
    Card,
    Echo,
    Edit,
    Effect,
    Entrust,
    Mark,
    Notice,
    OpenCase,
    Overview,
    React,
    Relay,
    Remove,
    Rewrite,
    Say,
)
from bot.conversation import decode
from bot.engine.session import Record
from bot.service.webhooks import WEBHOOK
from bot.service.words import event_in_words
from bot.store import admin
from bot.store.port import StoreError
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.flow.library import Library
    from bot.store.admin import Entry, Row, Sent
    from bot.store.reading import Logged

_SILENT: Final = frozenset({"perform", "forget", "join", WEBHOOK})
"""Messages that nobody reads."""
_EFFECTS: Final = msgspec.json.Decoder(Effect)
_RECORDS: Final = msgspec.json.Decoder(list[Record])


def records(log: Sequence[Entry | Logged]) -> list[Record]:
    """The records of a log, oldest first; raises StoreError for one that was tampered with."""
    try:
        return [record for entry in log for record in _RECORDS.decode(entry.records)]
    except msgspec.MsgspecError as error:
        raise StoreError(f"the log of this conversation cannot be read: {error}") from error


async def exported(connection: AsyncConnection, row: Row, library: Library) -> dict[str, Any]:
    """The conversation as it is exported."""
    conversation = decode(row.document)
    session = conversation.session
    turns = [
        {"at": _moment(entry.at), "from": "merchant" if _is_theirs(event) else "system", **_heard(event, library)}
        for entry in await admin.log(connection, row.id)
        for record in records([entry])
        if record.kind == "event_received"
        for event in [record.data["event"]]
    ]
    turns += [
        {"at": _moment(each.created), "from": "bot", "state": each.state, **_said(each)}
        for each in await admin.messages(connection, row.id)
        if each.kind not in _SILENT
    ]
    return {
        "address": row.address,
        "session": session.id,
        "case": session.case,
        "cases": [each._asdict() for each in await admin.cases(connection, row.id)],
        "merchant": session.user,
        "locale": session.locale,
        "status": session.status,
        "outcome": session.outcome,
        "begun": _moment(row.created),
        "updated": _moment(row.updated),
        "answers": {
            f"{frame.flow}.{slot}": value
            for frame in session.stack
            if not frame.flow.startswith("pattern_")
            for slot, value in frame.slots.items()
            if not _is_sensitive(library, frame.flow, frame.hash, slot)
        },
        "acknowledgements": [{"rule": rule, **msgspec.to_builtins(each)} for rule, each in session.rules.items()],
        "transcript": sorted(turns, key=lambda turn: turn["at"]),
    }


def as_text(found: dict[str, Any]) -> Iterator[str]:
    """The conversation for people to read."""
    case = f", case {found['case']}" if found["case"] else ""
    merchant = found["merchant"].first_name or found["merchant"].id
    yield f"=== {found['address']}  (session {found['session']}{case})"
    yield f"{merchant}, {found['locale']}, {found['status']}"
    for turn in found["transcript"]:
        at = f"{turn['at']:%Y-%m-%d %H:%M:%S}"
        who = merchant if turn["from"] == "merchant" else turn["from"]
        state = f" [{turn['state']}]" if turn.get("state", "sent") != "sent" else ""
        first, *rest = (turn["text"] or "…").split("\n")
        yield f"{at}  {who}{state}: {first}"
        yield from (f"    {line}" if line else "" for line in rest)
    if found["answers"]:
        yield "Answers:"
        yield from (f"  {name}: {_value(value)}" for name, value in found["answers"].items())
    if found["acknowledgements"]:
        yield "Rules:"
    for each in found["acknowledgements"]:
        verb = "acknowledged" if each.get("accepted", True) else "declined"
        yield f"  {each['rule']}: {verb} at {each['at']}, in {each['locale']}, wording {each['wording']}"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _is_theirs(event: dict[str, Any]) -> bool:
    return event["type"] in {"message", "tap", "submit"}


def _heard(event: dict[str, Any], library: Library) -> dict[str, Any]:
    """What came in: the words themselves where there are any."""
    files = [each["name"] for each in event.get("files", ())]
    if event["type"] == "message" and (event.get("text") or files):
        attached = f"[{', '.join(files)}]" if files else ""
        return {"text": " ".join(filter(None, [event.get("text", ""), attached]))}
    return {"text": f"({event_in_words(event, library)})"}


def _said(message: Sent) -> dict[str, Any]:
    """What went out."""
    effect = _EFFECTS.decode(message.payload)
    match effect:
        case Say() | Ask() | Edit():
            return {"text": plain(effect.document), "buttons": [each.label for each in effect.buttons]}
        case OpenCase():
            return {"text": f"(case {effect.case} opened: queue {effect.queue}, priority {effect.priority})"}
        case Relay(to="merchant"):
            return {"text": plain(effect.words)}
        case Relay():
            return {"text": f"(passed on to the team: {plain(effect.document)})"}
        case Rewrite():
            return {"text": f"(an earlier message was changed: {plain(effect.document)})"}
        case Overview(of):
            return {"text": f"(an overview: {of})"}
        case Remove():
            return {"text": "(a message with a secret was taken out of the chat)"}
        case React(_, _, emoji, former):
            return {"text": f"(reacted with {emoji})" if emoji else f"(took the reaction {former} back)"}
        case Notice() | Echo() | Card() | Mark() | Entrust():
            return {"text": "(a note for the team)"}
    raise StoreError(f"message {message.id} is none")


def _is_sensitive(library: Library, flow: str, structure: str, slot: str) -> bool:
    """Whether an answer must not leave; one of a version that is gone is taken for that."""
    program = library.pinned(flow, structure)
    return program is None or slot in program.sensitive


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
