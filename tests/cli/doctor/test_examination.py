"""`triage doctor` as its user sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.ports import free_port

if TYPE_CHECKING:
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that is free."""
    monkeypatch.setenv("TRIAGE_HTTP_PORT", str(free_port()))


def examined(*options: str) -> tuple[int, str]:
    """Its exit code and what it says."""
    done = CliRunner().invoke(app, ["doctor", *options])
    return done.exit_code, done.output


def test_without_a_platform() -> None:
    """Everything but the platforms is looked at, and an installation without any is fit for terminals."""
    code, said = examined()
    assert code == 0, said
    titles = [line for line in said.splitlines() if line and not line.startswith(" ")]
    assert titles[:5] == ["Settings", "Flows", "Desk", "Machine", "Database"]
    assert "Fit to go live" in titles[5]


async def test_with_telegram(telegram: TelegramStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that is configured is looked at, too, and sent to where that was asked for."""
    ana = telegram.user("Ana")
    await ana.start()
    monkeypatch.setenv("TRIAGE_TELEGRAM_TOKEN", telegram.token)
    monkeypatch.setenv("TRIAGE_TELEGRAM_API_URL", f"{telegram.url}/bot")
    code, said = await asyncio.to_thread(examined, "--send-to", f"telegram:7000000001:{ana.user.id}:")
    assert code == 0, said
    assert f"a message was sent to telegram:7000000001:{ana.user.id}: and deleted" in said


async def test_with_slack_in_many_workspaces(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are looked at."""
    monkeypatch.setenv("TRIAGE_SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("TRIAGE_SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("TRIAGE_SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("TRIAGE_SLACK_TOKEN_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    monkeypatch.setenv("TRIAGE_SLACK_API_URL", f"{slack.url}/api/")
    code, said = await asyncio.to_thread(examined)
    assert (code, "no workspace has installed the app yet" in said) == (1, True), said


def test_a_broken_one(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """Everything that is wrong is said at once, each with its fix, without a traceback; the exit code is 1."""
    monkeypatch.setenv("TRIAGE_STAFF", "slack:T1:C1:")
    monkeypatch.setenv("TRIAGE_FLOWS", f"{tmp_path}/nowhere")
    code, said = examined()
    assert code == 1
    assert "TRIAGE_STAFF is on slack, but there is no token for slack" in said
    assert "there is no such file or folder" in said
    assert "Not fit to go live: 2 things are wrong" in said
    assert "Traceback" not in said


def test_a_flow_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What begins has to be one of the flows."""
    monkeypatch.setenv("TRIAGE_FLOW", "help_us_help_me")
    code, said = examined()
    assert (code, "TRIAGE_FLOW: there is no flow 'help_us_help_me'" in said) == (1, True)


def test_an_address_that_is_none() -> None:
    """It is refused before anything is looked at."""
    code, said = examined("--send-to", "ana")
    assert (code, "--send-to" in said) == (2, True)
