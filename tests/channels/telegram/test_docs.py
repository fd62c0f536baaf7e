"""The page on Telegram is followed as written, from its commands to everything that it says one can try."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import pytest

from bot.settings import PREFIX, Settings
from tests.channels.followed import followed
from tests.channels.telegram.conftest import called, opening
from tests.ports import free_port
from tests.programs import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

TEXT = (ROOT / "docs" / "telegram.md").read_text("utf-8")
POLLING, WEBHOOK, STAFF = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@contextlib.asynccontextmanager
async def serving(telegram: TelegramStandIn, folder: Path, block: str, group: str) -> AsyncIterator[None]:
    """Do what the page says, with the ids and the token of this bot in their places."""
    port = free_port()
    places = {
        "YOUR-TOKEN": telegram.token,
        "YOUR-SECRET": "a-secret_of-the-page",
        "https://YOUR-HOST": f"http://127.0.0.1:{port}",
        "YOUR-BOT-ID": str(telegram.world.bot.id),
        "YOUR-GROUP-ID": group,
    }
    api = f"{telegram.url}/bot"
    async with followed((block, STAFF), places, folder, port, TRIAGE_TELEGRAM_API_URL=api):
        try:
            yield
        finally:
            telegram.stop_webhook()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_page_is_followed(
    mode: str, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Both ways of being reached, the team's group, and each line of the table of what to try."""
    ana, noor = telegram.user("Ana", language="nl"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with serving(telegram, tmp_path, POLLING if mode == "polling" else WEBHOOK, str(forum.id)):
        first = await opening(ana)
        assert "webshop" in first.text
        assert any("Ana" in each.text for each in ana.messages())
        chosen, other = first.buttons[:2]
        said = await ana.send(chosen)
        await ana.until(lambda: first.text.endswith(chosen), "the question shows it")
        assert len(first.buttons) == 1
        await ana.edit(said, other)
        await ana.until(lambda: any(other in each.text for each in ana.messages()[-3:]), "it says what the answer is")
        await ana.until(lambda: "Wat gaat er mis" in ana.messages()[-1].text, "the next question comes")
        for name in ("one.png", "two.png"):
            words = "De betaalpagina blijft leeg." if name == "one.png" else ""
            await ana.upload(name, b"bytes", caption=words, album="a1")
        topic, card = await called(ana, noor, forum)
        await noor.until(
            lambda: sum("document" in each.raw for each in noor.messages(group=forum, topic=topic.id)) == 2,
            "the pictures come",
        )
        await noor.press(card, "Claim")
        await noor.until(lambda: "Claim" not in card.buttons, "the card says who has it")
        reply = await noor.send("Which version is it?", group=forum, topic=topic.id)
        await ana.until(lambda: ana.messages()[-1].text == "Noor: Which version is it?", "the merchant reads it")
        await noor.until(lambda: forum.chat.reactions.get(reply.id), "the reaction says so")
        bea = telegram.user("Bea")
        await bea.start("rules")
        await bea.next_message()
        await opening(telegram.user("Cleo"), "checkout-page")
    lawful()


def test_the_page_names_what_there_is() -> None:
    """Every setting of Telegram is on the page and every setting on the page exists; so are the files it links to."""
    named = set(re.findall(r"\bTRIAGE_\w+", TEXT))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named <= known
    assert {each for each in known if "TELEGRAM" in each} - named <= {"TRIAGE_TELEGRAM_API_URL"}
    for link in re.findall(r"\]\((?!http)([^)#]+)", TEXT):
        assert (ROOT / "docs" / link).exists(), link
