"""The conversation scripts end to end on Telegram, in both modes: sockets, store, engine, delivery and back."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.app import Setup, serving
from bot.channels.telegram.parts import CARRIER, parts
from bot.chat.people import TELEGRAM
from bot.chat.places import read
from bot.cli.telegram import of_settings
from bot.service.outgoing import Routes
from bot.settings import Settings
from bot.web.server import WebServer
from tests.channels.scripted import chosen, is_banner, loaded
from tests.channels.telegram.conftest import SECRET
from tests.channels.telegram.playing import Player, playable
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.platforms.news import PATIENCE
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.channels.telegram.outbound import TelegramChannel
    from bot.scripts.model import Case
    from bot.service.recall import Recall
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


class Served:
    """A service with Telegram as its one channel; its clock can be moved."""

    def __init__(self, telegram: TelegramStandIn, folder: Path, mode: str, case: Case, staff: str) -> None:
        """It begins at the time of the script."""
        self._telegram = telegram
        self._folder = folder
        self._case = case
        self._ahead_ms = int((case.clock.timestamp() - time.time()) * 1000)
        self._keys = itertools.count(1)
        self._staff = staff
        self._port = free_port()
        settings = Settings(
            telegram_token=SecretStr(telegram.token),
            telegram_api_url=f"{telegram.url}/bot",
            telegram_webhook_secret=SecretStr(SECRET if mode == "webhook" else ""),
            public_url=f"http://127.0.0.1:{self._port}" if mode == "webhook" else "",
            staff=staff,
        )
        platform = of_settings(settings)
        assert platform is not None
        self._platform = platform

    def ahead(self, milliseconds: int) -> None:
        """Let time pass at once."""
        self._ahead_ms += milliseconds

    def _channel(self, recall: Recall) -> TelegramChannel:
        """The channel without its own limits, because the stand-in has none unless it is told to."""
        channel = self._platform.channel(recall, {TELEGRAM.name: self._platform.files()})
        channel.rates = lambda destination: ()  # type: ignore[method-assign]  # noqa: ARG005
        return channel

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve meanwhile."""
        setup = Setup(
            flow=self._case.flow,
            routes=Routes({TELEGRAM.name: CARRIER}, {TELEGRAM.name: parts}, read(self._staff)),
            abilities={TELEGRAM.name: TELEGRAM},
            channels=lambda recall: {TELEGRAM.name: self._channel(recall)},
            hooks={},
            clock=lambda: int(time.time() * 1000) + self._ahead_ms,
            random=random.random,
            seeds=lambda: f"{next(self._keys):032d}",
        )
        url = new_file(self._folder)
        async with serving(url, loaded(), setup) as service:
            await self._platform.introduce(loaded())
            app = Starlette(routes=list(self._platform.routes(service)))
            async with WebServer(app, "127.0.0.1", self._port) as server:
                server.listen()
                async with meanwhile(self._platform.run(service)):
                    try:
                        yield
                    finally:
                        self._telegram.stop_webhook()
        await self._platform.close()

    async def emptied(self, overviews: int) -> None:
        """Wait until at least so many overviews, and everything else, was sent, or ended in another way."""
        async with asyncio.timeout(PATIENCE):
            while (  # noqa: ASYNC110  (a database tells nobody)
                self.rows("SELECT COUNT(*) FROM outbox WHERE kind = 'overview'") < [(overviews,)]
                or self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1")
            ):
                await asyncio.sleep(0.01)

    def rows(self, sql: str) -> list[Any]:
        """What the database holds."""
        with closing(sqlite3.connect(self._folder / "triage.db")) as database:
            return database.execute(sql).fetchall()


CHOSEN = chosen(playable, ("polling", "webhook"))


@pytest.mark.parametrize(("mode", "case"), CHOSEN, ids=[f"{mode}-{case.case}" for mode, case in CHOSEN])
async def test_a_script(
    mode: str, case: Case, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Somebody sees what the script says, and nothing else; every request is lawful, and nothing is left over."""
    person = telegram.user(case.name or "Ana", language=case.locale)
    forum = telegram.forum("Desk", [telegram.user("Tess")])
    served = Served(telegram, tmp_path, mode, case, f"telegram:{telegram.world.bot.id}:{forum.id}:")
    async with served.running():
        player = Player(person, loaded().library(), case, served.ahead)
        await player.play()
        await served.emptied(player.overviews)
        shown = [each.id for each in person.messages() if each.raw["from"]["is_bot"] and not is_banner(each.text)]
    assert player.beside or shown[-1] == max(person._seen.values())
    assert served.rows("SELECT * FROM outbox WHERE state <> 'sent'") == []
    lawful()
