"""`triage replay`: a conversation's log, applied again to the flows it ran on, and compared with what is stored."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import msgspec
import typer

from bot.cli import desks, streams
from bot.cli.chat import flows_of
from bot.cli.history import Flows
from bot.cli.operating import as_json, named, operate
from bot.conversation import decode, encode, replay_through
from bot.engine.session import MASK
from bot.flow.problems import quantity
from bot.scripts.writing import Unwritable, written
from bot.service.transcript import records
from bot.store import admin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.office import Office
    from bot.engine.session import Record
    from bot.store.admin import Row


def run(database: str | None, reference: str, flows: Path | None, locales: Path | None, *, as_test: bool) -> int:
    """Replay and say whether it agrees, or print it as a script; the exit code. Raises typer.Exit and BadParameter."""
    loaded = flows_of(flows, locales)

    async def read(url: str) -> tuple[Row, list[Record], Flows]:
        async with admin.administered(url) as connection:
            row = await named(connection, reference)
            log = records(await admin.log(connection, row.id))
            return row, log, Flows(await admin.flows(connection), loaded)

    row, log, kept = operate(database, read)
    with streams.until_closed():
        if as_test:
            return _print(row, log, kept)
        return _compare(row, log, kept, desks.ready(loaded))


def _compare(row: Row, log: list[Record], kept: Flows, office: Office) -> int:
    try:
        again = encode(replay_through(kept.library_at(), log, office)).decode()
    except LookupError:
        typer.echo(f"{row.address} cannot be replayed: the log has no beginning.", err=True)
        return 1
    events = quantity(sum(record.kind == "event_received" for record in log), "event")
    if again == row.document:
        typer.echo(f"{events} of {row.address} replayed: the same {len(again.encode())} bytes as stored.")
        return 0
    if masked(log):
        typer.echo(f"{row.address}: {events} replayed. Sensitive answers are masked in the log, so these differ:")
        code = 0
    else:
        typer.echo(f"{events} of {row.address} replayed, and what came of them is not what is stored:")
        code = 1
    for line in differences(row.document, again):
        typer.echo(line)
    return code


def masked(log: list[Record]) -> bool:
    """Whether an answer in the log is masked."""
    events = [record.data["event"] for record in log if record.kind == "event_received"]
    return any(event.get("text") == MASK or MASK in event.get("values", {}).values() for event in events)


def differences(stored: str, again: str) -> Iterator[str]:
    """The documents' differences, line by line (- stored, + replayed)."""
    before, after = (as_json(msgspec.json.decode(each)).splitlines() for each in (stored, again))
    for number, line in enumerate(unified_diff(before, after, n=1, lineterm="")):
        if number > 1:
            yield line


def _print(row: Row, log: list[Record], kept: Flows) -> int:
    try:
        text, notes = written(kept.newest(), log, f"as {decode(row.document).session.user.id} had it")
    except Unwritable as reason:
        typer.echo(f"{row.address} cannot be a script: {reason}", err=True)
        return 1
    for note in notes:
        typer.echo(note, err=True)
    typer.echo(text, nl=False)
    return 0
