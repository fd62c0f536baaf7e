"""The bytes of files that people sent on Slack.

A file is known by Slack's id alone. Where its bytes are is asked when they are wanted: files of Slack Connect come
without an address at first (`file_access: check_file_info`), and none of ours is kept where it could grow old.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aiohttp

from bot.channels.slack.failures import FAILURES, meaning
from bot.chat.addresses import parse
from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chat.events import File

    Clients = Callable[[str], Awaitable[AsyncWebClient]]

MOST: Final = 50_000_000
"""Bytes of a file that is passed on: as many as Telegram takes; they are in memory meanwhile."""
TIME_S: Final = 120
_OK: Final = 200
_PAGE: Final = "text/html"


class SlackFiles:
    """Fetches files with the app's token of their workspace."""

    def __init__(self, client_for: Clients) -> None:
        """See `SlackChannel`."""
        self._client_for = client_for

    async def fetch(self, address: str, file: File) -> bytes:
        """See `Files.fetch`."""
        client = await self._client_for(parse(address).account)
        try:
            answer = await client.files_info(file=file.id)
            found: dict[str, Any] = answer["file"]
            where = found.get("url_private_download") or found.get("url_private")
            if not where:
                raise Refused("it is kept outside Slack")
            if found.get("size", 0) > MOST:
                raise Refused(f"it has more than {MOST // 1_000_000} MB")
            return await _download(client, where, found)
        except FAILURES as error:
            failure = meaning(error, "")
            raise (Later(str(failure)) if isinstance(failure, Lost) else failure) from None


async def _download(client: AsyncWebClient, where: str, file: dict[str, Any]) -> bytes:
    """The bytes at an address of Slack; raises Refused, and what aiohttp raises."""
    headers = {"Authorization": f"Bearer {client.token}"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIME_S), trust_env=True) as http,
        http.get(where, headers=headers, allow_redirects=False, ssl=client.ssl or True) as answer,
    ):
        if answer.status >= 500:  # noqa: PLR2004  (as HTTP has it)
            raise Later(f"status {answer.status}")
        if answer.status != _OK or (answer.content_type == _PAGE and file.get("mimetype") != _PAGE):
            # to whoever may not read a file, Slack shows its page to sign in
            raise Refused("the app may not read it: files:read")
        data = await answer.content.read(MOST + 1)
        found = bytearray(data)
        while data and len(found) <= MOST:
            data = await answer.content.read(MOST + 1 - len(found))
            found += data
    if len(found) > MOST:
        raise Refused(f"it has more than {MOST // 1_000_000} MB")
    return bytes(found)
