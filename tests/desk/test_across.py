"""Merchant and staff on different platforms, over sockets, store and delivery: one conversation, two histories."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings
from tests.channels.telegram.conftest import free_port, ready_at

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.shown import Shown as SlackShown
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.shown import Shown

pytestmark = pytest.mark.anyio

DESK = """
people:
  noor: {name: Noor, accounts: ["slack:TEAM:NOOR"]}
macros:
  logs:
    title: Logs
    text:
      en: "Dear {{ merchant.name }}, please send us the log file."
      es: "Hola {{ merchant.name }}: envíenos el archivo de registro, por favor."
"""


@contextlib.asynccontextmanager
async def service(slack: SlackStandIn, telegram: TelegramStandIn, folder: Path, staff: str) -> AsyncIterator[None]:
    """The product on both platforms."""
    port = free_port()
    settings = Settings(
        database_url=SecretStr(f"sqlite:///{folder}/triage.db"),
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=f"{telegram.url}/bot",
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.access.app_token),
        slack_api_url=f"{slack.url}/api/",
        staff=staff,
        http_port=port,
    )
    task = asyncio.create_task(serve(settings))
    try:
        await ready_at(port)
        await slack.sockets.connected(2)
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_a_spanish_merchant_on_telegram_and_staff_in_slack(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A macro in their language, a file, words edited and deleted on both sides, a note, solved and rated."""
    ana, noor, kim = telegram.user("Ana", language="es"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    (tmp_path / "desk.yaml").write_text(DESK.replace("TEAM", slack.home.id).replace("NOOR", noor.user.id))
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))

    def words() -> list[str]:
        return [each.text for each in ana.messages()]

    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.start("")
        await ana.next_message()
        await ana.send("/human")
        card = await noor.next_message(channel=desk)

        def there() -> list[str]:
            return [each.text for each in noor.messages(channel=desk, thread=card.id)]

        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in words()[-1], "Ana hears who is there")
        await noor.mention(desk, "macro logs", thread=card.id)
        await ana.until(
            lambda: words()[-1].endswith("envíenos el archivo de registro, por favor."), "the macro arrives"
        )
        assert words()[-1].startswith("Noor: Hola Ana")

        await ana.upload("log.txt", b"PHP Fatal error", caption="Aquí está")
        await noor.until(lambda: any("Aquí está" in each for each in there()) or None, "the caption arrives")
        passed_on = slack.world.files.values()
        await noor.until(
            lambda: [each for each in passed_on if each.content == b"PHP Fatal error"] or None, "its bytes"
        )

        said = await noor.send("Which verson?", channel=desk, thread=card.id)
        await noor.edit(said, "Which version?")
        await ana.until(lambda: words()[-1] == "Noor: Which version?", "the corrected words arrive")
        await noor.until(lambda: marks(said) == ["white_check_mark"] or None, "the mark says so")
        await noor.edit(said, "Which version of the plugin?")
        await ana.until(lambda: words()[-1] == "Noor: Which version of the plugin?", "the copy follows")
        await kim.send("It smells of Varnish.", channel=desk, thread=card.id)
        await noor.delete(said)
        await ana.until(lambda: "Noor: Which version of the plugin?" not in words(), "the copy is taken away")

        await ana.send("Mi contraseña es Hunter2!x")
        await noor.until(lambda: any("contraseña" in each for each in there()) or None, "the rest of it arrives")
        assert not any("Hunter2" in each for each in there())

        await noor.mention(desk, "solve", thread=card.id)
        await ana.until(lambda: "Sí, gracias" in ana.messages()[-1].buttons, "Ana is asked")
        await ana.press(ana.messages()[-1], "Sí, gracias")
        await noor.until(lambda: any("content with" in each for each in there()) or None, "the rating arrives")
        assert not any("Varnish" in each for each in words())
    assert slack.wire.violations == []
    lawful()


async def test_a_merchant_in_slack_and_staff_on_telegram(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Given back to the bot at the first question and called again: one case, one topic, no question twice."""
    ana, noor = slack.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    place = f"telegram:{telegram.world.bot.id}:{forum.id}:"
    async with service(slack, telegram, tmp_path, place):
        await ana.send("hello")
        await ana.until(lambda: selects(ana.messages()[-1]) or None, "Ana is asked for her platform")
        await ana.send("WooCommerce")
        await ana.until(lambda: "WooCommerce" not in ana.messages()[-1].text or None, "the next question comes")
        await ana.send("/human")
        topic = await forum.next_topic()
        card = await noor.next_message(group=forum, topic=topic.id)
        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in ana.messages()[-1].text or None, "Ana hears who is there")
        await noor.send("/bot platform", group=forum, topic=topic.id)
        await ana.until(lambda: selects(ana.messages()[-1]) or None, "the bot asks for the platform again")
        await noor.until(lambda: "waits for the merchant" in card.text, "the card says whose turn it is")
        await ana.send("Shopware 6")
        await ana.until(lambda: "Shopware 6" not in ana.messages()[-1].text or None, "the bot goes on")
        await ana.send("/human")
        await noor.until(lambda: "is back with you" in last(noor.messages(group=forum, topic=topic.id)), "called again")
        await noor.until(lambda: "Shopware 6" in card.text, "the card shows the new answer")
        assert len(forum.topics) == 1
        said = await noor.send("Thank you!", group=forum, topic=topic.id)
        await ana.until(lambda: ana.messages()[-1].text == "Noor: Thank you!" or None, "the reply arrives")
        await noor.until(lambda: [each["emoji"] for each in said.chat.reactions.get(said.id, [])] == ["👍"], "marked")
    assert slack.wire.violations == []
    lawful()


def marks(message: SlackShown) -> list[str]:
    """What the app reacted to a message with."""
    return [each["name"] for each in message.raw.get("reactions", [])]


def selects(message: SlackShown) -> bool:
    """Whether something is to be picked below a message."""
    return any(block["type"] == "actions" for block in message.raw.get("blocks", []))


def last(messages: list[Shown]) -> str:
    """All that the last messages say."""
    return "\n".join(each.text for each in messages[-3:])
