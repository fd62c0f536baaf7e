"""The bytes of files that people sent on Telegram, and files sent on: by their id, or by their bytes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telegram import InputFile
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.failures import meaning
from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot, Message

    from bot.chat.addresses import Address
    from bot.chat.events import File

MEGABYTE: Final = 1 << 20
MOST_DOWNLOAD: Final = 20 * MEGABYTE
"""Bytes of a file that a bot may fetch: https://core.telegram.org/bots/api#getfile."""
MOST_UPLOAD: Final = 50 * MEGABYTE
"""Bytes of a file that a bot may send: https://core.telegram.org/bots/api#sending-files."""
_TOO_BIG: Final = "file is too big"
_TIME_S: Final = 120


class TelegramFiles:
    """Fetches files with the bot that they were sent to."""

    def __init__(self, bot: Bot) -> None:
        """`bot` knows the files by their ids, which are its own."""
        self._bot = bot

    async def fetch(self, address: str, file: File) -> bytes:  # noqa: ARG002  (one bot has all of its conversations)
        """See `Files.fetch`."""
        native = file.id.partition("/")[2]
        if not native:
            raise Refused("it did not come from Telegram")
        if file.size > MOST_DOWNLOAD:
            raise _too_big(MOST_DOWNLOAD)
        try:
            found = await self._bot.get_file(native)
            return bytes(await found.download_as_bytearray(read_timeout=_TIME_S))
        except BadRequest as error:
            raise (_too_big(MOST_DOWNLOAD) if _TOO_BIG in str(error).lower() else Refused(str(error)[:200])) from None
        except TelegramError as error:
            failure = meaning(error, "")
            raise (Later(str(failure)) if isinstance(failure, Lost) else failure) from None


async def forward(bot: Bot, to: Address, file: File) -> Message:
    """Send a file of Telegram's on by its id; raises Refused for one that is none."""
    kind, _, native = file.id.partition("/")
    senders: dict[str, Callable[..., Awaitable[Message]]] = {
        "document": bot.send_document,
        "photo": bot.send_photo,
        "video": bot.send_video,
        "audio": bot.send_audio,
        "animation": bot.send_animation,
    }
    if kind not in senders or not native:
        raise Refused("it did not come from Telegram")
    return await senders[kind](int(to.chat), native, message_thread_id=int(to.thread) if to.thread else None)


async def upload(bot: Bot, to: Address, file: File, data: bytes) -> Message:
    """Send the bytes of a file; raises Refused for one that Telegram takes from no bot."""
    if not data:
        raise Refused("it is empty")
    if len(data) > MOST_UPLOAD:
        raise _too_big(MOST_UPLOAD)
    document = InputFile(data, filename=file.name or "file")
    thread = int(to.thread) if to.thread else None
    return await bot.send_document(int(to.chat), document, message_thread_id=thread, write_timeout=_TIME_S)


def _too_big(most: int) -> Refused:
    return Refused(f"it has more than {most // MEGABYTE} MB")
