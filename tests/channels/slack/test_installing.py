"""Many workspaces: installed by whoever wants it, each answered with its own token, gone when it is removed."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.channels.slack.installing import COOKIE, INSTALL, REDIRECT, SCOPES
from bot.cli.serve import serve
from bot.settings import Settings
from tests.channels.slack.test_end_to_end import question
from tests.channels.telegram.conftest import anyio_backend, ready_at
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.platforms.news import PATIENCE
from tests.platforms.oracle import SlackOracle
from tests.platforms.slack.events import removed
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(slack: SlackStandIn, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, at a service that is to be installed by OAuth."""
    port = free_port()
    settings = Settings(
        database_url=SecretStr(new_file(tmp_path)),
        slack_signing_secret=SecretStr(slack.access.signing_secret),
        slack_client_id=slack.access.client_id,
        slack_client_secret=SecretStr(slack.access.client_secret),
        slack_token_key=SecretStr(Fernet.generate_key().decode()),
        slack_api_url=f"{slack.url}/api/",
        public_url=f"http://127.0.0.1:{port}",
        http_port=port,
    )
    slack.access.redirect_url = f"http://127.0.0.1:{port}{REDIRECT}"
    async with meanwhile(serve(settings)):
        await ready_at(port)
        await slack.set_request_url(f"http://127.0.0.1:{port}/slack/events")
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield client


def kept(folder: Path) -> list[str]:
    """The accounts that the app is installed in."""
    with closing(sqlite3.connect(folder / "triage.db")) as database:
        return [account for (account,) in database.execute("SELECT account FROM installations ORDER BY 1")]


def _state(begun: httpx.Response) -> str:
    return begun.cookies[COOKIE].strip('"')


async def install(browser: httpx.AsyncClient) -> httpx.Response:
    """Begin, allow it on Slack's page, and come back."""
    return await browser.get(INSTALL, follow_redirects=True)


async def test_each_workspace_is_answered_with_its_own_token(
    browser: httpx.AsyncClient, slack: SlackStandIn, tmp_path: Path
) -> None:
    """Two workspaces install the app, and their merchants talk to it; one removes it, and the other goes on."""
    partner = slack.workspace("Partner <Ltd>")
    for workspace in (slack.home, partner):
        slack.access.installing = workspace
        done = await install(browser)
        assert done.status_code == 200
        assert workspace.name.replace("<", "&lt;").replace(">", "&gt;") in done.text
    assert kept(tmp_path) == sorted(f"slack:{each.id}" for each in (slack.home, partner))
    ana, ben = slack.user("Ana"), slack.user("Ben", workspace=partner)
    for each in (ana, ben):
        await each.send("hello")
        await question(each)
    slack.uninstall(partner)
    async with asyncio.timeout(PATIENCE):
        while len(kept(tmp_path)) > 1:  # noqa: ASYNC110  (a database tells nobody)
            await asyncio.sleep(0.01)
    await ana.send("WooCommerce")
    await question(ana)
    assert slack.wire.calls("auth.test") == []  # Slack is asked nothing before it is acknowledged


async def test_in_a_shared_channel_one_of_two_answers(
    browser: httpx.AsyncClient, slack: SlackStandIn, tmp_path: Path
) -> None:
    """Two workspaces with the app are told of each message: the one whose app was mentioned has the conversation.

    It keeps that when the other one is mentioned, too; where both are at once, one of them begins.
    """
    partner = slack.workspace("Partner")
    for workspace in (slack.home, partner):
        slack.access.installing = workspace
        await install(browser)
    ana = slack.user("Ana")
    shop = slack.channel("shop", [ana])
    shop.share(partner)
    said = await ana.mention(shop, "it is broken")

    def there() -> int:
        return len(ana.messages(channel=shop, thread=said.id))

    await ana.until(lambda: there() > 2 or None, "the question is there")
    before = there()
    await ana.send("WooCommerce", channel=shop, thread=said.id)
    await ana.until(lambda: there() > before + 1 or None, "the next one is there")

    def threads() -> list[str]:
        with closing(sqlite3.connect(tmp_path / "triage.db")) as database:
            return [each for (each,) in database.execute("SELECT address FROM conversations ORDER BY id")]

    ours, theirs = (f"<@{each.installation.bot.id}>" for each in (slack.home, partner))
    await ana.send(f"{theirs} are you there?", channel=shop, thread=said.id)
    both = await ana.send(f"{theirs} {ours} what now?", channel=shop)
    await ana.until(lambda: len(ana.messages(channel=shop, thread=both.id)) > 2 or None, "the question is there")
    assert threads()[0] == f"slack:{slack.home.id}:{shop.id}:{said.id}"
    assert [each.rpartition(":")[2] for each in threads()] == [said.id, both.id]


