"""What the machine has to offer, and what it lacks."""

from __future__ import annotations

import socket
import sys
import time
import zoneinfo
from typing import TYPE_CHECKING

import pytest

from bot.cli.doctor import host
from bot.settings import Settings
from bot.web.front import Front
from bot.web.server import WebServer
from tests.ports import free_port

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


def test_time_zones() -> None:
    """Where the rules of time zones are there, all is well."""
    assert host.time_zones().state == "ok"


def test_no_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the system, as in a bare container, nor as a package: it says which package helps."""
    zoneinfo.reset_tzpath(to=[])
    zoneinfo.ZoneInfo.clear_cache()
    # a zone that another test asked for may have brought the package's folders in, which are found without it
    for each in {"tzdata", *(name for name in sys.modules if name.startswith("tzdata."))}:
        monkeypatch.setitem(sys.modules, each, None)
    try:
        found = host.time_zones()
    finally:
        zoneinfo.reset_tzpath()
    assert (found.state, "tzdata" in found.fix) == ("wrong", True)


async def test_the_port() -> None:
    """Free, taken by somebody else, or by a service of ours that runs."""
    with socket.create_server(("127.0.0.1", free_port())) as other:
        number = other.getsockname()[1]
        other.settimeout(0)
        settings = Settings(http_port=number)
        # it never answers
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(host, "PATIENCE_S", 0.2)
            taken = await host.port(settings)
    assert (taken.state, "TRIAGE_HTTP_PORT" in taken.fix) == ("wrong", True)
    assert (await host.port(settings)).words == f"port {number} on 127.0.0.1 is free"
    async with WebServer(Front([]), "127.0.0.1", number) as server:
        server.listen()
        assert (await host.port(settings)).words == f"port {number}: a service is running here"


async def test_the_clock(telegram: TelegramStandIn) -> None:
    """It is compared with the platform's; one that is minutes off is told in which direction."""
    (right,) = await host.clock(telegram.url, "Telegram", time.time)
    assert right.state == "ok"
    (ahead,) = await host.clock(telegram.url, "Telegram", lambda: time.time() + 400)
    assert (ahead.state, "s ahead of that of Telegram" in ahead.words, "NTP" in ahead.fix) == ("wrong", True, True)
    (behind,) = await host.clock(telegram.url, "Telegram", lambda: time.time() - 400)
    assert "s behind that of Telegram" in behind.words


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/bot", "nonsense", "http://[/bot"])
async def test_a_clock_that_cannot_be_seen(url: str) -> None:
    """Nothing is said of it: that the platform cannot be reached is found by another check."""
    assert await host.clock(url, "Telegram", time.time) == []
