"""Slack apps that are fit to go live, and deliberately broken ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.channels.slack.moves import Moves
from bot.chat.addresses import Address
from bot.cli.doctor import slack as doctor
from bot.settings import Settings
from bot.store.opening import open_store
from tests.databases import new_file
from tests.platforms.slack import SlackStandIn

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cli.doctor.findings import Finding

pytestmark = pytest.mark.anyio
SECRET = "0123456789abcdef0123456789abcdef"


async def examined(server: SlackStandIn, *sending: Address, **more: Any) -> list[Finding]:
    """What is found of the app with these settings."""
    usual = {
        "slack_bot_token": SecretStr(server.bot_token),
        "slack_signing_secret": SecretStr(SECRET),
        "slack_api_url": f"{server.url}/api/",
    }
    return await doctor.examine(Settings(**usual | more), list(sending), time.time)  # type: ignore[arg-type]


def faults(findings: list[Finding]) -> list[Finding]:
    """What is not well."""
    return [each for each in findings if each.state != "ok"]


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_an_app_that_is_fit(slack: SlackStandIn, mode: str) -> None:
    """With good tokens there is nothing to mend, in both modes."""
    token = slack.access.app_token if mode == "socket" else ""
    findings = await examined(slack, slack_app_token=SecretStr(token))
    assert faults(findings) == []
    assert any("scopes of the manifest" in each.words for each in findings)
    assert any(("Socket Mode" if mode == "socket" else "/slack/events") in each.words for each in findings)


@pytest.mark.parametrize(
    ("settings", "fix"),
    [
        ({"slack_bot_token": SecretStr("xoxb-wrong")}, "TRIAGE_SLACK_BOT_TOKEN"),
        ({"slack_api_url": "http://127.0.0.1:1/api/"}, "http://127.0.0.1:1/api/ right (TRIAGE_SLACK_API_URL)"),
        ({"slack_app_token": SecretStr("xapp-wrong")}, "TRIAGE_SLACK_APP_TOKEN"),
        ({"slack_app_token": SecretStr("xoxb-wrong")}, "connections:write"),
        ({"slack_signing_secret": SecretStr("wrong")}, "TRIAGE_SLACK_SIGNING_SECRET"),
        ({"staff": "slack:T0OTHER:C1:"}, "for channels of this workspace"),
    ],
)
async def test_what_is_wrong(slack: SlackStandIn, settings: dict[str, Any], fix: str) -> None:
    """One fault each, with its fix, and no token in it."""
    (fault,) = faults(await examined(slack, **settings))
    assert fix in fault.fix
    assert "wrong" not in fault.words + fault.fix


async def test_scopes_that_are_missing() -> None:
    """An app that was installed before it needed them is told to be installed again."""
    async with SlackStandIn(scopes=frozenset({"chat:write", "users:read"})) as slack:
        (fault,) = faults(await examined(slack))
    assert (fault.state, "im:history" in fault.words, "chat:write" in fault.words) == ("wrong", True, False)
    assert "install the app again" in fault.fix


async def test_the_channel_of_the_staff(slack: SlackStandIn, tmp_path: Path) -> None:
    """The app has to be in it, under whichever id it has now."""
    sam = slack.user("Sam")
    inside = slack.channel("desk", [sam], private=True)
    outside = slack.channel("other", [sam], private=True, with_bot=False)
    team = slack.home.id
    assert faults(await examined(slack, staff=f"telegram:1:-1: slack:{team}:{inside.id}:")) == []
    (fault,) = faults(await examined(slack, staff=f"slack:{team}:{outside.id}:"))
    assert (fault.state, "/invite @Triage" in fault.fix) == ("wrong", True)
    url, home = new_file(tmp_path), Address("slack", team, inside.id)
    inside.move()
    store = await open_store(url)
    await Moves(store).follow(home, inside.id)
    await store.close()
    assert faults(await examined(slack, staff=str(home), database_url=SecretStr(url))) == []


async def test_a_round_trip(slack: SlackStandIn) -> None:
    """A message is sent and taken away again; where the app is not, none is."""
    sam = slack.user("Sam")
    inside, outside = slack.channel("desk", [sam]), slack.channel("other", [sam], private=True, with_bot=False)
    here, there = (Address("slack", slack.home.id, each.id) for each in (inside, outside))
    findings = await examined(slack, here)
    assert f"a message was sent to {here} and deleted" in [each.words for each in findings]
    assert len(slack.wire.calls("chat.delete")) == 1
    (fault,) = faults(await examined(slack, there))
    assert (fault.state, str(there) in fault.words) == ("wrong", True)