async def test_an_organisation_is_answered_in_all_of_its_workspaces(
    browser: httpx.AsyncClient, slack: SlackStandIn, tmp_path: Path
) -> None:
    """Installed once, for workspaces that its answer does not name: by words, a press, a command, a shortcut, the tab.

    A workspace on its own beside it goes on when the organisation removes the app.
    """
    bridge, engine = slack.organisation("Starship & Co.", "Bridge", "Engine")
    assert bridge.organisation is not None
    for each in (bridge, slack.home):
        slack.access.installing = each
        done = await install(browser)
        assert done.status_code == 200
        assert ("Starship &amp; Co." in done.text, "/workspaces/add" in done.text) == (each is bridge,) * 2
    assert kept(tmp_path) == sorted(f"slack:{each}" for each in (bridge.organisation.id, slack.home.id))
    ana, ben, kim = slack.user("Ana", workspace=bridge), slack.user("Ben", workspace=engine), slack.user("Kim")
    for person in (ana, ben, kim):
        await person.send("hello")
        first = await question(person)
        await person.choose(first, "WooCommerce")
        await question(person)
    told = await (await ben.slash("/triage", channel=slack.channel("deck", [ben]))).answered()
    assert told == "I have written to you in our direct messages."
    cleo = slack.user("Cleo", workspace=engine)
    await (await cleo.shortcut("start_conversation")).answered()
    await question(cleo)
    await ana.open_home()
    assert len((await ana.home()).buttons) > 1
    removed(slack, engine, vague=True)
    await slack.news.until(lambda: len(slack.wire.deliveries("app_uninstalled")) == 1, "of which of two it cannot tell")
    assert len(kept(tmp_path)) == 2  # Slack was asked: the organisation's token serves
    slack.uninstall(engine, vague=True)
    async with asyncio.timeout(PATIENCE):
        while len(kept(tmp_path)) > 1:  # noqa: ASYNC110  (a database tells nobody)
            await asyncio.sleep(0.01)
    assert kept(tmp_path) == [f"slack:{slack.home.id}"]
    await kim.send("/back")
    await question(kim)
    assert SlackOracle().faults(slack.wire) == []


async def test_what_is_asked_of_slack(browser: httpx.AsyncClient) -> None:
    """The scopes of the manifest, a state that stands in a cookie of this browser alone, and nothing secret."""
    begun = await browser.get(f"{INSTALL}?team=T0")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert begun.status_code == 302
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked["team"] == ["T0"]
    assert asked["redirect_uri"] == [str(browser.base_url.join(REDIRECT))]
    assert asked["state"] == [_state(begun)]
    assert "client_secret" not in asked
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    behind_tls = await browser.get(INSTALL, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in behind_tls.headers["set-cookie"]


async def test_who_did_not_begin_here_installs_nothing(
    browser: httpx.AsyncClient, slack: SlackStandIn, tmp_path: Path
) -> None:
    """Without the cookie, with another state, with one made up: refused, and the code is not used up."""
    code = slack.access.code(slack.home, "U1", str(browser.base_url.join(REDIRECT)))
    begun = await browser.get(INSTALL)
    state = _state(begun)
    browser.cookies.clear()
    for query, cookie in (
        ({"code": code, "state": state}, ""),
        ({"code": code}, ""),
        ({"code": code, "state": state}, "other"),
        ({"code": code, "state": "made-up"}, "made-up"),
    ):
        answer = await browser.get(REDIRECT, params=query, headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {})
        assert answer.status_code == 400
    assert kept(tmp_path) == []
    done = await browser.get(REDIRECT, params={"code": code, "state": state}, headers={"Cookie": f"{COOKIE}={state}"})
    assert done.status_code == 200


async def test_what_slack_does_not_confirm_installs_nothing(
    browser: httpx.AsyncClient, slack: SlackStandIn, tmp_path: Path
) -> None:
    """Somebody says no, or the code is none: a page says so, with a way to begin again."""
    begun = await browser.get(INSTALL)
    state = _state(begun)
    denied = await browser.get(REDIRECT, params={"error": "access_denied", "state": state})
    assert "Nothing was installed" in denied.text
    for _ in range(2):
        wrong = await browser.get(REDIRECT, params={"code": "none", "state": state})
        assert wrong.status_code == 502
        assert INSTALL in wrong.text
    assert kept(tmp_path) == []
    assert (await install(browser)).status_code == 200
    assert kept(tmp_path) == [f"slack:{slack.home.id}"]
