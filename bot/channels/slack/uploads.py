"""Files that leave for Slack: all that leave as one stand in one message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from slack_sdk.errors import SlackApiError

from bot.channels.apart import one_by_one, unavailable
from bot.channels.slack.content import plain_content
from bot.channels.slack.failures import FAILURES, meaning
from bot.channels.slack.posting import post
from bot.channels.slack.rendering import MOST_TEXT, escaped
from bot.service.port import Refused
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.chat.addresses import Address
    from bot.service.port import Later, Lost

PAUSES_S: Final = (0.0, 0.25, 0.5, 1.0)
"""Before each question which message shows a file: Slack shows it a little after it has taken it."""


class Ready(NamedTuple):
    """A file by its bytes."""

    name: str
    data: bytes


async def album(client: AsyncWebClient, to: Address, mark: str, files: Sequence[Ready], words: str = "") -> list[str]:
    """Send files in one message, with words; the id of the message, for each of them, "" where Slack does not tell it.

    They leave one by one where Slack does not take them so. Raises what the library does, and Lost in between.
    """
    if not files:
        return list(await post(client, to, mark, [plain_content((paragraph(words),))]))
    try:
        return [await _shared(client, to, files, words)] * len(files)
    except SlackApiError as error:
        if len(files) == 1 or not isinstance(meaning(error, ""), Refused):
            raise

    async def alone(file: Ready) -> str:
        return await _shared(client, to, [file], words if file is files[0] else "")

    async def refused(file: Ready, refusal: Refused) -> str:
        said = [words] if words and file is files[0] else []
        document = (paragraph("\n".join([*said, unavailable(file.name, refusal)])),)
        return (await post(client, to, mark, [plain_content(document)]))[0]

    return await one_by_one(files, alone, refused, _meaning)


async def _shared(client: AsyncWebClient, to: Address, files: Sequence[Ready], words: str) -> str:
    """Upload files, and show them all in one message; its id."""
    answer = await client.files_upload_v2(
        file_uploads=[{"content": each.data, "filename": each.name or "file"} for each in files],
        channel=to.chat,
        thread_ts=to.thread or None,
        initial_comment=escaped(words, MOST_TEXT) or None,
    )
    return await _message(client, to.chat, answer["files"][0]["id"])


async def _message(client: AsyncWebClient, chat: str, file: str) -> str:
    """The message that shows a file there, "" if that cannot be known: the file is there all the same."""
    for pause_s in PAUSES_S:
        await asyncio.sleep(pause_s)
        try:
            answer = await client.files_info(file=file)
        except FAILURES:
            continue
        shares: dict[str, Any] = answer["file"].get("shares") or {}
        for places in shares.values():
            for shown in places.get(chat, ()):
                return str(shown["ts"])
    return ""


def _meaning(error: Exception) -> Refused | Later | Lost:
    if not isinstance(error, FAILURES):
        raise error
    return meaning(error, "")
