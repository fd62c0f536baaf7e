"""Who writes: Slack is asked once for all who want to know, and nobody waits long for its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import people
from bot.channels.slack.people import People, Who
from tests.channels.telegram.conftest import anyio_backend
from tests.service.world import until

if TYPE_CHECKING:
    from tests.platforms.slack import SlackStandIn

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio


class Asking:
    """People who are looked up once that is let."""

    def __init__(self, slack: SlackStandIn) -> None:
        """It is not."""
        self.let = asyncio.Event()
        self.people = People(self._client)
        self._client_of_slack = AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])

    async def _client(self, _: str) -> AsyncWebClient:
        await self.let.wait()
        return self._client_of_slack


async def test_all_who_want_to_know_meanwhile_wait_for_one_answer(slack: SlackStandIn) -> None:
    """And later ones for none: it is remembered."""
    ana, asking = slack.user("Ana", locale="nl-NL"), Asking(slack)
    asking.let.set()
    found = await asyncio.gather(*(asking.people.who(slack.home.id, ana.user.id) for _ in range(3)))
    assert [*found, await asking.people.who(slack.home.id, ana.user.id)] == [Who("Ana", "nl-NL")] * 4
    assert len(slack.wire.calls("users.info")) == 1


async def test_an_answer_that_is_late_is_waited_for_once(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes while it is due does not wait anew, and once it is there it counts."""
    monkeypatch.setattr(people, "PATIENCE_S", 0.0)
    ana, asking = slack.user("Ana"), Asking(slack)
    assert await asking.people.who(slack.home.id, ana.user.id) == Who()
    monkeypatch.setattr(people, "PATIENCE_S", float("inf"))
    assert await asking.people.who(slack.home.id, ana.user.id) == Who()
    asking.let.set()
    await until(lambda: asking.people.knows(slack.home.id, ana.user.id))
    assert (await asking.people.who(slack.home.id, ana.user.id)).name == "Ana"
    assert len(slack.wire.calls("users.info")) == 1


async def test_slack_is_asked_again_after_a_refusal(slack: SlackStandIn) -> None:
    """Nothing is remembered of whom it did not tell about."""
    ana, asking = slack.user("Ana"), Asking(slack)
    asking.let.set()
    slack.faults.refuse("users.info", "user_not_found")
    assert await asking.people.who(slack.home.id, ana.user.id) == Who()
    assert (await asking.people.who(slack.home.id, ana.user.id)).name == "Ana"
