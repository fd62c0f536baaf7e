"""The stand-ins as fixtures, for every test that talks to a platform."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from msgspec.structs import replace

from tests.platforms.news import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

HOLD: Final = timedelta(seconds=0.2)

__all__ = ["brief_holds", "record_wire", "slack", "telegram"]


@pytest.fixture
def brief_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk holds an answer, which may be taken back meanwhile, for a moment: shorter than its settings can say."""
    from bot.desk.settings import DeskFile  # noqa: PLC0415 — most tests need no desk

    (tmp_path / "desk.yaml").write_text("undo: 1s\n")
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))
    build = DeskFile.build
    monkeypatch.setattr(DeskFile, "build", lambda desk: replace(build(desk), undo=HOLD))


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
    """Slack, with one workspace that has the app and nobody else yet. In the end every request was a lawful one.

    It waits for the app for longer than Slack does: on a busy machine an app is slow, and what a test counts would come
    twice. A test of a slow app moves the clock.
    """
    from tests.platforms.slack import SlackStandIn  # noqa: PLC0415 — most tests need no platform

    _hurry(request, monkeypatch)
    async with SlackStandIn(record=record_wire, patience=PATIENCE) as server:
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
