"""What Telegram refuses, puts off or leaves open, and what that means for a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.connecting import make
from bot.channels.telegram.failures import meaning, unchanged
from bot.service.port import Later, Lost, Refused

if TYPE_CHECKING:
    from tests.platforms.telegram import TelegramStandIn

pytestmark = pytest.mark.anyio

_KEY = ConnectionKey("127.0.0.1", 1, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


def caused(error: TelegramError, cause: BaseException) -> TelegramError:
    """The error as the library raises it for the cause."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BadRequest("Message thread not found"), Refused),
        (BadRequest("TOPIC_CLOSED"), Refused),
        (BadRequest("Chat not found"), Refused),
        (BadRequest("Reply markup is too long"), Refused),
        (BadRequest("Can't parse entities: wrong offset"), Refused),
        (BadRequest("Query is too old and response timeout expired or query id is invalid"), Refused),
        (Forbidden("Forbidden: bot was blocked by the user"), Refused),
        (Forbidden("Forbidden: user is deactivated"), Refused),
        (NetworkError("Request Entity Too Large (413)"), Refused),
        (NetworkError("Too Many Requests (429)"), Later),
        (NetworkError("Internal Server Error (500)"), Later),
        (NetworkError("Bad Gateway"), Later),
        (Conflict("terminated by other getUpdates request"), Later),
        (InvalidToken("Unauthorized"), Later),
        (caused(NetworkError("x"), aiohttp.ClientConnectorError(_KEY, OSError())), Later),
        (caused(TimedOut(), aiohttp.ConnectionTimeoutError()), Later),
        (caused(TimedOut(), aiohttp.SocketTimeoutError()), Lost),
        (caused(NetworkError("x"), aiohttp.ServerDisconnectedError()), Lost),
        (TelegramError("Invalid server response"), Lost),
    ],
)
def test_every_error_has_one_meaning(error: TelegramError, expected: type[Exception]) -> None:
    """Never, for what Telegram will not take; not now, for what it never saw; open, where its answer was lost."""
    assert type(meaning(error, "b")) is expected


async def test_the_errors_are_those_of_the_library(telegram: TelegramStandIn) -> None:
    """What the library makes of a blocked bot, a limit, a broken server and lost answers is read as what it is."""
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    for each in (ana, bea):
        await each.start()
    await ana.block()
    async with make(telegram.token, f"{telegram.url}/bot") as bot:

        async def outcome(person: Any, **more: Any) -> Exception:
            with pytest.raises(TelegramError) as caught:
                await bot.send_message(person.user.id, "words", **more)
            return meaning(caught.value, "bucket")

        assert type(await outcome(ana)) is Refused
        telegram.faults.rate_limit("sendMessage", retry_after=7)
        limited = await outcome(bea)
        assert isinstance(limited, Later)
        assert (limited.after, limited.bucket) == (7_000, "bucket")
        telegram.faults.fail("sendMessage", status=502)
        assert type(await outcome(bea)) is Later
        telegram.faults.lose_answer("sendMessage")
        assert type(await outcome(bea)) is Lost
        telegram.faults.lose_answer("sendMessage", after=5)
        assert type(await outcome(bea, read_timeout=0.2)) is Lost
        telegram.clock.advance(10)
        sent = await bot.send_message(bea.user.id, "words")
        with pytest.raises(BadRequest) as caught:
            await bot.edit_message_text("words", bea.user.id, sent.message_id)
        assert unchanged(caught.value)
