"""Telegram as the settings want it: its channel, and what brings its updates while the service runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.channels.telegram.connecting import BadToken, account, introduce, make
from bot.channels.telegram.files import TelegramFiles
from bot.channels.telegram.hooking import hook
from bot.channels.telegram.ingest import Ingest
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.moves import Moves
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.telegram.profile import Profile, describe
from bot.channels.telegram.queue import Queue
from bot.channels.telegram.webhook import PATH, route
from bot.chat.people import TELEGRAM
from bot.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute
    from telegram import Bot

    from bot.channels.platform import Host
    from bot.channels.telegram.inbound import Me
    from bot.channels.telegram.topics import Topics
    from bot.flow.loader import Loaded
    from bot.service.leases import Lease
    from bot.service.port import Files
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
        self._places = settings.places
        self._staff = settings.places.on(self.name)
        self._secret = settings.telegram_webhook_secret.get_secret_value()
        self._public_url = settings.public_url.rstrip("/")
        self._loaded: Loaded | None = None
        self._me: Me | None = None
        self._recall: Recall | None = None
        self._moves: Moves | None = None
        self._queue: Queue | None = None
        self._topics: Topics | None = None

    def files(self) -> TelegramFiles:
        """See `Platform.files`."""
        return TelegramFiles(self._bot)

    def channel(self, recall: Recall, files: Mapping[str, Files]) -> TelegramChannel:
        """See `Platform.channel`."""
        self._recall = recall
        self._moves = Moves(recall.landmarks, self._staff)
        channel = TelegramChannel(self._bot, self._account, recall, self._moves, files, self._places)
        self._topics = channel.topics
        if self._moves.here:
            self._queue = Queue(self._bot, recall, self._topics, self._moves, self._staff)
        return channel

    async def introduce(self, loaded: Loaded) -> None:
        """See `Platform.introduce`; raises SettingsError."""
        try:
            self._me = await introduce(self._bot)
        except BadToken as error:
            raise _wrong(error) from None
        self._loaded = loaded
        await describe(self._bot, profiles(loaded))

    def routes(self, host: Host) -> Sequence[BaseRoute]:
        """See `Platform.routes`: the webhook, if there is a secret for it."""
        return [route(self._ingest(host), self._secret)] if self._secret else []

    async def run(self, host: Host) -> None:
        """See `Platform.run`: poll, or have the webhook set, and keep the list of cases."""
        lease = host.lease(f"telegram.{self._account}")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._receive(host, lease))
            if self._queue is not None:
                group.create_task(self._queue.run(lease))

    async def _receive(self, host: Host, lease: Lease) -> None:
        """Poll, or have the webhook set, if it is known where Telegram finds it."""
        if not self._secret:
            await poll(self._bot, self._ingest(host), lease)
        elif self._public_url:
            await hook(self._bot, self._public_url + PATH, self._secret, lease)

    async def close(self) -> None:
        """See `Platform.close`; the bot itself closes nothing if it was never introduced."""
        await self._bot.shutdown()
        await self._bot.request.shutdown()

    def _ingest(self, host: Host) -> Ingest:
        assert self._me is not None  # noqa: S101  (it was introduced before)
        assert self._loaded is not None  # noqa: S101
        assert self._moves is not None  # noqa: S101  (its channel was made before)
        assert self._recall is not None  # noqa: S101
        assert self._topics is not None  # noqa: S101
        recall, library = self._recall, self._loaded.library()
        desk = host.desk(self.name)
        menus = Menus(self._bot, recall, self._topics, desk, lambda: host.admits(self._staff))
        return Ingest(self._bot, self._me, self._moves, menus, recall, host.intake, desk, library)


def _wrong(error: BadToken) -> SettingsError:
    return SettingsError(f"TRIAGE_TELEGRAM_TOKEN: {error}")


def profiles(loaded: Loaded) -> dict[str, Profile]:
    """What the bot says of itself, by language, as `commands`."""
    library = loaded.library()
    source, *_ = library.languages
    return {
        language: Profile(listed, *(library.word(name, language or source) for name in ("about", "about_short")))
        for language, listed in commands(loaded).items()
    }


def commands(loaded: Loaded) -> dict[str, list[tuple[str, str]]]:
    """Every command with the title of its flow, by language; "" for people whose language is none of them."""
    library = loaded.library()
    titles = {name: library.programs[flow].flow.title for name, flow in library.commands.items()}
    source, *_ = library.languages
    return {
        "" if locale == source else locale: [(name, library.plain(title, locale)) for name, title in titles.items()]
        for locale in library.languages
    }
