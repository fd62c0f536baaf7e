"""What the app is told and how often: signatures, repetition, Socket Mode, shared channels, answers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.bolt import in_socket_mode, over_http
from tests.platforms.news import PATIENCE
from tests.platforms.slack.refused import refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from slack_bolt.async_app import AsyncApp

    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio


class Taker:
    """A Request URL that answers what it is told to, 200 otherwise, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, Any], dict[str, str]]] = []
        self.answers: list[web.Response] = []
        self.signed: list[bool] = []
        self.arrived = asyncio.Condition()

    async def handle(self, request: web.Request, verifier: SignatureVerifier) -> web.Response:
        """Take a delivery."""
        body = await request.text()
        payload = await request.json()
        if "challenge" in payload:
            return web.json_response({"challenge": payload["challenge"]})
        async with self.arrived:
            self.signed.append(verifier.is_valid_request(body, dict(request.headers)))
            self.got.append((payload, dict(request.headers)))
            self.arrived.notify_all()
        return self.answers.pop(0) if self.answers else web.Response()

    async def count(self, number: int) -> None:
        """Until there are so many."""
        async with asyncio.timeout(PATIENCE), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= number)


@asynccontextmanager
async def taking(slack: SlackStandIn) -> AsyncIterator[Taker]:
    """A Request URL on loopback."""
    taker = Taker()
    verifier = SignatureVerifier(slack.access.signing_secret)
    routes = web.Application()

    async def handle(request: web.Request) -> web.Response:
        return await taker.handle(request, verifier)

    routes.router.add_post("/", handle)
    runner = web.AppRunner(routes, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await slack.set_request_url(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield taker
    finally:
        await runner.cleanup()


async def test_an_event_comes_up_to_four_times(slack: SlackStandIn) -> None:
    """Signed each time; repeated at once, after a minute and after five, with number and reason in the headers."""
    ana = slack.user("Ana")
    async with taking(slack) as taker:
        taker.answers = [web.Response(status=500) for _ in range(4)]
        await ana.send("hello")
        for attempts, pause in ((2, 60), (3, 300)):
            await slack.news.until(lambda n=attempts: len(slack.wire.deliveries("message")) == n, "the next attempt")  # type: ignore[misc]
            slack.clock.advance(pause)
        await slack.news.until(lambda: slack.gave_up or None, "Slack gives up")
        headers = [(each.get("X-Slack-Retry-Num"), each.get("X-Slack-Retry-Reason")) for _, each in taker.got]
        assert headers == [(None, None), *((str(number), "http_error") for number in (1, 2, 3))]
        assert len({payload["event_id"] for payload, _ in taker.got}) == 1
        assert taker.got[0][0]["event"]["text"] == "hello"


async def test_an_app_can_ask_for_no_repetition(slack: SlackStandIn) -> None:
    """X-Slack-No-Retry on an answer that is no success ends it."""
    ana = slack.user("Ana")
    async with taking(slack) as taker:
        taker.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
        await ana.send("one")
        await taker.count(1)
        await ana.send("two")
        await taker.count(2)
        assert [payload["event"]["text"] for payload, _ in taker.got] == ["one", "two"]
        assert taker.signed == [True, True]


async def test_a_slow_app_is_told_again(slack: SlackStandIn) -> None:
    """After three seconds without an answer the event comes again, whatever is answered later."""
    ana = slack.user("Ana")
    slow = asyncio.Event()

    class Slow(Taker):
        async def handle(self, request: web.Request, verifier: SignatureVerifier) -> web.Response:
            taken = await super().handle(request, verifier)
            if len(self.got) == 1:
                await slow.wait()
            return taken

    taker = Slow()
    async with taking(slack) as plain:
        plain.handle = taker.handle  # type: ignore[method-assign]
        await ana.send("hello")
        await taker.count(1)
        while len(taker.got) < 2:
            slack.clock.advance(1)
            await asyncio.sleep(0.01)
        slow.set()
        assert taker.got[1][1]["X-Slack-Retry-Reason"] == "http_timeout"


async def test_duplicates_and_disorder_on_demand(slack: SlackStandIn) -> None:
    """The script of faults repeats events and turns their order round."""
    ana = slack.user("Ana")
    async with taking(slack) as taker:
        slack.faults.duplicate()
        await ana.send("one")
        await taker.count(2)
        assert taker.got[0][0]["event_id"] == taker.got[1][0]["event_id"]
        slack.faults.reorder(2)
        await ana.send("two")
        await ana.send("three")
        await taker.count(4)
        assert {payload["event"]["text"] for payload, _ in taker.got[2:]} == {"two", "three"}


async def test_a_mention_is_told_twice(slack: SlackStandIn, app: AsyncApp) -> None:
    """As a message of the channel and as a mention: two event ids, one ts."""
    heard = []

    @app.event("message")
    async def message(event: dict[str, Any], body: dict[str, Any]) -> None:
        heard.append((event["type"], event["ts"], body["event_id"]))

    app.event("app_mention")(message)
    ana = slack.user("Ana")
    channel = slack.channel("support", [ana])
    async with over_http(slack, app):
        await ana.mention(channel, "help")
        await slack.news.until(lambda: len(heard) == 2, "both events")
    assert {kind for kind, _, _ in heard} == {"message", "app_mention"}
    assert (len({ts for _, ts, _ in heard}), len({number for _, _, number in heard})) == (1, 2)


async def test_a_shared_channel_tells_every_workspace(slack: SlackStandIn) -> None:
    """Two workspaces with the app get one message each, with different event ids and the same channel and ts."""
    ana = slack.user("Ana")
    partner = slack.workspace("Partner")
    channel = slack.channel("shared", [ana])
    channel.share(partner)
    async with taking(slack) as taker:
        said = await ana.send("hello", channel=channel)
        await taker.count(2)
        bodies = [payload for payload, _ in taker.got]
    assert {each["team_id"] for each in bodies} == {slack.home.id, partner.id}
    assert len({each["event_id"] for each in bodies}) == 2
    assert {(each["event"]["channel"], each["event"]["ts"]) for each in bodies} == {(channel.id, said.id)}
    assert {(each["is_ext_shared_channel"], each["event"]["user_team"]) for each in bodies} == {(True, slack.home.id)}


async def test_strangers_are_known_a_little(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Somebody of another organisation in a shared channel has no address; somebody in no common channel is unknown."""
    ana, partner = slack.user("Ana"), slack.workspace("Partner")
    bo = slack.user("Bo", workspace=partner)
    with refused("user_not_found"):
        await client.users_info(user=bo.user.id)
    channel = slack.channel("shared", [ana, bo])
    channel.share(partner)
    found = (await client.users_info(user=bo.user.id))["user"]
    assert (found["is_stranger"], "email" in found["profile"]) == (True, False)
    with refused("channel_not_found"):
        await client.chat_postMessage(channel=bo.user.id, text="?")


async def test_changes_are_told(slack: SlackStandIn, app: AsyncApp) -> None:
    """An edit, an unfurl, a deletion, a reaction, a file: each is an event of its own."""
    heard = []

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event.get("subtype", "message"))

    @app.event("reaction_added")
    async def reaction(event: dict[str, Any]) -> None:
        heard.append(event["reaction"])

    @app.event("file_shared")
    async def file(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    ana = slack.user("Ana")
    async with over_http(slack, app):
        said = await ana.send("helo")
        await ana.edit(said, "hello")
        await ana.unfurl(said, "A page")
        await ana.react(said, "eyes")
        await ana.delete(said)
        await ana.upload("log.txt", b"line")
        await slack.news.until(lambda: len(heard) == 7, "every event")
    changed = ["message_changed"] * 2
    assert sorted(heard) == sorted(["message", *changed, "eyes", "message_deleted", "file_share", "file_shared"])


async def test_socket_mode_reconnects(slack: SlackStandIn, app: AsyncApp) -> None:
    """Asked to connect anew, or cut off, the library comes back; events meanwhile go to the other connection."""
    heard = []

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    ana = slack.user("Ana")
    async with in_socket_mode(slack, app, connections=2):
        await slack.sockets.disconnect()
        await ana.send("one")
        await slack.sockets.connected(2)
        await ana.send("two")
        await slack.news.until(lambda: sorted(heard) == ["one", "two"], "both messages")
        assert len(slack.wire.calls("apps.connections.open")) == 3


async def test_an_event_that_is_not_acknowledged_comes_again(slack: SlackStandIn, app: AsyncApp) -> None:
    """In Socket Mode too, numbered, there from 0 on; a middleware that raises is no acknowledgement."""
    attempts = []

    @app.middleware
    async def count(req: Any, next: Any) -> None:  # noqa: A002 — slack-bolt passes arguments by name
        attempts.append(req.headers.get("x-slack-retry-num"))
        if len(attempts) == 1:
            raise OSError("the disk is full")
        await next()

    app.event("message")(_nothing)
    ana = slack.user("Ana")
    async with in_socket_mode(slack, app):
        await ana.send("hello")
        while len(attempts) < 2:
            slack.clock.advance(1)
            await asyncio.sleep(0.01)
    assert attempts == [["0"], ["1"]]


async def test_there_are_ten_connections_at_most(slack: SlackStandIn, app: AsyncApp) -> None:
    """The eleventh is told that there are too many; without a token for it there is none."""
    with refused("not_allowed_token_type"):
        await app.client.apps_connections_open(app_token=slack.bot_token)
    async with aiohttp.ClientSession() as http:
        sockets = [await http.ws_connect(slack.sockets.ticket()) for _ in range(11)]
        hellos = [await each.receive_json() for each in sockets]
        assert [each["type"] for each in hellos] == ["hello"] * 10 + ["disconnect"]
        assert hellos[-1]["reason"] == "too_many_websockets"
        for each in sockets:
            await each.close()


async def test_a_file_from_outside_has_to_be_asked_for(slack: SlackStandIn) -> None:
    """In a shared channel the other workspace is told only the id of a file; files.info tells the rest."""
    ana, partner = slack.user("Ana"), slack.workspace("Partner")
    channel = slack.channel("shared", [ana])
    channel.share(partner)
    async with taking(slack) as taker:
        await ana.upload("log.txt", b"line", channel=channel)
        await slack.news.until(lambda: len(taker.got) == 4, "message and file, to both workspaces")
    told = {payload["team_id"]: payload["event"] for payload, _ in taker.got if payload["event"]["type"] == "message"}
    assert told[slack.home.id]["files"][0]["name"] == "log.txt"
    (file,) = told[partner.id]["files"]
    assert file["file_access"] == "check_file_info"
    outside = AsyncWebClient(partner.installation.token, base_url=f"{slack.url}/api/")
    assert (await outside.files_info(file=file["id"]))["file"]["name"] == "log.txt"


async def test_an_app_that_is_removed_is_told(slack: SlackStandIn, app: AsyncApp) -> None:
    """By two events; then its token serves no more."""
    gone = []

    @app.event("app_uninstalled")
    async def uninstalled(event: dict[str, Any]) -> None:
        gone.append(event["type"])

    app.event("tokens_revoked")(uninstalled)
    async with over_http(slack, app):
        await app.client.auth_test()
        slack.uninstall(slack.home)
        await slack.news.until(lambda: len(gone) == 2, "both events")
    assert sorted(gone) == ["app_uninstalled", "tokens_revoked"]


async def _nothing() -> None:
    """Take an event."""
