"""`triage serve`: one at a time on a file, stopped by a signal, and every wrong setting named."""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from bot.store.postgres import server
from tests.databases import new_file
from tests.ports import free_port
from tests.programs import ROOT, Program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Run

FLOWS = ROOT / "tests" / "channels" / "console" / "flows"
"""The flows of a shop: what is served matters little here, and these are read sooner than the shipped ones."""


class Serving:
    """A `triage serve` on the file at `path`."""

    def __init__(self, path: Path, **settings: str) -> None:
        """Start it, on a port of its own."""
        self.port = settings.get("http_port") or str(free_port())
        named = {f"TRIAGE_{name.upper()}": value for name, value in settings.items()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
        told = {"TRIAGE_DATABASE_URL": f"sqlite:///{path}", "TRIAGE_HTTP_PORT": self.port, "TRIAGE_FLOWS": str(FLOWS)}
        self.process = Program("serve", environment={**inherited, **told, **named})

    def said(self) -> Iterator[dict[str, Any]]:
        """The lines of its log."""
        yield from map(msgspec.json.decode, self.process.stderr)

    def says(self, event: str) -> dict[str, Any]:
        """Its next line of that kind."""
        return next(line for line in self.said() if line["event"] == event)

    def end(self, by: signal.Signals) -> int:
        """End it; its exit code."""
        self.process.send_signal(by)
        return self.process.wait()


@pytest.fixture
def started() -> Iterator[list[Serving]]:
    """What was started, to be ended after the test."""
    made: list[Serving] = []
    yield made
    for each in made:
        each.process.close()


def asked(served: Serving) -> tuple[int, dict[str, Any]]:
    """What it says of its readiness."""
    answer = httpx.get(f"http://127.0.0.1:{served.port}/health/ready", timeout=60)
    return answer.status_code, answer.json()


def test_a_second_one_stands_by_and_takes_over(tmp_path: Path, started: list[Serving]) -> None:
    """The second lives and says what it waits for, serves when the first is killed, and ends with 0 when asked to."""
    started.append(first := Serving(tmp_path / "triage.db"))
    serving = first.says("serving")
    assert serving["channels"] == []
    started.append(second := Serving(tmp_path / "triage.db"))
    assert second.says("standing_by")["serving"] == serving["owner"]
    assert httpx.get(f"http://127.0.0.1:{second.port}/health/live", timeout=60).status_code == 200
    assert asked(second) == (503, {"status": "waiting", "waits_for": ["service"]})
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    assert second.says("serving")["owner"] != serving["owner"]
    second.says("listening")
    assert asked(second) == (200, {"status": "ready", "waits_for": []})
    assert second.end(signal.SIGTERM) == 0
    assert second.says("stopped")


def test_on_the_port_of_the_one_before(tmp_path: Path, started: list[Serving]) -> None:
    """Those that stand by on the same machine wait for the port, too; one ends quietly, one takes it with the seat.

    The one that serves takes over changed flows meanwhile, but none that are broken, and new webhooks once they have
    secrets.
    """
    secrets, desk, flows = tmp_path / "secrets", tmp_path / "desk.yaml", tmp_path / "flows"
    secrets.mkdir()
    desk.write_text("language: en")
    shutil.copytree(FLOWS, flows)
    options = {"secrets": str(secrets), "desk": str(desk), "flows": str(flows)}
    started.append(first := Serving(tmp_path / "triage.db", **options))
    first.says("serving")
    second, third = (Serving(tmp_path / "triage.db", http_port=first.port) for _ in range(2))
    started += [second, third]
    for each in (second, third):
        each.says("standing_by")
    assert second.end(signal.SIGINT) == 0
    (flows / "more.yaml").write_text("flow: more\nversion: one\ntitle: More\nsteps:\n  - {id: a, saay: A}\n")
    first.process.send_signal(signal.SIGHUP)
    told = first.says("flows_not_reloaded")["error"]
    assert "more.yaml:2:" in told
    assert "more.yaml:5:" in told
    (flows / "more.yaml").unlink()
    desk.write_text('webhooks: {crm: {url: "http://127.0.0.1:1/hook"}}')
    first.process.send_signal(signal.SIGHUP)
    assert "no secret of the webhook crm" in first.says("flows_not_reloaded")["error"]
    (secrets / "TRIAGE_WEBHOOK_SECRETS").write_text("crm=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    first.process.send_signal(signal.SIGHUP)
    assert first.says("flows_reloaded")
    assert first.end(signal.SIGINT) == 0
    third.says("listening")
    assert asked(third)[0] == 200


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"log_level": "loud", "staff": "here"}, ["TRIAGE_LOG_LEVEL is 'loud'", "TRIAGE_STAFF: 'here' is no address"]),
        ({"flow": "shoe"}, ["TRIAGE_FLOW: there is no flow 'shoe'", "shop"]),
        ({"database_url": "mysql://u:opensesame@host/db"}, ["'mysql' is no database known here"]),
        ({"database_url": "postgresql://u:opensesame@127.0.0.1:1/db"}, ["PostgreSQL cannot be reached"]),
        ({"http_port": "0"}, ["TRIAGE_HTTP_PORT", "greater than or equal to 1"]),
        ({"http_host": "203.0.113.7"}, ["203.0.113.7, port ", "Set TRIAGE_HTTP_HOST or TRIAGE_HTTP_PORT"]),
        ({"staff": "slack:T1:C1:"}, ["TRIAGE_STAFF is on slack, but there is no token for slack"]),
        ({"staff": "console:desk:cases: telegram:1:2:"}, ["TRIAGE_STAFF is on telegram, but there is no token"]),
        ({"telegram_webhook_secret": "s"}, ["TRIAGE_TELEGRAM_WEBHOOK_SECRET is set, but TRIAGE_TELEGRAM_TOKEN is not"]),
        ({"telegram_token": "none"}, ["TRIAGE_TELEGRAM_TOKEN: this is no token of a bot", "@BotFather"]),
        ({"flows": "/nowhere"}, ["/nowhere", "there is no such file or folder"]),
    ],
)
def test_what_is_wrong_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: list[str]
) -> None:
    """Each wrong setting is named with what would be right, without a traceback and without a password; exit code 1."""
    monkeypatch.setattr(server, "PATIENCE_S", 0.1)
    told = {"database_url": new_file(tmp_path), "http_port": str(free_port()), "flows": str(FLOWS)}
    for name, value in {**told, **settings}.items():
        monkeypatch.setenv(f"TRIAGE_{name.upper()}", value)
    code, _, said = run("serve")
    assert code == 1
    assert [each for each in words if each not in said] == []
    assert "Traceback" not in said
    assert "opensesame" not in said


def test_a_process_that_is_set_up_wrongly_ends() -> None:
    """With 1, after the words for the operator and nothing else."""
    program = Program(
        "serve",
        environment={**os.environ, "TRIAGE_LOG_LEVEL": "loud"},
        code="import runpy; runpy.run_module('bot.cli', run_name='__main__')",
    )
    _, said = program.communicate()
    assert program.wait() == 1
    assert said.startswith(b"TRIAGE_LOG_LEVEL is 'loud'")
    assert b"Traceback" not in said
