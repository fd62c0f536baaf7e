"""`triage forget`: everything of a conversation is removed, and it is said what remains elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import typer

from bot.chat.addresses import parse
from bot.chat.people import CONSOLE
from bot.cli import streams
from bot.cli.operating import actor, as_json, named, now, operate
from bot.conversation import decode
from bot.flow.problems import quantity
from bot.service import registry
from bot.store import admin, compacting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.admin import Row


class Forgotten(NamedTuple):
    """What was removed, by table, and what was sent elsewhere, by place: messages that are not ours to remove."""

    address: str
    case: str
    removed: dict[str, int]
    elsewhere: dict[str, int]
    overwritten: bool


def run(database: str | None, reference: str, *, sure: bool, form: str) -> None:
    """Ask, remove and report; raises typer.Exit(1), typer.Abort and typer.BadParameter."""

    async def look(url: str) -> Row:
        async with admin.administered(url) as connection:
            return await named(connection, reference)

    row = operate(database, look)
    if not sure:
        user, events = decode(row.document).session.user, quantity(row.rev, "event")
        typer.confirm(
            f"Remove the conversation {row.address} ({user.first_name or user.id}, {events}) for good?",
            abort=True,
            err=form == "json",
        )
    found = operate(database, lambda url: forget(url, row.address))
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json(found._asdict()))
        else:
            for line in as_text(found):
                typer.echo(line)


async def forget(url: str, address: str) -> Forgotten:
    """Remove the conversation at an address; raises Unknown and StoreError."""
    async with admin.administered(url) as connection:
        row = await named(connection, address)
        sent = await admin.messages(connection, row.id)
        removed = await registry.forget(connection, row, actor(), now())
    overwritten = await compacting.flush(url)
    return Forgotten(row.address, decode(row.document).session.case, removed, registry.elsewhere(sent), overwritten)


def as_text(found: Forgotten) -> Iterator[str]:
    """The report."""
    yield f"{found.address} was removed:"
    for table, rows in found.removed.items():
        if rows:
            yield f"  {rows} in {table}"
    if not found.overwritten:
        yield "Another process is using the file: until it is done, traces of this remain in the file's -wal."
    yield ""
    yield "What remains elsewhere, and is not removed by this:"
    for place, count in found.elsewhere.items():
        channel = parse(place).channel if place.count(":") > 1 else place
        if channel == CONSOLE.name:
            yield f"  - what {quantity(count, 'message')} showed on the screen of a terminal ({place})"
        else:
            yield f"  - {quantity(count, 'message')} at {place}, and what was written there: delete them in {channel}"
    if found.case:
        yield f"  - what the team noted elsewhere about case {found.case}"
    yield "  - backups of the database made before now: they hold it until they are replaced"
    subject = registry.fingerprint(found.address)
    yield f"  - the audit: that something was forgotten, when and by whom ({subject}), no content"
    yield "Whoever writes from there again begins a new conversation."
