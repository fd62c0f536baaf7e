"""`triage explain`: why a conversation is where it is: its log in words, what it waits for, and its messages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import typer

from bot.cli import streams
from bot.cli.history import Flows
from bot.cli.operating import as_json, clock, named, operate
from bot.cli.words import in_words
from bot.conversation import Conversation, decode
from bot.flow.problems import quantity
from bot.service.transcript import records
from bot.service.words import question, timer_in_words
from bot.store import admin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.flow.library import Library
    from bot.store.admin import Entry, Row, Sent, Timer
    from bot.store.rows import CaseRow, Parked


class Account(NamedTuple):
    """All that is known of a conversation."""

    row: Row
    log: list[Entry]
    messages: list[Sent]
    cases: list[CaseRow]
    timers: list[Timer]
    parked: list[Parked]
    flows: Flows


async def account(database: str, reference: str) -> Account:
    """Read it all; raises Unknown and StoreError."""
    async with admin.administered(database) as connection:
        row = await named(connection, reference)
        return Account(
            row,
            await admin.log(connection, row.id),
            await admin.messages(connection, row.id),
            await admin.cases(connection, row.id),
            await admin.timers(connection, row.id),
            await admin.parked(connection, address=row.address),
            Flows(await admin.flows(connection)),
        )


def run(database: str | None, reference: str, form: str) -> None:
    """Print it; raises typer.Exit(1) and typer.BadParameter."""
    found = operate(database, lambda url: account(url, reference))
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json(as_data(found)))
        else:
            for line in as_text(found):
                typer.echo(line)


def as_text(found: Account) -> Iterator[str]:
    """The account, line by line."""
    conversation = decode(found.row.document)
    session = conversation.session
    case = f", case {session.case}" if session.case else ""
    yield f"{found.row.address}  (session {session.id}{case})"
    yield (
        f"{session.user.first_name or session.user.id}, {session.locale}, {quantity(found.row.rev, 'event')} from "
        f"{clock(found.row.created)} to {clock(found.row.updated)} UTC"
    )
    yield ""
    library_at = found.flows.library_at()
    for entry in found.log:
        at = clock(entry.at)
        for record in records([entry]):
            yield f"{at}  {in_words(record, library_at(record.at))}"
            at = " " * len(at)
    if not found.log:
        yield "Its log was removed (triage vacuum)."
    yield ""
    yield from _now(conversation, found, found.flows.newest())


def _now(conversation: Conversation, found: Account, library: Library) -> Iterator[str]:
    yield f"Now: {standing(conversation, library)}"
    for case in found.cases:
        about = [case.status, f"priority {case.priority}", f"queue {case.queue}", case.assignee or "nobody has it"]
        about += [f"access {case.access}"] if case.access != "none" else []
        about += [f"time-box {case.time_box}"] if case.time_box != "none" else []
        about += [f"next due {clock(case.due)} UTC"] if case.due is not None else []
        yield f"Case {case.id}: {', '.join(about)}"
    for timer in found.timers:
        yield f"Timer: {timer_in_words(timer.name)} at {clock(timer.due)} UTC"
    counts = Counter(each.state for each in found.messages)
    if counts:
        yield f"Messages: {', '.join(f'{number} {state}' for state, number in sorted(counts.items()))}"
    for each in found.messages:
        if each.state != "sent":
            again = f", not before {clock(each.not_before)} UTC" if each.state == "queued" and each.not_before else ""
            tries = f", {quantity(each.attempts, 'attempt')}" if each.attempts else ""
            reason = f": {each.reason}" if each.reason else ""
            yield f"  {each.kind} {each.id} to {each.destination} is {each.state}{tries}{again}{reason}"
    for event in found.parked:
        yield f"Parked: event {event.id} of {clock(event.at)} UTC: {event.reason} (triage parked show {event.id})"


def standing(conversation: Conversation, library: Library) -> str:
    """What the conversation waits for."""
    session = conversation.session
    if conversation.control == "staff":
        case = conversation.case
        person = case.assignee.name if case is not None and case.assignee is not None else "a person"
        return f"{person} is in control; what the merchant writes goes to them"
    if session.status == "handed_off":
        return f"waits for a person to take case {session.case}; what the merchant writes goes to the team"
    if session.status != "active" or not session.stack:
        return f"the conversation is {session.status}" + (f" ({session.outcome})" if session.outcome else "")
    top = session.stack[-1]
    where = f"{top.flow}, {question(library, top.flow, top.step)}" if top.step else top.flow
    attempts = top.wait.attempts if top.wait is not None else 0
    return f"waits for an answer at {where}" + (f" ({attempts} did not fit)" if attempts else "")


def as_data(found: Account) -> dict[str, Any]:
    """The account for scripts. What was sent is not in it; `triage export` has that."""
    library_at = found.flows.library_at()
    return {
        "address": found.row.address,
        "status": found.row.status,
        "control": found.row.control,
        "now": standing(decode(found.row.document), found.flows.newest()),
        "log": [
            {
                "at": record.at,
                "kind": record.kind,
                "data": record.data,
                "words": in_words(record, library_at(record.at)),
            }
            for record in records(found.log)
        ],
        "cases": [each._asdict() for each in found.cases],
        "timers": [each._asdict() for each in found.timers],
        "messages": [{k: v for k, v in each._asdict().items() if k != "payload"} for each in found.messages],
        "parked": [msgspec.to_builtins(each._asdict()) for each in found.parked],
    }
