"""`triage serve`: the service, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import signal
import sys
import time
from typing import TYPE_CHECKING

import structlog
import typer

from bot.app import Setup, serving
from bot.channels.console.channel import CARRIER
from bot.channels.telegram.connecting import BadToken
from bot.channels.telegram.outbound import CARRIER as TELEGRAM_CARRIER
from bot.channels.telegram.outbound import parts
from bot.chat.people import CONSOLE, TELEGRAM
from bot.cli import logs, shipped, streams
from bot.cli.chat import begun_by_start, flow_of, proved
from bot.cli.telegram import of_settings
from bot.flow.problems import FlowError
from bot.service.outgoing import Routes
from bot.settings import SettingsError, read
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.app import Service
    from bot.flow.loader import Loaded
    from bot.settings import Settings

_LOG = structlog.get_logger(__name__)


def run() -> None:
    """Serve until SIGTERM or Ctrl-C; raises typer.Exit(1), with a word why, if that cannot be."""
    streams.prepare()
    try:
        settings = read()
        logs.configure(settings.log_format, settings.log_level, sys.stderr)
        asyncio.run(_until_told(settings))
    except (SettingsError, FlowError, StoreError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except ExceptionGroup as failures:
        for each in failures.exceptions:
            if isinstance(each, BadToken):
                typer.echo(f"TRIAGE_TELEGRAM_TOKEN: {each}", err=True)
        raise typer.Exit(1) from None  # the part that failed has said so in the log


async def _until_told(settings: Settings) -> None:
    """Serve until a signal comes; a second one does not wait for what is under way."""
    serving_it = asyncio.create_task(serve(settings))
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C cancels as well
            loop.add_signal_handler(each, serving_it.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving_it
    _LOG.info("stopped")


async def serve(settings: Settings) -> None:
    """Serve until cancelled. Raises SettingsError, FlowError, StoreError and, when a part fails, an ExceptionGroup."""

    def load() -> tuple[Loaded, str]:
        loaded = proved(shipped.sources([]), shipped.locales())
        try:
            chosen = flow_of(loaded, settings.flow or None)
        except typer.BadParameter as error:
            raise SettingsError(f"TRIAGE_FLOW: {error}") from None
        return begun_by_start(loaded, chosen), chosen

    loaded, flow = await asyncio.to_thread(load)
    telegram = of_settings(settings)
    console = CONSOLE.name  # terminals deliver what is theirs; the timers of those that are closed are fired here
    setup = Setup(
        flow=flow,
        routes=Routes(
            {console: CARRIER, TELEGRAM.name: TELEGRAM_CARRIER},
            {console: lambda effect: (effect,), TELEGRAM.name: parts},
            settings.staff,
        ),
        abilities={console: CONSOLE, TELEGRAM.name: TELEGRAM},
        channels=lambda recall: {} if telegram is None else {TELEGRAM.name: telegram.channel(recall)},
        hooks={},
        clock=lambda: int(time.time() * 1000),
        random=random.random,
        seeds=lambda: secrets.token_hex(16),
    )
    url = settings.database_url.get_secret_value()
    async with contextlib.AsyncExitStack() as stack:
        if telegram is not None:
            stack.push_async_callback(telegram.bot.shutdown)  # after what is under way was delivered
        service = await stack.enter_async_context(serving(url, loaded, setup))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        with contextlib.suppress(AttributeError, NotImplementedError):  # Windows has no such signal
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGHUP, lambda: group.create_task(_reload(service, load))
            )
        if telegram is not None:
            group.create_task(telegram.run(service, loaded))
        await asyncio.Event().wait()


async def _reload(service: Service, load: Callable[[], tuple[Loaded, str]]) -> None:
    """Take over changed flows; those that have errors change nothing."""
    try:
        await service.reload((await asyncio.to_thread(load))[0])
    except (SettingsError, FlowError, StoreError) as error:
        _LOG.error("flows_not_reloaded", error=str(error))
    else:
        _LOG.info("flows_reloaded")
