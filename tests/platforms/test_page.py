"""The page's server: who plays, what they see, what they do, and that it says when something changed."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from tests.platforms.page.cast import Cast
from tests.platforms.page.server import FILES, Page
from tests.platforms.schemas import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio


class Browser:
    """What the page's scripts ask for."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(self, path: str) -> Any:
        """JSON of an address."""
        async with self._http.get(path) as response:
            return await response.json()

    async def do(self, key: str, **deed: Any) -> str:
        """Do something, and read the notice."""
        async with self._http.post(f"/deed/{key}", json=deed) as response:
            assert response.status == 200
            notice: str = (await response.json())["notice"]
            return notice

    async def text(self, path: str) -> str:
        """A file."""
        async with self._http.get(path) as response:
            assert response.status == 200
            return await response.text()


@asynccontextmanager
async def browsing(slack: SlackStandIn, telegram: TelegramStandIn) -> AsyncIterator[tuple[Browser, Cast]]:
    """The page's server, and somebody at it."""
    cast = Cast(slack, telegram)
    page = Page(cast, 0)
    runner = await page.start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{page.port}") as http:
            yield Browser(http), cast
    finally:
        await runner.cleanup()


async def test_people_write_and_are_read(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """What somebody types or sends shows in the scene of whoever is in that room, and nowhere else."""
    async with browsing(slack, telegram) as (browser, cast):
        roles = await browser.get("/cast")
        assert [each["key"] for each in roles] == list(cast.roles)
        room = next(iter(cast.roles["slack-ana"].rooms))
        await browser.do("slack-ana", do="send", room=room, text="hello @Triage")
        await browser.do("slack-ana", do="upload", room=room, name="a.txt", data=base64.b64encode(b"a").decode())
        await browser.do("telegram-sam", do="send", room=str(cast.telegram_desk.id), text="morning")
        staff = await browser.get("/scene/slack-sam")
        shared = next(each for each in staff["rooms"] if each["id"] == room)
        bot = slack.home.installation.bot.id
        assert [each["text"] for each in shared["messages"]] == [f"hello <@{bot}>", ""]
        assert shared["messages"][1]["files"][0]["name"] == "a.txt"
        desk = (await browser.get("/scene/telegram-sam"))["rooms"][1]
        assert [each["text"] for each in desk["messages"]] == ["morning"]
        assert len((await browser.get("/scene/telegram-ana"))["rooms"]) == 1


async def test_modals_show_and_are_sent(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """An open modal is in the scene; what cannot be sent says why; without an app a deed is told to have failed."""
    async with browsing(slack, telegram) as (browser, cast):
        ana = cast.slack_merchant
        words = {"type": "plain_text_input", "action_id": "value"}
        label = {"type": "plain_text", "text": "Name"}
        block = {"type": "input", "block_id": "name", "label": label, "element": words}
        view = {"type": "modal", "title": label, "submit": label, "blocks": [block]}
        slack.views.open(slack.home, ana.user.id, slack.blocks.view(view))
        assert (await browser.get("/scene/slack-ana"))["modal"]["blocks"][0]["block_id"] == "name"
        assert await browser.do("slack-ana", do="submit", values={}) == "'Name' must be filled in"
        assert "no_connection" in await browser.do("slack-ana", do="submit", values={"Name": "x"})
        await browser.do("slack-ana", do="close")
        assert (await browser.get("/scene/slack-ana"))["modal"] is None


async def test_the_page_is_whole(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """Every file that the page names is there."""
    async with browsing(slack, telegram) as (browser, _):
        assert "/files/page.js" in await browser.text("/")
        for file in FILES.iterdir():
            assert await browser.text(f"/files/{file.name}") == file.read_text("utf-8")


async def test_the_page_hears_of_changes(slack: SlackStandIn, telegram: TelegramStandIn) -> None:
    """A change on either platform is an event for the page."""
    async with browsing(slack, telegram) as (browser, cast), browser._http.get("/news") as news:
        assert await news.content.readuntil(b"\n\n") == b"data: changed\n\n"
        await cast.telegram_merchant.start()
        assert await news.content.readuntil(b"\n\n") == b"data: changed\n\n"


def test_it_starts_by_hand() -> None:
    """`python -m tests.platforms` says where to look and what the product needs to be told."""
    command = [sys.executable, "-m", "tests.platforms", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        lines = [started.stdout.readline() for _ in range(9)]
        started.terminate()
    assert lines[0].startswith("Look at http://127.0.0.1:")
    assert sum("export TRIAGE_" in each for each in lines) == 6


async def test_the_wire_is_recorded(slack: SlackStandIn, telegram: TelegramStandIn, tmp_path: Any) -> None:
    """With a file to record to, each exchange is a line of JSON there with method, arguments and answer."""
    file = tmp_path / "wire.jsonl"
    for server in (slack, telegram):
        server.wire._record = file
    async with aiohttp.ClientSession() as http:
        await http.get(f"{telegram.url}/bot{telegram.token}/getMe?x=1")
        await http.get(f"{slack.url}/api/auth.test", headers={"Authorization": f"Bearer {slack.bot_token}"})
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(each["platform"], each["method"], each["status"]) for each in lines] == [
        ("telegram", "getMe", 200),
        ("slack", "auth.test", 200),
    ]
    assert (lines[0]["arguments"], lines[1]["answer"]["team"]) == ({"x": 1}, "Acme")
