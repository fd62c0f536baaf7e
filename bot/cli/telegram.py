"""Telegram as the settings want it: its channel, and what brings its updates while the service runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.telegram.connecting import BadToken, account, describe, introduce, make
from bot.channels.telegram.ingest import Ingest
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.telegram.webhook import route
from bot.chat.people import TELEGRAM
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.routing import BaseRoute
    from telegram import Bot

    from bot.channels.platform import Host
    from bot.channels.telegram.inbound import Me
    from bot.flow.loader import Loaded
    from bot.service.recall import Recall
    from bot.settings import Settings


def of_settings(settings: Settings) -> Telegram | None:
    """Telegram, if there is a token; raises SettingsError for what is none."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        if settings.telegram_webhook_secret.get_secret_value():
            raise SettingsError("TRIAGE_TELEGRAM_WEBHOOK_SECRET is set, but TRIAGE_TELEGRAM_TOKEN is not.")
        return None
    try:
        return Telegram(make(token, settings.telegram_api_url), account(token), settings)
    except BadToken as error:
        raise _wrong(error) from None


class Telegram:
    """The bot of a deployment, as a `Platform`."""

    name = TELEGRAM.name

    def __init__(self, bot: Bot, account: str, settings: Settings) -> None:
        """`account` is the id of `bot`, which is not connected yet."""
        self._bot = bot
        self._account = account
        self._staff = settings.staff
        self._secret = settings.telegram_webhook_secret.get_secret_value()
        self._me: Me | None = None

    def channel(self, recall: Recall) -> TelegramChannel:
        """See `Platform.channel`."""
        return TelegramChannel(self._bot, self._account, recall)

    async def introduce(self, loaded: Loaded) -> None:
        """See `Platform.introduce`; raises SettingsError."""
        try:
            self._me = await introduce(self._bot, self._staff)
        except BadToken as error:
            raise _wrong(error) from None
        await describe(self._bot, commands(loaded))

    def routes(self, host: Host) -> Sequence[BaseRoute]:
        """See `Platform.routes`: the webhook, if there is a secret for it."""
        return [route(self._ingest(host), self._secret)] if self._secret else []

    async def run(self, host: Host) -> None:
        """See `Platform.run`: poll, if there is no webhook."""
        if not self._secret:
            await self._bot.delete_webhook()
            await poll(self._bot, self._ingest(host), host.lease(f"telegram.{self._account}"))

    async def close(self) -> None:
        """See `Platform.close`."""
        await self._bot.shutdown()

    def _ingest(self, host: Host) -> Ingest:
        assert self._me is not None  # noqa: S101  (it was introduced before)
        return Ingest(self._bot, self._me, host.intake, host.desk)


def _wrong(error: BadToken) -> SettingsError:
    return SettingsError(f"TRIAGE_TELEGRAM_TOKEN: {error}")


def commands(loaded: Loaded) -> dict[str, list[tuple[str, str]]]:
    """Every command with the title of its flow, by language; "" for people whose language is none of them."""
    library = loaded.library()
    titles = {name: library.programs[flow].flow.title for name, flow in library.commands.items()}
    source, *_ = library.languages
    return {
        "" if locale == source else locale: [(name, library.plain(title, locale)) for name, title in titles.items()]
        for locale in library.languages
    }
