"""The product beside the stand-ins: told where they are, used, and ended with them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.test_serve import free_port
from tests.platforms.page.cast import Cast
from tests.platforms.product import serve

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
    cast, port = Cast(slack, telegram), int(free_port())
    serving = asyncio.create_task(serve(cast, port))
    try:
        await ready(port)
        await cast.telegram_merchant.send("/start")
        welcome = await cast.telegram_merchant.next_message()
        assert "Ana" in welcome.text
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"http://127.0.0.1:{port}/health/live")
