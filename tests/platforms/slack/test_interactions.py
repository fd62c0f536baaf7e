"""What people do and how the app answers; how an app is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.bolt import in_socket_mode, over_http
from tests.platforms.slack.refused import refused

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio


async def test_commands_and_shortcuts(slack: SlackStandIn, app: AsyncApp) -> None:
    """A command is answered where it was typed, shortcuts bring a trigger, an answer comes later at the address."""
    seen = []

    @app.command("/triage")
    async def command(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack(f"You typed {body['text']}")
        await respond("And more", response_type="in_channel")

    @app.shortcut("ask")
    async def shortcut(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append((body["type"], body.get("message", {}).get("text")))

    ana = slack.user("Ana")
    channel = slack.channel("support", [ana])
    async with in_socket_mode(slack, app):
        said = await ana.send("a problem", channel=channel)
        assert await (await ana.slash("/triage", "now", channel=channel)).answered() == "You typed now"
        assert {(await ana.next_message(channel=channel)).text for _ in range(2)} == {"You typed now", "And more"}
        await (await ana.shortcut("ask")).answered()
        await (await ana.message_shortcut("ask", said)).answered()
    assert seen == [("shortcut", None), ("message_action", "a problem")]


async def test_options_come_from_the_app(slack: SlackStandIn, app: AsyncApp) -> None:
    """What is typed into an external select reaches the app; its options can be chosen then."""
    select = {"type": "external_select", "action_id": "bank", "min_query_length": 2}
    select["placeholder"] = {"type": "plain_text", "text": "Your bank"}
    chosen = []

    @app.options("bank")
    async def options(ack: Any, payload: dict[str, Any]) -> None:
        text = {"type": "plain_text", "text": f"{payload['value']} Bank"}
        await ack(options=[{"text": text, "value": "b"}])

    @app.action("bank")
    async def bank(ack: Any, action: dict[str, Any]) -> None:
        await ack()
        chosen.append(action["selected_option"]["value"])

    ana = slack.user("Ana")
    await app.client.chat_postMessage(channel=ana.user.id, text="?", blocks=[{"type": "actions", "elements": [select]}])
    shown = await ana.next_message()
    async with in_socket_mode(slack, app):
        with pytest.raises(AssertionError, match="from 2 characters on"):
            await ana.search(shown, "Your bank", "N")
        assert [each["text"]["text"] for each in await ana.search(shown, "Your bank", "North")] == ["North Bank"]
        await (await ana.choose(shown, "North Bank")).answered()
    assert chosen == ["b"]


async def test_an_answer_address_serves_five_times(slack: SlackStandIn, app: AsyncApp) -> None:
    """Within half an hour; it replaces and removes the message whose button was pressed."""
    urls = []

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        urls.append(body["response_url"])

    ana = slack.user("Ana")
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    await app.client.chat_postMessage(channel=ana.user.id, text="?", blocks=[{"type": "actions", "elements": [button]}])
    shown = await ana.next_message()
    async with in_socket_mode(slack, app), aiohttp.ClientSession() as http:
        await (await ana.press(shown, "Go")).answered()
        await (await ana.press(shown, "Go")).answered()

        async def answer(url: str, **fields: Any) -> str:
            async with http.post(url, json=fields) as response:
                return await response.text()

        assert await answer(urls[0], text="Done", replace_original=True) == "ok"
        assert (shown.text, shown.buttons) == ("Done", [])
        for _ in range(3):
            assert await answer(urls[0], text="x") == "ok"
        assert await answer(urls[0], delete_original=True) == "ok"
        assert shown.deleted
        assert await answer(urls[0], text="x") == "used_url"
        slack.clock.advance(1801)
        assert await answer(urls[1], text="x") == "expired_url"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # by slack_sdk, of aiohttp
async def test_installing_by_oauth(slack: SlackStandIn, app: AsyncApp) -> None:
    """A code is exchanged once, for the token of the workspace that it stands for."""
    ana = slack.user("Ana", workspace=slack.workspace("Partner"))
    code = slack.access.code(ana.workspace, ana.user.id)
    given = {"client_id": slack.access.client_id, "client_secret": slack.access.client_secret, "code": code}
    installed = await app.client.oauth_v2_access(**given)
    assert (installed["team"]["name"], installed["access_token"]) == ("Partner", ana.workspace.installation.token)
    with refused("invalid_code"):
        await app.client.oauth_v2_access(**given)
    with refused("bad_client_secret"):
        await app.client.oauth_v2_access(**{**given, "client_secret": "x"})


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # by slack_sdk, of aiohttp
async def test_the_library_installs_by_itself(slack: SlackStandIn, tmp_path: Path) -> None:
    """slack-bolt's own flow, from its install page over Slack's page to a stored token of the right workspace.

    It is stored in the clear, and asked about at every event before that is acknowledged; the product does neither.
    """
    partner = slack.workspace("Partner")
    slack.access.installing = partner
    installations = FileInstallationStore(base_dir=str(tmp_path))
    states = FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path))
    settings = AsyncOAuthSettings(
        client_id=slack.access.client_id,
        client_secret=slack.access.client_secret,
        scopes=["chat:write", "im:history"],
        redirect_uri="http://127.0.0.1:9/slack/oauth_redirect",
        authorization_url=f"{slack.url}/oauth/v2/authorize",
        installation_store=installations,
        state_store=states,
        install_page_rendering_enabled=False,
    )
    client = AsyncWebClient(base_url=f"{slack.url}/api/")
    app = AsyncApp(client=client, signing_secret=slack.access.signing_secret, oauth_settings=settings)
    assert app.oauth_flow is not None
    begun = await app.oauth_flow.handle_installation(AsyncBoltRequest(body="", query="", headers={}))
    async with (
        aiohttp.ClientSession() as http,
        http.get(begun.headers["location"][0], allow_redirects=False) as page,
    ):
        query = page.headers["Location"].partition("?")[2]
    cookie = begun.headers["set-cookie"][0].partition(";")[0]
    ended = await app.oauth_flow.handle_callback(AsyncBoltRequest(body="", query=query, headers={"cookie": cookie}))
    assert ended.status == 200
    found = await installations.async_find_bot(enterprise_id=None, team_id=partner.id)
    assert found is not None
    assert found.bot_token == partner.installation.token
    kept = [each.read_text() for each in tmp_path.rglob("*") if each.is_file()]
    assert any(partner.installation.token in each for each in kept)

    @app.event("message")
    async def message() -> None:
        """Take it."""

    async with over_http(slack, app):
        for words in ("one", "two"):
            await slack.user("Ben", workspace=partner).send(words)
        await slack.news.until(lambda: len(slack.wire.deliveries("message")) == 2, "both are acknowledged")
    assert len(slack.wire.calls("auth.test")) == 1 + 2  # when it was installed, and for each event
