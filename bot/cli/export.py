"""`triage export`: conversations as transcripts of both sides, with answers and acknowledgements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import typer

from bot.channels.console.channel import decode as shown_effect
from bot.channels.console.rendering import visible
from bot.chat.effects import Ask, Card, Edit, Entrust, Mark, Notice, OpenCase, React, Relay, Remove, Rewrite, Say
from bot.cli import streams
from bot.cli.history import Flows, records
from bot.cli.operating import clock, moment, named, operate
from bot.cli.words import event_in_words
from bot.conversation import decode
from bot.service.webhooks import WEBHOOK
from bot.store import admin
from bot.text.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.flow.library import Library
    from bot.store.admin import Row, Sent


def run(database: str | None, reference: str | None, form: str) -> None:
    """Print one conversation, or all; raises typer.Exit(1) and typer.BadParameter."""

    async def write(url: str) -> None:
        async with admin.administered(url) as connection:
            library = Flows(await admin.flows(connection)).newest()
            chosen = [(await named(connection, reference)).id] if reference else await admin.ids(connection)
            for number, id_ in enumerate(chosen):
                row = await admin.row(connection, id_)
                if row is not None:
                    found = await exported(connection, row, library)
                    _print(found, form, first=number == 0)

    with streams.until_closed():
        operate(database, write)


async def exported(connection: AsyncConnection, row: Row, library: Library) -> dict[str, Any]:
    """The conversation as it is exported."""
    conversation = decode(row.document)
    session = conversation.session
    turns = [
        {"at": moment(entry.at), "from": "merchant" if _is_theirs(event) else "system", **_heard(event, library)}
        for entry in await admin.log(connection, row.id)
        for record in records([entry])
        if record.kind == "event_received"
        for event in [record.data["event"]]
    ]
    turns += [
        {"at": moment(each.created), "from": "bot", "state": each.state, **_said(each)}
        for each in await admin.messages(connection, row.id)
        if each.kind not in {"perform", WEBHOOK}
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
        "begun": moment(row.created),
        "updated": moment(row.updated),
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


def _print(found: dict[str, Any], form: str, *, first: bool) -> None:
    if form == "json":
        typer.echo(msgspec.json.encode(found).decode())
        return
    if not first:
        typer.echo("")
    for line in as_text(found):
        typer.echo(visible(line))


def as_text(found: dict[str, Any]) -> Iterator[str]:
    """The conversation for people to read."""
    case = f", case {found['case']}" if found["case"] else ""
    merchant = found["merchant"].first_name or found["merchant"].id
    yield f"=== {found['address']}  (session {found['session']}{case})"
    yield f"{merchant}, {found['locale']}, {found['status']}"
    for turn in found["transcript"]:
        at = clock(int(turn["at"].timestamp() * 1000))
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
    effect = shown_effect(message.payload)
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
        case Remove():
            return {"text": "(a message with a secret was taken out of the chat)"}
        case React(_, _, emoji, former):
            return {"text": f"(reacted with {emoji})" if emoji else f"(took the reaction {former} back)"}
        case Notice() | Card() | Mark() | Entrust():
            return {"text": "(a note for the team)"}


def _is_sensitive(library: Library, flow: str, structure: str, slot: str) -> bool:
    """Whether an answer must not leave; one of a version that is gone is taken for that."""
    program = library.pinned(flow, structure)
    return program is None or slot in program.sensitive
