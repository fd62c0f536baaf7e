"""What the tests of the command line share: running it in this process, and as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner

from bot.cli import app

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "channels" / "console"
SHOP = ("--flows", str(SAMPLE / "flows"), "--locales", str(SAMPLE / "locales"))
"""The options that bring the sample flow of the console's tests."""

Ran: TypeAlias = tuple[int, str, str]
Run: TypeAlias = Callable[..., Ran]
Triage: TypeAlias = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the settings of the machine."""
    ours = ("TRIAGE_FLOWS", "TRIAGE_LOCALES", "TRIAGE_DATABASE_URL")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", *ours):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run() -> Run:
    """Run `triage` in this process: exit code, output, errors."""

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
        # whoever leads a session and opens a terminal gets its Ctrl-C
        script = (
            "import os, sys; sys.stdin.isatty() and os.open(os.ttyname(0), os.O_RDWR); from bot.cli import main; main()"
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
