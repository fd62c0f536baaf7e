"""The bytes of files: fetched from Telegram, and sent to it when they came from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.channels.telegram.connecting import make
from bot.channels.telegram.files import MOST_DOWNLOAD, MOST_UPLOAD, TelegramFiles, brought, known, send
from bot.channels.telegram.inbound import files
from bot.channels.telegram.updates import Message
from bot.chat.addresses import Address
from bot.chat.events import File
from bot.service.port import Later, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from telegram import Bot

    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.shown import Shown

pytestmark = pytest.mark.anyio

HERE = "telegram:7:5:"


@pytest.fixture
async def bot(telegram: TelegramStandIn) -> AsyncIterator[Bot]:
    """The bot as the product makes it."""
    made = make(telegram.token, f"{telegram.url}/bot")
    async with made:
        yield made


def document(sent: Shown, size: int = 0) -> File:
    """The file of a message, as inbound makes it."""
    raw = sent.raw["document"]
    return File(f"document/{raw['file_id']}", raw["file_name"], size)


async def test_bytes_come_as_they_were_sent(telegram: TelegramStandIn, bot: Bot, lawful: Callable[[], None]) -> None:
    """Whatever they are, and whatever the file is called."""
    sent = await telegram.user("Ana").upload("Füße & log.txt", b"\x00 all of it")
    assert await TelegramFiles(bot).fetch(HERE, document(sent)) == b"\x00 all of it"
    lawful()


async def test_what_is_too_large_is_refused_in_words(telegram: TelegramStandIn, bot: Bot) -> None:
    """One whose size is known is not even asked for; of another Telegram says so."""
    sent = await telegram.user("Ana").upload("film.mp4", b"x" * (MOST_DOWNLOAD + 1))
    for size, calls in ((MOST_DOWNLOAD + 1, 0), (0, 1)):
        with pytest.raises(Refused, match="it has more than 20 MB"):
            await TelegramFiles(bot).fetch(HERE, document(sent, size))
        assert len(telegram.wire.calls("getFile")) == calls


async def test_what_is_not_there_is_refused_and_what_fails_comes_later(telegram: TelegramStandIn, bot: Bot) -> None:
    """An id that Telegram does not know, one of another platform; a server that is out of order."""
    for wrong in ("document/unknown", "F123"):
        with pytest.raises(Refused):
            await TelegramFiles(bot).fetch(HERE, File(wrong, "a.txt"))
    sent = await telegram.user("Ana").upload("a.txt", b"a")
    telegram.faults.fail("getFile", status=502)
    with pytest.raises(Later):
        await TelegramFiles(bot).fetch(HERE, document(sent))


@pytest.mark.parametrize("kind", ["document", "photo", "video", "audio", "animation"])
async def test_a_file_is_passed_on_as_what_it_is(
    telegram: TelegramStandIn, bot: Bot, lawful: Callable[[], None], kind: str
) -> None:
    """By its id, whatever kind it is: as the merchant sent it, so do staff see it."""
    ana = telegram.user("Ana")
    await ana.start()
    sent = await ana.upload("one.bin", b"bytes", kind=kind)
    (file,) = files(msgspec.convert(sent.raw, Message))
    assert file.id.partition("/")[0] == kind
    await send(bot, Address("telegram", "7", str(ana.user.id)), known(file))
    assert (kind in ana.messages()[-1].raw, ana.messages()[-1].id == sent.id) == (True, False)
    assert await TelegramFiles(bot).fetch(HERE, file) == b"bytes"
    lawful()


async def test_files_of_elsewhere_are_uploaded(telegram: TelegramStandIn, bot: Bot, lawful: Callable[[], None]) -> None:
    """With their names; of nothing, or of too much, nothing is sent."""
    ana = telegram.user("Ana")
    await ana.start()
    to = Address("telegram", "7", str(ana.user.id))
    await send(bot, to, brought(File("F1", "log.txt"), b"\x00 all of it"))
    assert telegram.world.files[ana.messages()[-1].raw["document"]["file_id"]].content == b"\x00 all of it"
    assert ana.messages()[-1].raw["document"]["file_name"] == "log.txt"
    with pytest.raises(Refused, match="it is empty"):
        brought(File("F1", "log.txt"), b"")
    with pytest.raises(Refused, match="it has more than 50 MB"):
        brought(File("F1", "log.txt"), bytes(MOST_UPLOAD + 1))
    with pytest.raises(Refused):
        known(File("F1", "log.txt"))
    lawful()
