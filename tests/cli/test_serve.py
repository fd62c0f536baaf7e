"""`triage serve`: one at a time on a file, stopped by a signal, and every wrong setting named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent


class Serving:
    """A `triage serve` on the file at `path`."""

    def __init__(self, path: Path, **settings: str) -> None:
        """Start it."""
        named = {f"TRIAGE_{name.upper()}": value for name, value in settings.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve"],
            cwd=ROOT,
            env={**inherited, "TRIAGE_DATABASE_URL": f"sqlite:///{path}", **named},
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self) -> Iterator[dict[str, Any]]:
        """The lines of its log."""
        assert self.process.stderr is not None
        yield from map(msgspec.json.decode, self.process.stderr)

    def says(self, event: str) -> dict[str, Any]:
        """Its next line of that kind."""
        return next(line for line in self.said() if line["event"] == event)

    def end(self, by: signal.Signals) -> int:
        """End it; its exit code."""
        self.process.send_signal(by)
        return self.process.wait(30)


@pytest.fixture
def started() -> Iterator[list[Serving]]:
    """What was started, to be ended after the test."""
    made: list[Serving] = []
    yield made
    for each in made:
        each.process.kill()
        each.process.wait()
        assert each.process.stderr is not None
        each.process.stderr.close()


def test_a_second_one_stands_by_and_takes_over(tmp_path: Path, started: list[Serving]) -> None:
    """The second says for whom it waits, serves when that one is killed, and ends with 0 when it is asked to."""
    started.append(first := Serving(tmp_path / "triage.db"))
    owner = first.says("serving")["owner"]
    started.append(second := Serving(tmp_path / "triage.db"))
    assert second.says("standing_by")["serving"] == owner
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert second.says("serving")["owner"] != owner
    assert second.end(signal.SIGTERM) == 0
    assert second.says("stopped")


def test_it_can_be_ended_while_it_stands_by(tmp_path: Path, started: list[Serving]) -> None:
    """Whoever waits in vain ends quietly, too; the one that serves takes over changed flows meanwhile."""
    started.append(first := Serving(tmp_path / "triage.db"))
    first.says("serving")
    started.append(second := Serving(tmp_path / "triage.db"))
    second.says("standing_by")
    assert second.end(signal.SIGINT) == 0
    first.process.send_signal(signal.SIGHUP)
    assert first.says("flows_reloaded")
    assert first.end(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"log_level": "loud", "staff": "here"}, ["TRIAGE_LOG_LEVEL is 'loud'", "TRIAGE_STAFF: 'here' is no address"]),
        ({"flow": "help_us_help_me"}, ["TRIAGE_FLOW: there is no flow 'help_us_help_me'", "help_us_help_you"]),
        ({"database_url": "mysql://u:opensesame@host/db"}, ["'mysql' is no database known here"]),
        ({"database_url": "postgresql://u:opensesame@127.0.0.1:1/db"}, ["PostgreSQL cannot be reached"]),
        ({"flows": "/nowhere"}, ["/nowhere", "there is no such file or folder"]),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, started: list[Serving], settings: dict[str, str], words: list[str]
) -> None:
    """Each wrong setting is named with what would be right, without a traceback and without a password; exit code 1."""
    started.append(served := Serving(tmp_path / "triage.db", **settings))
    assert served.process.stderr is not None
    said = served.process.stderr.read()
    assert served.process.wait(30) == 1
    assert [each for each in words if each not in said] == []
    assert "Traceback" not in said
    assert "opensesame" not in said
