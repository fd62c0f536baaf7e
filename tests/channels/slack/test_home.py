"""The home tab: what is open, who has it, a way to it and a way to begin, always as it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from slack_sdk.models.views import View

from bot.channels.slack import buttons
from bot.channels.slack.buttons import Pressed
from bot.channels.slack.home import MOST, Homes, view
from bot.service.recall import Open, Recall
from bot.service.step import Stepper
from bot.text.locales import LANGUAGES
from tests.channels.slack.documents import NASTY
from tests.channels.slack.outgoing import Desk, loaded, until
from tests.channels.slack.test_rendering import SLACK
from tests.service.world import until as happened

if TYPE_CHECKING:
    from pathlib import Path

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.store.port import Store
    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("locale", sorted(LANGUAGES))
async def test_every_language_fits(locale: str, store: Store) -> None:
    """With nothing open, with much, and with titles of every kind, it is a view that Slack takes."""
    recall = Recall(store, Stepper(loaded().library(), "shop", None, {}, lambda: 0, lambda: ""))  # type: ignore[arg-type]
    many = [Open("slack:T:C:1.2", each, "C-1", with_person=at % 2 == 0) for at, each in enumerate([*NASTY, "x" * 900])]
    for found in ([], many):
        shown = view(found, ["https://slack.example/"] * MOST, recall, locale)
        SLACK.view(shown)
        View(**shown).validate_json()
        start, data = shown["blocks"][-1]["elements"]
        assert buttons.pressed(data) == Pressed("start", "mydata")
        assert buttons.pressed(start) == Pressed("start")
        assert ("style" in start) == (not found)
        assert len(shown["blocks"]) <= MOST + 3


async def test_it_shows_what_is_open_and_follows(slack: SlackStandIn, tmp_path: Path) -> None:
    """Nothing, then a conversation that waits for an answer, then one that a person has; nobody else's ever."""
    ana, bea = slack.user("Ana"), slack.user("Bea")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        await desk.homes.opened(slack.home.id, ana.user.id, "en")
        home = await ana.home()
        assert home.text.startswith("Your conversations\nNo conversation is open.")
        await desk.hear(bea, "/start")
        await until(bea, "Which platform?")
        await desk.hear(ana, "/start")
        await ana.until(lambda: "I am waiting for your answer." in home.text, "it shows the new conversation")
        assert "A shop" in home.text
        assert home.buttons == ["Show", "Start a conversation", "What is stored about me"]
        assert "app_redirect" in home.find("Show")[1]["url"]
        await desk.hear(ana, "/human")
        await ana.until(lambda: "A person of our team has this" in home.text, "it shows that a person has it")
    assert bea.user.id not in slack.views.homes


async def test_quick_changes_are_all_shown(slack: SlackStandIn, tmp_path: Path) -> None:
    """A second change, and somebody who looks again, wait for what is being published: what was last is what shows."""
    ana, gate = slack.user("Ana"), asyncio.Event()
    desk = Desk(slack, tmp_path)
    waiting = 0

    async def client(team: str) -> AsyncWebClient:
        nonlocal waiting
        waiting += 1
        await gate.wait()
        return await desk.client(team)

    async with desk.serving():
        homes = Homes(client, desk.recall)
        gate.set()
        await homes.opened(slack.home.id, ana.user.id, "en")
        home = await ana.home()
        gate.clear()
        await desk.hear(ana, "/start")
        await until(ana, "Which platform?")
        homes.changed(desk.place(ana))
        await happened(lambda: waiting == 2)
        await desk.hear(ana, "/human")
        homes.changed(desk.place(ana))
        looking = asyncio.create_task(homes.opened(slack.home.id, ana.user.id, "en", home.raw["hash"]))
        await asyncio.sleep(0.05)  # for what must not happen: to publish beside it
        gate.set()
        await looking
        await ana.until(lambda: "A person of our team has this" in home.text, "it shows that a person has it")
        assert ana.user.id in homes._seen
    published = [each.answer.get("error") for each in slack.wire.calls("views.publish")]
    assert sorted(filter(None, published)) == ["hash_conflict"]  # who looked again did so with the hash of the first


async def test_whoever_is_overtaken_leaves_it(slack: SlackStandIn, tmp_path: Path) -> None:
    """An older picture does not replace a newer one, and a thread is linked as what it is."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        await desk.hear(ana, "/start", thread=said.id)
        await until(ana, "Which platform?")
        await desk.homes.opened(slack.home.id, ana.user.id, "nl", "")
        home = await ana.home()
        assert "/archives/" in home.find("Tonen")[1]["url"]
        await desk.homes.opened(slack.home.id, ana.user.id, "en", "an older one")
        assert "Uw gesprekken" in home.text
        await desk.homes.opened(slack.home.id, ana.user.id, "en", home.raw["hash"])
        assert "Your conversations" in home.text
    published = [each.answer.get("error") for each in slack.wire.calls("views.publish")]
    assert published.count("hash_conflict") == 1


async def test_where_the_app_is_gone(slack: SlackStandIn, tmp_path: Path) -> None:
    """A workspace without the app, or Slack out of order, is no failure."""
    ana = slack.user("Ana")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        homes = Homes(desk.client, desk.recall)
        await homes.opened("TGONE", ana.user.id, "en")
        slack.faults.fail("views.publish")
        await homes.opened(slack.home.id, ana.user.id, "en")
        assert ana.user.id not in slack.views.homes
        await homes.opened(slack.home.id, ana.user.id, "en")
    assert ana.user.id in slack.views.homes
