"""The bytes of files: from wherever they are on Slack, or a reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import files
from bot.channels.slack.files import SlackFiles
from bot.chat.addresses import Address
from bot.chat.events import File
from bot.service.port import Later, Refused
from tests.platforms.slack import SlackStandIn
from tests.platforms.slack.stand_in import DEFAULT_SCOPES

if TYPE_CHECKING:
    from tests.platforms.slack.person import Person

pytestmark = pytest.mark.anyio

DATA = bytes(range(256)) * 9


async def sent(slack: SlackStandIn, person: Person, name: str = "log.txt") -> tuple[SlackFiles, str, File]:
    """Where files are fetched from, and one that somebody sent: its conversation and as inbound names it."""

    async def client_for(_: str) -> AsyncWebClient:
        return AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])

    (raw,) = (await person.upload(name, DATA)).raw["files"]
    place = str(Address("slack", slack.home.id, "D1", ""))
    return SlackFiles(client_for), place, File(raw["id"], name, len(DATA))


async def test_a_file_is_fetched(slack: SlackStandIn) -> None:
    """Byte for byte, with the app's token, from where Slack says that it is now."""
    found, place, file = await sent(slack, slack.user("Ana"))
    assert await found.fetch(place, file) == DATA
    assert [each.method for each in slack.wire if each.direction == "call"] == ["files.info", "file"]


async def test_a_file_that_is_gone_or_too_large(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused, with the reason; one that is larger than it said is not read to its end."""
    found, place, file = await sent(slack, slack.user("Ana"))
    with pytest.raises(Refused, match="file_not_found"):
        await found.fetch(place, File("F0", "x"))
    monkeypatch.setattr(files, "MOST", len(DATA) - 1)
    with pytest.raises(Refused, match="MB"):
        await found.fetch(place, file)
    slack.world.files[file.id].size = 1
    with pytest.raises(Refused, match="MB"):
        await found.fetch(place, file)
    monkeypatch.setattr(files, "MOST", len(DATA))
    assert await found.fetch(place, file) == DATA


async def test_a_page_to_sign_in_is_no_file(slack: SlackStandIn) -> None:
    """Slack answers who may not read a file with a page, and 200; that is not taken for its content."""
    (raw,) = (await slack.user("Ana").upload("log.txt", DATA)).raw["files"]
    stranger = AsyncWebClient("xoxb-of-another-app", base_url=f"{slack.url}/api/", retry_handlers=[])
    with pytest.raises(Refused, match="files:read"):
        await files._download(stranger, raw["url_private_download"], raw)


async def test_troubles_pass(slack: SlackStandIn) -> None:
    """What Slack cannot tell now can be asked for later."""
    found, place, file = await sent(slack, slack.user("Ana"))
    slack.faults.rate_limit("files.info", retry_after=3)
    with pytest.raises(Later) as limited:
        await found.fetch(place, file)
    assert limited.value.after == 3000
    slack.faults.fail("files.info", status=502)
    with pytest.raises(Later):
        await found.fetch(place, file)
    assert await found.fetch(place, file) == DATA


async def test_without_the_scope() -> None:
    """The reason names what the installation lacks."""
    async with SlackStandIn(scopes=DEFAULT_SCOPES - {"files:read"}) as slack:
        found, place, file = await sent(slack, slack.user("Ana"))
        with pytest.raises(Refused, match="missing_scope"):
            await found.fetch(place, file)
