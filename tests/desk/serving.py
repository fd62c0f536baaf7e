"""The product on the stand-ins of both platforms, in the process of the test."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings
from tests.channels.telegram.conftest import ready_at
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.person import Person as SlackUser
    from tests.platforms.slack.shown import Shown
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.person import Person as Merchant


# Not by what a merchant read last: how their case stands comes as a message of its own, whenever there is time for it.


async def offered(merchant: Any, button: str) -> Any:
    """The latest message with that button, once it is there."""
    return await merchant.until(
        lambda: next((each for each in reversed(merchant.messages()) if button in each.buttons), None),
        f"the button {button!r} is offered",
    )


async def reads(merchant: Any, words: str) -> Any:
    """The latest message with those words in it, once it is there."""
    return await merchant.until(
        lambda: next((each for each in reversed(merchant.messages()) if words in each.text), None),
        f"the merchant reads {words!r}",
    )


async def claimed(ana: Merchant, noor: SlackUser, desk: Channel) -> Shown:
    """A merchant on Telegram has called a person, and one of the staff in Slack has the case: its card."""
    await ana.start("")
    await ana.next_message()
    await ana.send("/human")
    card = await noor.next_message(channel=desk)
    await noor.press(card, "Claim")
    await reads(ana, "Noor")
    return card


@contextlib.asynccontextmanager
async def service(slack: SlackStandIn, telegram: TelegramStandIn, folder: Path, staff: str) -> AsyncIterator[None]:
    """The product on both platforms."""
    port = free_port()
    settings = Settings(
        database_url=SecretStr(new_file(folder)),
        telegram_token=SecretStr(telegram.token),
        telegram_api_url=f"{telegram.url}/bot",
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.access.app_token),
        slack_api_url=f"{slack.url}/api/",
        staff=staff,
        http_port=port,
        public_url=f"http://127.0.0.1:{port}",
        drop_key=SecretStr(Fernet.generate_key().decode()),
    )
    async with meanwhile(serve(settings)):
        await ready_at(port)
        await slack.sockets.connected(2)
        yield
