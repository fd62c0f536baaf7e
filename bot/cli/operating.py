"""What the operator's commands share: a database, a conversation named by its operator, and words for both."""

from __future__ import annotations

import asyncio
import getpass
import platform
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import typer

from bot.cli import streams
from bot.store import admin
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.admin import Row

_T = TypeVar("_T")


class Unknown(Exception):  # noqa: N818  (an answer to the operator)
    """There is nothing of that name; the argument says so, and what to do."""


def operate(database: str | None, work: Callable[[str], Coroutine[Any, Any, _T]]) -> _T:
    """Do `work` on the database at that URL; raises typer.Exit(1), after a word why, and typer.BadParameter."""
    streams.prepare()
    database = database or _configured()
    if not database:
        raise typer.BadParameter(
            "say which database, such as --db sqlite:///triage.db, or set TRIAGE_DATABASE_URL", param_hint="--db"
        )
    try:
        return asyncio.run(work(database))
    except (StoreError, Unknown) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from None


def _configured() -> str:
    """The database of the deployment whose settings are found here; "" if they name none."""
    from bot.settings import SettingsError, read  # noqa: PLC0415  (takes a moment, and most say --db)

    try:
        settings = read()
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    return settings.database_url.get_secret_value() if "database_url" in settings.model_fields_set else ""


async def named(connection: AsyncConnection, reference: str) -> Row:
    """The one conversation that the operator means; raises Unknown."""
    found = await admin.find(connection, reference)
    if not found:
        raise Unknown(
            f"there is no conversation {reference!r}. Name it by its address (console:ana:chat:), by the reference of "
            "its case (T-ABC234) or by the id of its session."
        )
    if len(found) > 1:
        listed = "\n".join(f"  {each.address}" for each in found)
        raise Unknown(f"{reference!r} is in several conversations; name one by its address:\n{listed}")
    return found[0]


def actor() -> str:
    """Who is at the keyboard, for the audit."""
    try:
        return f"{getpass.getuser()}@{platform.node()}"
    except (OSError, KeyError):
        return f"?@{platform.node()}"


def now() -> int:
    """The present time."""
    return time.time_ns() // 1_000_000


def moment(at: int) -> datetime:
    """The same as a time of day (UTC)."""
    return datetime.fromtimestamp(at / 1000, UTC)


def clock(at: int) -> str:
    """A time as it is printed (UTC)."""
    return f"{moment(at):%Y-%m-%d %H:%M:%S}"


def as_json(value: Any) -> str:
    """A value as JSON, for scripts."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
