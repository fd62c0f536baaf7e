"""What the tests of the command line share: running it in this process, and as a program of its own."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import structlog
import typer.testing
from sqlalchemy import text
from typer.testing import CliRunner

from bot.channels.console.guest import Guest, Merchant
from bot.channels.console.kept import KeptConversation
from bot.channels.console.loop import Console, replay
from bot.channels.console.rendering import PlainScreen
from bot.chat.people import User
from bot.cli import app, chat, shipped
from bot.cli.operating import now
from bot.flow.loader import Loaded, load
from bot.service.keeping import library_on
from bot.store.admin import administered
from tests.remembered import remember_proofs

if TYPE_CHECKING:
    from bot.store.port import Store

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "channels" / "console"
SHOP = ("--flows", str(SAMPLE / "flows"), "--locales", str(SAMPLE / "locales"))
"""The options that bring the sample flow of the console's tests."""

remember_proofs(chat)

Ran: TypeAlias = tuple[int, str, str]
Run: TypeAlias = Callable[..., Ran]
Triage: TypeAlias = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine."""
    ours = ("TRIAGE_FLOWS", "TRIAGE_LOCALES", "TRIAGE_DATABASE_URL")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", *ours):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    """A command that sets up the log does so for itself alone: the streams it was given are closed afterwards."""
    yield
    structlog.reset_defaults()
    logging.basicConfig(handlers=[], force=True)


@pytest.fixture(scope="session")
def triage_command() -> object:
    """`triage` as it is made of its functions, which takes longer than many a command."""
    return typer.main.get_command(app)


@pytest.fixture
def run(triage_command: object, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `triage` in this process: exit code, output, errors."""
    monkeypatch.setattr(typer.testing, "_get_command", lambda _: triage_command)

    def invoke(*arguments: str, stdin: bytes | str = "") -> Ran:
        result = CliRunner().invoke(app, arguments, input=stdin, prog_name="triage")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture
def triage() -> Triage:
    """Start `triage` as a program of its own: between pipes, or at the terminal with that file descriptor."""

    def begin(*arguments: str, terminal: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        # whoever leads a session and opens a terminal gets its Ctrl-C, which a shell has ignored by what runs behind it
        script = (
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
            "sys.stdin.isatty() and os.open(os.ttyname(0), os.O_RDWR); from bot.cli import main; main()"
        )
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )

    return begin


@pytest.fixture(scope="session")
def shop() -> Loaded:
    """The sample flows with the shipped repair patterns."""
    return load([shipped.PATTERNS, SAMPLE / "flows"], SAMPLE / "locales")


@pytest.fixture
def say(shop: Loaded, database: str) -> Callable[..., str]:
    """Say these lines to the sample flow in a terminal of `who`; what was shown there.

    The database is empty at first, and of each kind in turn.
    """

    def talk(*lines: str, who: str = "ana") -> str:
        stream = io.StringIO()

        async def make(store: Store) -> Guest:
            merchant = Merchant(User(who, "Ana"), "shop", "en")
            return Guest(store, await library_on(store, shop, now()), merchant, console, now, seed)

        kept = KeptConversation(database, make, seed)
        console = Console(kept, PlainScreen(stream))
        with kept:
            if kept.begun:
                console.resume()
            replay(console, lines)
        return stream.getvalue()

    return talk


def seed() -> str:
    """What nobody can guess."""
    return os.urandom(16).hex()


def execute(database: str, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Execute a statement on a database; its rows."""

    async def work() -> list[tuple[Any, ...]]:
        async with administered(database) as connection:
            result = await connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    return asyncio.run(work())


def masked(shown: str) -> str:
    """What a command printed, without what is another time and another database each time."""
    for pattern, mask in _PASSING:
        shown = re.sub(pattern, mask, shown)
    return shown


_PASSING = (
    (r"#[0-9a-f]{6}\b", "#SECRET"),
    (r'"\d{4}-\d\d-\d\d"', '"DATE"'),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?", "TIME"),
    (r"\bT-[A-Z2-7]{6}\b", "T-CASE"),
    (r"session [a-z2-7]{10}", "session SESSION"),
    (r"\b[a-z2-7]{10}\.(expiry|[0-9a-f]+)\b", r"SESSION.\1"),
    (r"(ask|say|edit|open_case|relay) \d+ to", r"\1 N to"),
)
