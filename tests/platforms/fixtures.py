"""The stand-ins as fixtures, for every test that talks to a platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

__all__ = ["record_wire", "slack", "telegram"]


@pytest.fixture(scope="session")
def record_wire(request: pytest.FixtureRequest) -> Path | None:
    """The file of --record-wire."""
    name: str | None = request.config.getoption("--record-wire")
    return None if name is None else Path(name)


@pytest.fixture
async def telegram(record_wire: Path | None) -> AsyncIterator[TelegramStandIn]:
    """Telegram, with one bot and nobody yet."""
    from tests.platforms.telegram import TelegramStandIn  # noqa: PLC0415 — most tests need no platform

    async with TelegramStandIn(record=record_wire) as server:
        yield server


@pytest.fixture
async def slack(record_wire: Path | None) -> AsyncIterator[SlackStandIn]:
    """Slack, with one workspace that has the app and nobody else yet."""
    from tests.platforms.slack import SlackStandIn  # noqa: PLC0415 — most tests need no platform

    async with SlackStandIn(record=record_wire) as server:
        yield server
