"""The page on Slack is followed as written, from its commands to everything that it says one can try."""

from __future__ import annotations

import base64
import contextlib
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.settings import PREFIX, Settings
from tests.channels.followed import followed
from tests.platforms.oracle import SlackOracle
from tests.ports import free_port
from tests.programs import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.person import Person
    from tests.platforms.slack.shown import Shown

pytestmark = pytest.mark.anyio

TEXT = (ROOT / "docs" / "slack.md").read_text("utf-8")
SOCKET, HTTP, STAFF, MANY = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@contextlib.asynccontextmanager
async def serving(slack: SlackStandIn, folder: Path, block: str, places: dict[str, str]) -> AsyncIterator[int]:
    """Do what the page says, with the ids and tokens of this workspace in their places; the port."""
    port = free_port()
    blocks = (block, STAFF) if "YOUR-CHANNEL" in places else (block,)
    places = {**places, "https://YOUR-HOST": f"http://127.0.0.1:{port}"}
    async with followed(blocks, places, folder, port, TRIAGE_SLACK_API_URL=f"{slack.url}/api/"):
        yield port


async def asked(person: Person, **where: Any) -> Shown:
    """The app's next question."""
    while True:
        found = await person.next_message(**where)
        if any(block["type"] == "actions" for block in found.raw["blocks"]):
            return found


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_page_is_followed(mode: str, slack: SlackStandIn, tmp_path: Path) -> None:
    """Both ways of being reached, the team's channel, and each line of the table of what to try."""
    ana, noor = slack.user("Ana", locale="nl-NL"), slack.user("Noor")
    team, shop = slack.channel("team", [noor], private=True), slack.channel("shop", [ana])
    places = {
        "xoxb-YOUR-BOT-TOKEN": slack.bot_token,
        "xapp-YOUR-APP-TOKEN": slack.access.app_token,
        "YOUR-SIGNING-SECRET": slack.access.signing_secret,
        "YOUR-WORKSPACE": slack.home.id,
        "YOUR-CHANNEL": team.id,
    }
    async with serving(slack, tmp_path, SOCKET if mode == "socket" else HTTP, places) as port:
        if mode == "http":
            await slack.set_request_url(f"http://127.0.0.1:{port}/slack/events")
        else:
            await slack.sockets.connected(1)
        await ana.send("hello")
        assert "Ana" in (await ana.next_message()).text
        first = await asked(ana)
        assert "webshop" in first.text
        await ana.choose(first, "WooCommerce")
        await ana.until(lambda: first.buttons or None, "the question shows it, and a button to change it")
        assert first.text.endswith("WooCommerce")
        await asked(ana)
        await (await ana.slash("/triage", "human", channel=shop)).answered()
        card = await noor.next_message(channel=team)
        await noor.press(card, "Claim")
        await noor.until(lambda: "Noor" in card.text or None, "the card says who has it")
        said = await noor.send("Which version is it?", channel=team, thread=card.id)
        await ana.until(
            lambda: ana.messages()[-1].text == "Noor: Which version is it?" or None, "the merchant reads it"
        )
        await noor.until(lambda: said.raw.get("reactions") or None, "the reaction says so")
        begun = await ana.mention(shop, "our checkout is broken")
        assert (await asked(ana, channel=shop, thread=begun.id)).thread == begun.id
        await ana.mention(shop, "/back", thread=begun.id)
        await ana.next_message(channel=shop, thread=begun.id)
        await ana.open_home()
        assert len((await ana.home()).buttons) > 2
        bea = slack.user("Bea")
        await (await bea.shortcut("start_conversation")).answered()
        await asked(bea)
        cleo = slack.user("Cleo")
        broken = await ana.send("It is broken", channel=shop)
        await (await cleo.message_shortcut("ask_about_message", broken)).answered()
        await asked(cleo)
    assert SlackOracle().faults(slack.wire) == []


async def test_a_workspace_installs_the_app(slack: SlackStandIn, tmp_path: Path) -> None:
    """As the page says, with a key as its command makes it: installed from a browser, and talked to."""
    places = {
        "YOUR-CLIENT-ID": slack.access.client_id,
        "YOUR-CLIENT-SECRET": slack.access.client_secret,
        "YOUR-TOKEN-KEY": base64.urlsafe_b64encode(bytes(range(32))).decode(),
        "YOUR-SIGNING-SECRET": slack.access.signing_secret,
    }
    async with serving(slack, tmp_path, MANY, places) as port:
        host = f"http://127.0.0.1:{port}"
        await slack.set_request_url(f"{host}/slack/events")
        async with httpx.AsyncClient(base_url=host, follow_redirects=True) as browser:
            assert "Installed" in (await browser.get("/slack/install")).text
        ana = slack.user("Ana")
        await ana.send("hello")
        await asked(ana)
    assert SlackOracle().faults(slack.wire) == []


def test_the_page_names_what_there_is() -> None:
    """Every setting of Slack is on the page and every setting on the page exists; so are the files it links to."""
    named = set(re.findall(r"\bTRIAGE_\w+", TEXT))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named <= known
    assert {each for each in known if "SLACK" in each} - named <= {"TRIAGE_SLACK_API_URL"}
    for link in re.findall(r"\]\((?!http)([^)#]+)", TEXT):
        assert (ROOT / "docs" / link).exists(), link
