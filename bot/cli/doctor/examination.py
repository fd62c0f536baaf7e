"""The examination: what is looked at, in which order, and printed as it goes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import typer

from bot.chat.addresses import parse
from bot.chat.people import SLACK, TELEGRAM
from bot.cli import shipped, streams
from bot.cli.chat import flow_of, proved
from bot.cli.doctor import database, desk, host, oauth, slack, telegram
from bot.cli.doctor.findings import Finding, section, verdict, wrong
from bot.cli.platforms import of_settings
from bot.flow.problems import FlowError, quantity
from bot.settings import SettingsError, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chat.addresses import Address
    from bot.flow.loader import Loaded
    from bot.settings import Settings


def run(sending: Sequence[str]) -> int:
    """Examine this installation and print what is found; the exit code. `sending` are addresses to send to."""
    streams.prepare()
    try:
        places = [parse(each) for each in sending]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--send-to") from None
    return asyncio.run(_examine(places))


async def _examine(sending: Sequence[Address]) -> int:
    found: list[Finding] = []

    def tell(title: str, findings: Sequence[Finding]) -> None:
        found.extend(findings)
        typer.echo(section(title, findings))

    settings, said = fitting()
    tell("Settings", [said])
    loaded, said = usable(settings.flow if settings is not None else "")
    tell("Flows", [said])
    if loaded is not None and settings is not None:
        tell("Desk", await desk.examine(settings, loaded))
    tell("Machine", [host.time_zones(), *([await host.port(settings)] if settings is not None else [])])
    if settings is not None:
        tell("Database", await database.examine(settings.database_url.get_secret_value()))
        places = [each for each in sending if each.channel == SLACK.name]
        if settings.slack_bot_token.get_secret_value():
            tell("Slack", await slack.examine(settings, places, time.time))
        elif settings.slack_client_id:
            tell("Slack", await oauth.examine(settings, places, time.time))
        if settings.telegram_token.get_secret_value():
            places = [each for each in sending if each.channel == TELEGRAM.name]
            tell("Telegram", await telegram.examine(settings, loaded, places, time.time))
    typer.echo(f"\n{verdict(found)}")
    return int(any(each.state == "wrong" for each in found))


def fitting() -> tuple[Settings | None, Finding]:
    """The settings, if they can be used and fit together."""
    try:
        settings = read()
        platforms = of_settings(settings)
    except SettingsError as error:
        return None, wrong("they cannot be used", str(error))
    names = ", ".join(each.name for each in platforms) or "no platform; people can talk in a terminal (triage chat)"
    return settings, Finding(f"connected to {names}")


def usable(flow: str) -> tuple[Loaded | None, Finding]:
    """The flows, if they can be served."""
    try:
        loaded = proved(shipped.sources([]), shipped.locales())
        begun = flow_of(loaded, flow or None)
    except FlowError as error:
        return None, wrong("they cannot be served", f"{error}\nMend that; `triage check` shows it, too.")
    except typer.BadParameter as error:
        return None, wrong("it is not clear what begins", f"TRIAGE_FLOW: {error}")
    languages = quantity(len(loaded.catalogs.languages), "language")
    return loaded, Finding(f"{quantity(len(loaded.sources), 'flow')} can be served, in {languages}; {begun} begins")
