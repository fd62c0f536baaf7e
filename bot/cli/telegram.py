"""Telegram as the settings want it: its channel, and what brings its updates while the service runs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final, NamedTuple

import uvicorn
from starlette.applications import Starlette

from bot.channels.telegram.connecting import BadToken, account, describe, introduce, make
from bot.channels.telegram.ingest import Ingest
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.telegram.webhook import route
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram import Bot

    from bot.app import Service
    from bot.flow.loader import Loaded
    from bot.service.recall import Recall
    from bot.settings import Settings

_GRACE_S: Final = 10


def of_settings(settings: Settings) -> Telegram | None:
    """Telegram, if there is a token; raises SettingsError for what is none."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return None
    try:
        return Telegram(make(token, settings.telegram_api_url), account(token), settings)
    except BadToken as error:
        raise SettingsError(f"TRIAGE_TELEGRAM_TOKEN: {error}") from None


class Telegram(NamedTuple):
    """The bot of a deployment."""

    bot: Bot
    account: str
    settings: Settings

    def channel(self, recall: Recall) -> TelegramChannel:
        """What delivers to it."""
        return TelegramChannel(self.bot, self.account, recall)

    async def run(self, service: Service, loaded: Loaded) -> None:
        """Bring its updates until cancelled; raises BadToken."""
        me = await introduce(self.bot, self.settings.staff)
        await describe(self.bot, _commands(loaded))
        ingest = Ingest(self.bot, me, service.intake)
        secret = self.settings.telegram_webhook_secret.get_secret_value()
        if not secret:
            await self.bot.delete_webhook()
            await poll(self.bot, ingest, service.lease(f"telegram.{self.account}"))
            return
        app = Starlette(routes=[route(ingest, secret)])
        await _serve(app, self.settings.http_host, self.settings.http_port)


async def _serve(app: Starlette, host: str, port: int) -> None:
    """Answer requests until cancelled; those under way are answered still."""
    server = _Server(
        uvicorn.Config(
            app, host, port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=_GRACE_S
        )
    )
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """A server that leaves the signals to `serve`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _commands(loaded: Loaded) -> dict[str, list[tuple[str, str]]]:
    """Every command with the title of its flow, by language; "" for people whose language is none of them."""
    library = loaded.library()
    titles = {name: library.programs[flow].flow.title for name, flow in library.commands.items()}
    source, *_ = library.languages
    return {
        "" if locale == source else locale: [(name, library.plain(title, locale)) for name, title in titles.items()]
        for locale in library.languages
    }
