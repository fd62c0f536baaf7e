"""The page on Telegram is followed as written, from its commands to everything that it says one can try."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings import PREFIX, Settings
from tests.channels.telegram.conftest import free_port, opening, ready_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "telegram.md").read_text("utf-8")
POLLING, WEBHOOK, STAFF = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def exported(block: str) -> dict[str, str]:
    """The variables that a block of commands sets."""
    return dict(re.findall(r"^\$ export (\w+)=(\S+)$", block, re.MULTILINE))


@contextlib.asynccontextmanager
async def followed(telegram: TelegramStandIn, folder: Path, block: str, group: str) -> AsyncIterator[None]:
    """Do what the page says, with the ids and the token of this bot in their places."""
    port = free_port()
    places = {
        "YOUR-TOKEN": telegram.token,
        "YOUR-SECRET": "a-secret_of-the-page",
        "https://YOUR-HOST": f"http://127.0.0.1:{port}",
        "YOUR-BOT-ID": str(telegram.world.bot.id),
        "YOUR-GROUP-ID": group,
    }
    told = {**exported(block), **exported(STAFF)}
    for place, value in places.items():
        told = {name: each.replace(place, value) for name, each in told.items()}
    assert "YOUR" not in "".join(told.values()), "every place on the page is filled"
    told |= {
        "TRIAGE_HTTP_PORT": str(port),
        "TRIAGE_TELEGRAM_API_URL": f"{telegram.url}/bot",
        "TRIAGE_DATABASE_URL": f"sqlite:///{folder}/triage.db",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    assert block.rstrip().endswith("$ triage serve")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "serve", cwd=ROOT, env={**inherited, **told}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await ready_at(port, 120)  # a process of its own reads all flows first
        yield
    finally:
        telegram.stop_webhook()
        process.terminate()
        await process.wait()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_the_page_is_followed(
    mode: str, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Both ways of being reached, the team's group, and each line of the table of what to try."""
    ana, noor = telegram.user("Ana", language="nl"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with followed(telegram, tmp_path, POLLING if mode == "polling" else WEBHOOK, str(forum.id)):
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
        await ana.send("/human")
        topic = await forum.next_topic()
        card = await noor.next_message(group=forum, topic=topic.id)
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
