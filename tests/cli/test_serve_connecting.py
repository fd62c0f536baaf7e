"""`triage serve` while a platform is away: the others are served, and it is found as soon as it is back."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings, SettingsError
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.platforms.slack import SlackStandIn
from tests.platforms.telegram import TelegramStandIn
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The service runs on asyncio."""
    return "asyncio"


async def waits_for(port: int) -> list[str] | None:
    """What the service waits for; None if it does not answer."""
    async with httpx.AsyncClient() as http:
        with contextlib.suppress(httpx.TransportError):
            found: list[str] = (await http.get(f"http://127.0.0.1:{port}/health/ready")).json()["waits_for"]
            return found
    return None


async def until_it_waits_for(port: int, *platforms: str) -> None:
    """Wait until it waits for these."""
    async with asyncio.timeout(60):
        while True:
            if await waits_for(port) == list(platforms):
                return
            await asyncio.sleep(0.05)


def settings(tmp_path: Path, slack: SlackStandIn, telegram: TelegramStandIn, **more: Any) -> Settings:
    """A service of both platforms."""
    usual: dict[str, Any] = {
        "database_url": SecretStr(new_file(tmp_path)),
        "slack_bot_token": SecretStr(slack.bot_token),
        "slack_app_token": SecretStr(slack.access.app_token),
        "slack_api_url": f"{slack.url}/api/",
        "telegram_token": SecretStr(telegram.token),
        "telegram_api_url": f"{telegram.url}/bot",
        "http_port": free_port(),
    }
    return Settings(**usual | more)


@pytest.mark.parametrize("away", ["slack", "telegram"])
async def test_a_platform_that_comes_later(away: str, tmp_path: Path) -> None:
    """The service is not ready without it, and ends for nothing; when it is there, it is ready."""
    slack, telegram = SlackStandIn(port=free_port()), TelegramStandIn(port=free_port())
    chosen = settings(tmp_path, slack, telegram)
    first, second = (telegram, slack) if away == "slack" else (slack, telegram)
    async with first, meanwhile(serve(chosen)):
        await until_it_waits_for(chosen.http_port, away)
        async with second:
            await until_it_waits_for(chosen.http_port)


@pytest.mark.parametrize(("name", "token"), [("slack_bot_token", "xoxb-wrong"), ("slack_app_token", "xapp-wrong")])
async def test_a_token_that_nobody_knows(
    name: str, token: str, slack: SlackStandIn, telegram: TelegramStandIn, tmp_path: Path
) -> None:
    """Waiting would not help: the service ends, and names the setting."""
    wrong = settings(tmp_path, slack, telegram, **{name: SecretStr(token)})
    with pytest.raises(ExceptionGroup) as ended:
        await serve(wrong)
    refusal: BaseException | None = ended.value.subgroup(SettingsError)
    while isinstance(refusal, BaseExceptionGroup):
        (refusal,) = refusal.exceptions
    assert f"TRIAGE_{name.upper()}" in str(refusal)
