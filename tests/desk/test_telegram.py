"""Merchant and staff both on Telegram: a topic for each case, and the way of words in both directions."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings
from tests.channels.telegram.conftest import called, ready_at
from tests.databases import new_file
from tests.desk.serving import offered, reads
from tests.meanwhile import meanwhile
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.shown import Shown

pytestmark = pytest.mark.anyio


@contextlib.asynccontextmanager
async def service(telegram: TelegramStandIn, forum: Group, folder: Path) -> AsyncIterator[None]:
    """The product, with its staff in the forum."""
    port = free_port()
    settings = Settings(
        database_url=SecretStr(new_file(folder)),
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=f"{telegram.url}/bot",
        staff=f"telegram:{telegram.world.bot.id}:{forum.id}:",
        http_port=port,
    )
    async with meanwhile(serve(settings)):
        await ready_at(port)
        yield


@pytest.mark.usefixtures("brief_holds")
async def test_a_case_from_the_hand_off_to_its_rating(
    telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Claimed, answered after the hold, replied to, noted, solved and rated; the note stays in its topic."""
    ana, noor, kim = telegram.user("Ana", language="es"), telegram.user("Noor"), telegram.user("Kim")
    forum = telegram.forum("Desk", [noor, kim])
    async with service(telegram, forum, tmp_path):
        await ana.start("")
        await ana.next_message()
        topic, card = await called(ana, noor, forum)
        assert "Claim" in card.buttons
        assert "Ana" in card.text
        await noor.press(card, "Claim")
        await reads(ana, "Noor")
        await noor.until(lambda: "Claim" not in card.buttons, "the card follows")

        said = await noor.send("Which version is it?", group=forum, topic=topic.id)
        await reads(ana, "Noor: Which version is it?")
        await noor.until(lambda: reactions(said) == ["👍"], "the mark says so")
        noted = await kim.send("I have seen this before.", group=forum, topic=topic.id)
        await noor.until(lambda: reactions(noted) == ["✍"], "the note is marked")
        await ana.send("Es la 4.2.")
        await noor.until(
            lambda: "Ana: Es la 4.2." in [each.text for each in noor.messages(group=forum, topic=topic.id)],
            "the answer arrives",
        )

        await noor.send("/solve", group=forum, topic=topic.id)
        await ana.press(await offered(ana, "Sí, gracias"), "Sí, gracias")
        await noor.until(
            lambda: any("content with" in each.text for each in noor.messages(group=forum, topic=topic.id)),
            "the rating arrives",
        )
        assert not any("seen this before" in each.text for each in ana.messages())
    lawful()


async def test_the_menus_under_the_card(telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path) -> None:
    """Opened and left in place; a choice is done and leaves; a button of the past tells how the case stands."""
    ana, noor, kim = telegram.user("Ana"), telegram.user("Noor"), telegram.user("Kim")
    forum = telegram.forum("Desk", [noor, kim])
    async with service(telegram, forum, tmp_path):
        await ana.start("")
        await ana.next_message()
        _, card = await called(ana, noor, forum)
        claim = card.button("Claim")["callback_data"]
        await noor.press(card, "Claim")
        await noor.until(lambda: "Access ▾" in card.buttons, "the card follows")
        late = await kim.press_data(card, claim)
        assert "Noor" in await late.answered()
        assert late.alert

        above = card.buttons
        await noor.press(card, "Access ▾")
        await noor.until(lambda: "‹ Access" in card.buttons, "the menu opens")
        await noor.press(card, "‹ Access")
        await noor.until(lambda: card.buttons == above, "the menu closes")
        await noor.press(card, "More ▾")
        await noor.until(lambda: "‹ More" in card.buttons, "the menu opens")
        beside = await kim.press_data(card, "menu:desk:access")
        await noor.until(lambda: "‹ Access" in card.buttons, "whose app shows all buttons may open another one")
        assert await beside.answered() == ""
        await noor.press(card, "asked for · staging")
        await noor.until(
            lambda: "asked for" in card.text and "Access ▾" in card.buttons, "it is done, and all are back"
        )
    lawful()


async def test_a_merchant_sees_and_removes_what_is_kept_while_a_person_has_the_case(
    telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their cases, their data as a file, kept as long as the desk's settings say, and its removal, told to staff."""
    (tmp_path / "desk.yaml").write_text("retention: {messages: 12, failures: 1}\n")
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(telegram, forum, tmp_path):
        await ana.start("")
        await ana.next_message()
        topic, card = await called(ana, noor, forum)
        await noor.press(card, "Claim")
        await reads(ana, "Noor")
        await ana.send("/cases")
        await reads(ana, "a person of the team works on it")
        await ana.send("/mydata")
        await ana.until(lambda: any("document" in each.raw for each in ana.messages()) or None, "all of it as a file")
        data = (await reads(ana, "the name Ana")).text
        assert "kept for 12 days, and those that could not be sent for 1 day." in data
        assert "nobody has opened yet: 0" in data
        assert b"Ana: /human" in next(iter(telegram.world.files.values())).content
        await ana.send("/forget")
        await ana.press(await offered(ana, "Remove everything"), "Remove everything")
        await reads(ana, "nothing of it is left")
        there = [each.text for each in noor.messages(group=forum, topic=topic.id)]
        assert any("had their data removed" in each for each in there)
        assert not any(each.lstrip("Ana: ").startswith("/") for each in there)
        with closing(sqlite3.connect(tmp_path / "triage.db")) as db:
            for _ in range(200):  # a database announces nothing
                if not db.execute("SELECT 1 FROM conversations").fetchall():
                    break
                await asyncio.sleep(0.1)
            assert db.execute("SELECT 1 FROM outbox").fetchall() == []
    lawful()


def reactions(message: Shown) -> list[str]:
    """What the bot reacted to a message with."""
    return [each["emoji"] for each in message.chat.reactions.get(message.id, [])]
