"""The service with Slack as its one channel, told of events by the test: what goes out, not what comes in."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Setup, serving
from bot.channels.slack.files import SlackFiles
from bot.channels.slack.home import Homes
from bot.channels.slack.outbound import SlackChannel
from bot.channels.slack.parts import CARRIER, parts
from bot.chat.addresses import Address
from bot.chat.events import Message, Submit, Tap
from bot.chat.people import SLACK, User
from bot.chat.places import read
from bot.cli.chat import proved
from bot.cli.shipped import LOCALES, PATTERNS
from bot.flow.loader import Layers
from bot.service.outgoing import Routes
from bot.service.port import Refused
from bot.service.step import Received
from bot.store.rows import Arrival
from tests.databases import new_file
from tests.platforms.news import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.app import Service
    from bot.chat.events import AnyEvent, File
    from bot.cli.slack import Slack
    from bot.flow.loader import Loaded
    from bot.service.port import Rate
    from bot.service.recall import Recall
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.person import Person
    from tests.platforms.slack.shown import Shown

FLOWS = Path(__file__).parent / "flows"


class Unhurried(SlackChannel):
    """The channel without its own limits, because the stand-in has none unless it is told to."""

    def rates(self, destination: Address) -> Sequence[Rate]:  # noqa: ARG002  (as the port has it)
        """None."""
        return ()


@cache
def loaded() -> Loaded:
    """The sample flow and the shipped patterns."""
    return proved([PATTERNS, FLOWS], Layers((LOCALES,)))


class Desk:
    """A service that delivers to Slack, and what the test knows of it."""

    def __init__(
        self,
        slack: SlackStandIn,
        folder: Path,
        staff: str = "",
        flows: Loaded | None = None,
        flow: str = "shop",
        platform: Slack | None = None,
    ) -> None:
        """`folder` is for the database; `staff` is where cases go; `flow` is what begins, of `flows` or the sample.

        `platform` brings the channel, where the test is not to make its own.
        """
        self.slack = slack
        self.folder = folder
        self.recall: Recall
        self.homes: Homes
        self.ahead_ms = 0
        """How far the service's clock is ahead."""
        self._staff = staff
        self._loaded = flows or loaded()
        self._flow = flow
        self.platform = platform
        self.service: Service
        self._keys = itertools.count(1)

    async def client(self, team: str) -> AsyncWebClient:
        """The Web API in a workspace."""
        workspace = self.slack.world.workspaces.get(team)
        if workspace is None:
            raise Refused("not_installed")
        return AsyncWebClient(workspace.installation.token, base_url=f"{self.slack.url}/api/", retry_handlers=[])

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve meanwhile."""

        def channels(recall: Recall) -> dict[str, SlackChannel]:
            self.recall = recall
            if self.platform is not None:
                channel = self.platform.channel(recall, {SLACK.name: self.platform.files()})
                channel.rates = lambda destination: ()  # type: ignore[method-assign]  # noqa: ARG005
                return {SLACK.name: channel}
            files = {SLACK.name: SlackFiles(self.client)}
            self.homes = Homes(self.client, recall)
            return {SLACK.name: Unhurried(self.client, recall, files, read(self._staff), self.homes.changed)}

        setup = Setup(
            flow=self._flow,
            routes=Routes({SLACK.name: CARRIER}, {SLACK.name: parts}, read(self._staff)),
            abilities={SLACK.name: SLACK},
            channels=channels,
            hooks={},
            clock=lambda: int(time.time() * 1000) + self.ahead_ms,
            random=random.random,
            seeds=lambda: f"{next(self._keys):032d}",
        )
        async with contextlib.AsyncExitStack() as stack:
            if self.platform is not None:
                stack.push_async_callback(self.platform.close)
            url = new_file(self.folder)
            self.service = await stack.enter_async_context(serving(url, self._loaded, setup))
            yield

    def place(self, person: Person, thread: str = "") -> str:
        """The address of somebody's direct messages."""
        where = self.slack.world.direct(person.workspace, person.user.id)
        return str(Address(SLACK.name, person.workspace.id, where.id, thread))

    async def hear(
        self, person: Person, said: str | AnyEvent, files: tuple[File, ...] = (), thread: str = "", place: str = ""
    ) -> None:
        """What inbound would bring of somebody in direct messages, or at another address."""
        event = Message(f"k{next(self._keys)}", said, files) if isinstance(said, str) else said
        await self.bring(place or self.place(person, thread), person.user.id, event)

    async def bring(self, place: str, user: str, event: AnyEvent) -> None:
        """An event of somebody, by their id."""
        who = self.slack.world.user(user)
        received = Received(event, User(who.id, who.name), who.locale)
        await self.service.intake.submit(Arrival(place, event.key, received, event.key))

    async def at_the_form(self, person: Person) -> None:
        """Answer what comes before the form."""
        for words in ("/start", "Magento 2", "Klarna"):
            await self.hear(person, words)

    async def tap(self, person: Person, token: str, thread: str = "") -> None:
        """A choice."""
        await self.hear(person, Tap(f"k{next(self._keys)}", token), thread=thread)

    async def send_form(self, person: Person, token: str, values: dict[str, str | list[str]]) -> None:
        """A form that was filled in."""
        await self.hear(person, Submit(f"k{next(self._keys)}", token, values))

    async def emptied(self, overviews: int = 0) -> None:
        """Wait until at least so many overviews, and everything else, was sent, or ended in another way."""
        async with asyncio.timeout(PATIENCE):
            while (  # noqa: ASYNC110  (a database tells nobody)
                self.rows("SELECT COUNT(*) FROM outbox WHERE kind = 'overview'") < [(overviews,)]
                or self.rows("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1")
            ):
                await asyncio.sleep(0.01)

    def rows(self, sql: str) -> list[Any]:
        """What the database holds."""
        with closing(sqlite3.connect(self.folder / "triage.db")) as database:
            return database.execute(sql).fetchall()


async def until(person: Person, words: str) -> Shown:
    """The app's next message that says these words."""
    while words not in (found := await person.next_message()).text:
        pass
    return found
