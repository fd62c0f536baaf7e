"""The log: one line for each thing, of our own and of libraries alike."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import msgspec
import pytest
import structlog

from bot.cli import logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave no configuration behind."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def test_lines_are_json_for_machines() -> None:
    """What we log and what a library warns of are objects of one shape, with their time in UTC."""
    stream = io.StringIO()
    logs.configure("json", "info", stream)
    structlog.get_logger("bot.x").info("serving", channels=["slack"])
    structlog.get_logger("bot.x").debug("unheard")
    logging.getLogger("asyncpg").warning("a %s", "warning")
    logging.getLogger("alembic").info("unheard")
    lines = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    assert [(each["event"], each["level"]) for each in lines] == [("serving", "info"), ("a warning", "warning")]
    assert lines[0]["channels"] == ["slack"]
    assert all(each["timestamp"].endswith("Z") for each in lines)


def test_lines_are_words_for_a_terminal() -> None:
    """The same as one can read it, without colours where there is no terminal."""
    stream = io.StringIO()
    logs.configure("console", "warning", stream)
    structlog.get_logger("bot.x").info("unheard")
    structlog.get_logger("bot.x").error("part_failed", part="timers")
    assert "part_failed" in stream.getvalue()
    assert "part=timers" in stream.getvalue()
    assert "unheard" not in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
