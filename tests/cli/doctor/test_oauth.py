"""Apps that workspaces install themselves: fit to be installed and at work, and deliberately broken ones."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.channels.slack.connecting import client
from bot.channels.slack.installations import Installations
from bot.channels.slack.installing import Credentials, routes
from bot.chat.addresses import Address
from bot.cli.doctor import oauth
from bot.settings import Settings
from bot.store.opening import open_store
from bot.web.server import WebServer
from tests.databases import new_file
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.cli.doctor.findings import Finding
    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.world import Workspace

pytestmark = pytest.mark.anyio
KEY = Fernet.generate_key().decode()


async def examined(
    server: SlackStandIn, folder: Path, workspaces: Sequence[Workspace], *sending: Address, **more: Any
) -> list[Finding]:
    """What is found with these settings where those workspaces have installed the app, at a service that answers."""
    url = new_file(folder)
    store = await open_store(url)
    try:
        installations = Installations(store, KEY, lambda: 1)
        for each in workspaces:
            team = each.organisation.id if each.organisation is not None else each.id
            await installations.keep(team, each.installation.token)
        port = free_port()
        usual: dict[str, Any] = {
            "database_url": SecretStr(url),
            "slack_client_id": server.access.client_id,
            "slack_client_secret": SecretStr(server.access.client_secret),
            "slack_token_key": SecretStr(KEY),
            "slack_signing_secret": SecretStr("0123456789abcdef0123456789abcdef"),
            "slack_api_url": f"{server.url}/api/",
            "public_url": f"http://127.0.0.1:{port}",
        }
        credentials = Credentials(server.access.client_id, server.access.client_secret)
        pages = routes(installations, client(None, f"{server.url}/api/"), credentials)
        async with WebServer(Starlette(routes=pages), "127.0.0.1", port) as web:
            web.listen()
            return await oauth.examine(Settings(**usual | more), list(sending), time.time)
    finally:
        await store.close()


def faults(findings: list[Finding]) -> list[Finding]:
    """What is not well."""
    return [each for each in findings if each.state != "ok"]


async def test_an_app_that_is_fit(slack: SlackStandIn, tmp_path: Path) -> None:
    """A workspace and an organisation, the channel of staff in one, a message to the other: nothing to mend."""
    bridge, _ = slack.organisation("Starship", "Bridge", "Engine")
    assert bridge.organisation is not None
    desk = slack.channel("desk", [slack.user("Noor")], private=True)
    deck = slack.channel("deck", [slack.user("Ana", workspace=bridge)])
    there = Address("slack", bridge.organisation.id, deck.id)
    staff = f"slack:{slack.home.id}:{desk.id}:"
    findings = await examined(slack, tmp_path, [slack.home, bridge], there, staff=staff)
    assert faults(findings) == []
    said = "\n".join(each.words for each in findings)
    for each in ("client id and secret", "in Acme", "in Starship", "oauth_redirect", "channel of the staff", "deleted"):
        assert each in said


@pytest.mark.parametrize(
    ("settings", "words", "fix"),
    [
        ({"slack_client_id": "other"}, "invalid_client_id", "TRIAGE_SLACK_CLIENT_ID"),
        ({"slack_client_secret": SecretStr("other")}, "bad_client_secret", "TRIAGE_SLACK_CLIENT_SECRET"),
        ({"slack_signing_secret": SecretStr("other")}, "hexadecimal", "TRIAGE_SLACK_SIGNING_SECRET"),
        ({"slack_token_key": SecretStr("A" * 43 + "=")}, "sealed with another key", "TRIAGE_SLACK_TOKEN_KEY"),
        ({"public_url": ""}, "TRIAGE_PUBLIC_URL is not set", "/slack/oauth_redirect"),
        ({"public_url": "http://127.0.0.1:1"}, "cannot be reached", "Does the service run"),
        ({"staff": "slack:T0OTHER:C1:"}, "not installed in T0OTHER", "Install it there"),
    ],
)
async def test_what_is_wrong(
    slack: SlackStandIn, tmp_path: Path, settings: dict[str, Any], words: str, fix: str
) -> None:
    """Each fault with its fix."""
    fault, *more = faults(await examined(slack, tmp_path, [slack.home], **settings))
    assert words in fault.words
    assert fix in fault.fix
    assert len(more) == ("slack_client_id" in settings)  # what the service answers is of another app, then


async def test_workspaces_that_need_something(slack: SlackStandIn, tmp_path: Path) -> None:
    """One has removed the app and one allows too little: each is named, with what to do; the third one is fit."""
    gone, poor = slack.workspace("Gone"), slack.workspace("Poor")
    poor.installation.scopes = frozenset({"chat:write"})
    slack.uninstall(gone)
    removed, lacking = sorted(faults(await examined(slack, tmp_path, [gone, poor, slack.home])), key=lambda f: f.state)
    assert (removed.state, gone.id in removed.words, "/slack/install" in removed.fix) == ("odd", True, True)
    assert (lacking.state, "im:history" in lacking.words, "once more" in lacking.fix) == ("wrong", True, True)
    assert poor.id in lacking.words


async def test_nobody_has_installed_it(slack: SlackStandIn, tmp_path: Path) -> None:
    """It says where to begin."""
    (fault,) = faults(await examined(slack, tmp_path, []))
    assert "no workspace" in fault.words
    assert "/slack/install" in fault.fix
