"""`triage vacuum`: what was kept for long enough is removed, by class, and the room is given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import typer

from bot.cli import streams
from bot.cli.operating import actor, as_json, now, operate
from bot.store import admin, compacting, erasing
from bot.store.audit import Deed, append
from bot.store.port import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.erasing import Retention


class Vacuumed(NamedTuple):
    """What was removed, or would be, by class; the bytes of the database before and after."""

    removed: dict[str, int]
    before: int
    after: int
    trouble: str = ""


def run(database: str | None, keep: Retention, *, rehearsal: bool, form: str) -> None:
    """Remove and report; raises typer.Exit(1) and typer.BadParameter."""
    found = operate(database, lambda url: vacuum(url, keep, rehearsal=rehearsal))
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json(found._asdict() | {"dry_run": rehearsal}))
            return
        for line in as_text(found, rehearsal=rehearsal):
            typer.echo(line)


async def vacuum(url: str, keep: Retention, *, rehearsal: bool) -> Vacuumed:
    """Remove what is older than `keep` allows; raises StoreError."""
    async with admin.administered(url) as connection:
        before = await erasing.size(connection)
        trial = await connection.begin_nested()
        removed = await erasing.prune(connection, keep, now())
        if rehearsal:
            await trial.rollback()
            return Vacuumed(removed, before, before)
        await trial.commit()
        data = {"keep_days": keep._asdict(), "removed": removed}
        await append(connection, Deed(now(), actor(), "vacuumed", "database", data))
    trouble = ""
    try:
        await compacting.compact(url)
    except Unavailable as failure:
        trouble = str(failure)
    async with admin.administered(url) as connection:
        return Vacuumed(removed, before, await erasing.size(connection), trouble)


def as_text(found: Vacuumed, *, rehearsal: bool) -> Iterator[str]:
    """The report."""
    yield "Would be removed:" if rehearsal else "Removed:"
    for name, count in found.removed.items():
        yield f"  {count:>8}  {name}"
    if rehearsal:
        yield f"Nothing was changed. The database takes {_size(found.before)}."
    else:
        yield f"The database took {_size(found.before)} and takes {_size(found.after)} now."
    if found.trouble:
        yield f"{found.trouble}. What was removed is gone; run this again when less is going on."


def _size(number: int) -> str:
    return f"{number / 1024:,.0f} KiB" if number < 10 * 1024 * 1024 else f"{number / 1024 / 1024:,.0f} MiB"
