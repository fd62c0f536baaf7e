"""The product beside the stand-ins: told where they are, used, and ended with them."""

from __future__ import annotations

import ast
import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot

from bot.channels.telegram.updates import KINDS
from bot.cli import shipped
from tests.meanwhile import meanwhile
from tests.platforms.page.cast import Cast
from tests.platforms.product import serve
from tests.platforms.slack.methods import methods as slack_methods
from tests.platforms.slack.stand_in import DEFAULT_EVENTS
from tests.platforms.telegram.methods import methods as telegram_methods
from tests.ports import free_port

if TYPE_CHECKING:
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The stand-ins run on asyncio."""
    return "asyncio"


async def ready(port: int) -> None:
    """Wait until the product is ready."""
    async with httpx.AsyncClient() as http, asyncio.timeout(60):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get(f"http://127.0.0.1:{port}/health/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


async def test_it_talks_to_the_stand_ins(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """A merchant who says hello is answered; whoever calls it off waits until it has ended."""
    cast, port = Cast(slack, telegram), free_port()
    async with meanwhile(serve(cast, port)):
        await ready(port)
        await cast.telegram_merchant.send("/start")
        welcome = await cast.telegram_merchant.next_message()
        assert "Ana" in welcome.text
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"http://127.0.0.1:{port}/health/live")


PRODUCT = Path(__file__).parents[2] / "bot"
ELSEWHERE = {"apps.connections.open", "oauth.v2.access"}
"""Methods of Slack's that take no token of a workspace; `Access` imitates them."""
PARTS = {"files_upload_v2": ("files_getUploadURLExternal", "files_completeUploadExternal")}
"""What slack_sdk makes of one call."""


def named(platform: str) -> set[str]:
    """Every attribute and every word in what the product has of a platform."""
    files = [*PRODUCT.glob(f"channels/{platform}/*.py"), *PRODUCT.glob(f"cli/**/{platform}*.py")]
    nodes = [node for each in files for node in ast.walk(ast.parse(each.read_text("utf-8")))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return words | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def camel(name: str) -> str:
    """A method of python-telegram-bot's as the Bot API calls it."""
    first, *more = name.split("_")
    return first + "".join(each.capitalize() for each in more)


def test_every_method_that_the_product_calls_is_imitated() -> None:
    """No call of it meets a stand-in that does not know it, also where no test happens to make it."""
    asked = {camel(each) for each in named("telegram") if each.isidentifier() and each != camel(each)}
    asked = {each for each in asked | named("telegram") if hasattr(Bot, each) and each != each.lower()}
    assert len(asked) > 25
    assert asked <= telegram_methods().keys()
    known = {each for each in named("slack") if "_" in each.strip("_") and hasattr(AsyncWebClient, each)}
    parts = {part for each in known - {"api_call", "base_url"} for part in PARTS.get(each, (each,))}
    assert len(parts) > 15
    assert {each.replace("_", ".") for each in parts} <= slack_methods().keys() | ELSEWHERE


def test_every_event_that_the_product_asks_for_happens() -> None:
    """The stand-ins tell of all that the product subscribes to."""
    settings = yaml.safe_load(shipped.MANIFEST.read_bytes())["settings"]
    assert set(settings["event_subscriptions"]["bot_events"]) <= DEFAULT_EVENTS
    stand_in = "".join(each.read_text("utf-8") for each in Path(__file__).parent.glob("telegram/*.py"))
    assert [each for each in KINDS if f'"{each}"' not in stand_in] == []
