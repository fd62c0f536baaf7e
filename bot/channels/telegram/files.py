"""The bytes of files that people sent on Telegram, and files sent on: by their id, or by their bytes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from telegram import InputFile, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram.failures import meaning
from bot.channels.telegram.parts import kind
from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from telegram import Bot, Message

    from bot.chat.addresses import Address
    from bot.chat.events import File

    Media = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo

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


class Ready(NamedTuple):
    """A file as it can be sent: `media` is Telegram's id of it, or its bytes."""

    kind: str
    media: str | bytes
    name: str


def known(file: File) -> Ready:
    """A file of Telegram's own; raises Refused for one that is none."""
    if not kind(file):
        raise Refused("it did not come from Telegram")
    return Ready(kind(file), file.id.partition("/")[2], file.name)


def brought(file: File, data: bytes) -> Ready:
    """A file by its bytes; raises Refused for one that Telegram takes from no bot."""
    if not data:
        raise Refused("it is empty")
    if len(data) > MOST_UPLOAD:
        raise _too_big(MOST_UPLOAD)
    return Ready("document", data, file.name)


async def send(bot: Bot, to: Address, file: Ready, caption: str = "") -> str:
    """Send a file; the message's id. Raises TelegramError."""
    senders: dict[str, Callable[..., Awaitable[Message]]] = {
        "document": bot.send_document,
        "photo": bot.send_photo,
        "video": bot.send_video,
        "audio": bot.send_audio,
        "animation": bot.send_animation,
    }
    sent = await senders[file.kind](
        int(to.chat), _media(file), caption=caption or None, message_thread_id=_thread(to), write_timeout=_TIME_S
    )
    return str(sent.message_id)


async def send_group(bot: Bot, to: Address, files: Sequence[Ready], caption: str = "") -> list[str]:
    """Send two to ten files as one, with words under the first; the messages' ids. Raises TelegramError."""
    kinds: dict[str, Callable[..., Media]] = {
        "document": InputMediaDocument,
        "photo": InputMediaPhoto,
        "video": InputMediaVideo,
        "audio": InputMediaAudio,
    }
    media = [
        kinds[each.kind](_media(each, attach=True), caption=None if at else caption or None)
        for at, each in enumerate(files)
    ]
    sent = await bot.send_media_group(int(to.chat), media, message_thread_id=_thread(to), write_timeout=_TIME_S)
    return [str(each.message_id) for each in sent]


def _media(file: Ready, *, attach: bool = False) -> str | InputFile:
    if isinstance(file.media, str):
        return file.media
    return InputFile(file.media, filename=file.name or "file", attach=attach)


def _thread(to: Address) -> int | None:
    return int(to.thread) if to.thread else None


def _too_big(most: int) -> Refused:
    return Refused(f"it has more than {most // MEGABYTE} MB")
