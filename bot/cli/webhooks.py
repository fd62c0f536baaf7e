"""`triage webhooks`: what other systems were told of cases, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import typer

from bot.cli import streams
from bot.cli.operating import Unknown, actor, as_json, clock, moment, now, operate
from bot.flow.problems import quantity
from bot.service.webhooks import WEBHOOK
from bot.store import admin
from bot.store.audit import Deed, append

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.admin import Sent


def show_all(database: str | None, form: str, *, everything: bool) -> None:
    """Print events, a line each; raises typer.Exit(1) and typer.BadParameter."""

    async def read(url: str) -> list[dict[str, Any]]:
        async with admin.administered(url) as connection:
            found = await admin.carried(connection, WEBHOOK)
            return [_told(*each) for each in found if everything or each[1].state != "sent"]

    events = operate(database, read)
    with streams.until_closed():
        if form == "json":
            typer.echo(as_json(events))
            return
        for each in events:
            tries = quantity(each["attempts"], "attempt")
            why = f", {each['reason']}" if each["reason"] else ""
            at = f"{each['at']:%Y-%m-%d %H:%M:%S} UTC"
            what = f"{each['webhook']}  {each['event']['type']}  {each['event']['data']['case']}"
            typer.echo(f"{each['number']:>4}  {at}  {what}  {each['state']}, {tries}{why}")
        typer.echo("triage webhooks show ID tells more of one." if events else "Every event was taken.")


def show(database: str | None, number: int) -> None:
    """Print an event with what became of it; raises typer.Exit(1) and typer.BadParameter."""

    async def read(url: str) -> dict[str, Any]:
        async with admin.administered(url) as connection:
            return _told(*(await _event(connection, number)))

    typer.echo(as_json(operate(database, read)))


def retry(database: str | None, number: int) -> None:
    """Have an event posted again; raises typer.Exit(1) and typer.BadParameter."""

    async def requeue(url: str) -> None:
        async with admin.administered(url) as connection:
            _, event = await _event(connection, number)
            if not await admin.send_again(connection, number, WEBHOOK):
                raise Unknown(f"event {number} is being sent at this moment")
            await append(connection, Deed(now(), actor(), "webhook_retried", event.destination, {"event": number}))

    operate(database, requeue)
    typer.echo(f"Event {number} is to be sent again. `triage serve` does it within a second.")


async def _event(connection: AsyncConnection, number: int) -> tuple[str, Sent]:
    found = await admin.carried(connection, WEBHOOK, number)
    if not found:
        raise Unknown(f"there is no event {number}; `triage webhooks list --all` shows them")
    return found[0]


def _told(address: str, event: Sent) -> dict[str, Any]:
    return {
        "number": event.id,
        "at": moment(event.created),
        "webhook": event.destination.split(":")[1],
        "conversation": address,
        "state": event.state,
        "attempts": event.attempts,
        "reason": event.reason,
        "next": clock(event.not_before) if event.state == "queued" and event.not_before else None,
        "event": msgspec.json.decode(event.payload),
    }
