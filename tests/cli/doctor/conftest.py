"""The doctor runs on asyncio, in a process whose environment says nothing."""

from __future__ import annotations

import os

import pytest

from bot.settings import PREFIX


@pytest.fixture
def anyio_backend() -> str:
    """The stand-ins run on asyncio."""
    return "asyncio"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """Start in an empty folder, from an environment that says nothing."""
    for name in [each for each in os.environ if each.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(str(tmp_path))
