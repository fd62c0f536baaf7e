"""`triage export cases`: one row for each case, as CSV for spreadsheets or as JSON for scripts."""

from __future__ import annotations

import csv
import io
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import msgspec
import typer

from bot.cli import streams
from bot.cli.operating import moment, operate
from bot.store import admin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.store.rows import Listed

COLUMNS: Final = (
    "case", "status", "queue", "priority", "assignee", "merchant", "language", "access", "time_box", "opened",
    "updated", "due", "override", "conversation",
)  # fmt: skip
"""In the order of the file; `docs/operations.md` says what each holds."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would take for a formula: OWASP, CSV injection."""


def run(database: str | None, form: str, since: datetime | None, until: datetime | None) -> None:
    """Print the cases that were opened since and before then (UTC); raises typer.Exit(1) and typer.BadParameter."""

    async def write(url: str) -> None:
        async with admin.administered(url) as connection:
            if form == "csv":
                typer.echo(line(COLUMNS), nl=False)
            async for each in admin.opened_cases(connection, _milliseconds(since), _milliseconds(until)):
                found = _row(each)
                if form == "csv":
                    typer.echo(line([_cell(found[name]) for name in COLUMNS]), nl=False)
                else:
                    typer.echo(msgspec.json.encode(found))

    with streams.until_closed():
        operate(database, write)


def line(cells: Sequence[str]) -> bytes:
    """A line of RFC 4180, in which nothing is a formula."""
    stream = io.StringIO()
    csv.writer(stream).writerow([f"'{each}" if each.startswith(_FORMULA) else each for each in cells])
    return stream.getvalue().encode()


def _row(listed: Listed) -> dict[str, Any]:
    case = listed.case
    values = (
        case.id, case.status, case.queue, case.priority, case.assignee, case.title, case.locale, case.access,
        case.time_box, moment(case.opened), moment(listed.updated), None if case.due is None else moment(case.due),
        case.override, listed.address,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _milliseconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.replace(tzinfo=UTC).timestamp() * 1000)
