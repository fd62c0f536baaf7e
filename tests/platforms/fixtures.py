"""The stand-ins as fixtures, for every test that talks to a platform."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

__all__ = ["brief_holds", "record_wire", "slack", "telegram"]


@pytest.fixture
def brief_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk holds an answer, which may be taken back meanwhile, for as short as it can."""
    (tmp_path / "desk.yaml").write_text("undo: 1s\n")
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))


@pytest.fixture(scope="session")
def record_wire(request: pytest.FixtureRequest) -> Path | None:
    """The file of --record-wire."""
    name: str | None = request.config.getoption("--record-wire")
    return None if name is None else Path(name)


@pytest.fixture
async def telegram(
    request: pytest.FixtureRequest, record_wire: Path | None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramStandIn]:
    """Telegram, with one bot and nobody yet. In the end every request of the product was a lawful one."""
    from tests.platforms.telegram import TelegramStandIn  # noqa: PLC0415 — most tests need no platform

    _hurry(request, monkeypatch)
    async with TelegramStandIn(record=record_wire) as server:
        yield server
    assert server.wire.violations == [] or _provokes(request)


@pytest.fixture
async def slack(
    request: pytest.FixtureRequest, record_wire: Path | None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStandIn]:
    """Slack, with one workspace that has the app and nobody else yet. In the end every request was a lawful one."""
    from tests.platforms.slack import SlackStandIn  # noqa: PLC0415 — most tests need no platform

    _hurry(request, monkeypatch)
    async with SlackStandIn(record=record_wire) as server:
        yield server
    assert server.wire.violations == [] or _provokes(request)


def _hurry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the product wait for nothing that the stand-ins do not make it wait for, unless the test is `paced`."""
    from tests.platforms import pace  # noqa: PLC0415 — as above

    if request.node.get_closest_marker("paced") is None:
        pace.hurry(monkeypatch.setattr)


def _provokes(request: pytest.FixtureRequest) -> bool:
    """Whether a test is one of the stand-ins' own, which call them wrongly to see that they notice."""
    return request.path.is_relative_to(Path(__file__).parent)
