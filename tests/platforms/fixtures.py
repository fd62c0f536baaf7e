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
async def telegram(request: pytest.FixtureRequest, record_wire: Path | None) -> AsyncIterator[TelegramStandIn]:
    """Telegram, with one bot and nobody yet. In the end every request of the product was a lawful one."""
    from tests.platforms.telegram import TelegramStandIn  # noqa: PLC0415 — most tests need no platform

    async with TelegramStandIn(record=record_wire) as server:
        yield server
    assert server.wire.violations == [] or _provokes(request)


@pytest.fixture
async def slack(request: pytest.FixtureRequest, record_wire: Path | None) -> AsyncIterator[SlackStandIn]:
    """Slack, with one workspace that has the app and nobody else yet. In the end every request was a lawful one."""
    from tests.platforms.slack import SlackStandIn  # noqa: PLC0415 — most tests need no platform

    async with SlackStandIn(record=record_wire) as server:
        yield server
    assert server.wire.violations == [] or _provokes(request)


def _provokes(request: pytest.FixtureRequest) -> bool:
    """Whether a test is one of the stand-ins' own, which call them wrongly to see that they notice."""
    return request.path.is_relative_to(Path(__file__).parent)
