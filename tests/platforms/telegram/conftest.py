"""A bot on the unmodified python-telegram-bot, and the structure of everything that it was told."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.platforms.oracle import TelegramOracle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.telegram import TelegramStandIn


@pytest.fixture(scope="session")
def oracle() -> TelegramOracle:
    """The schemas, read once."""
    return TelegramOracle()


@pytest.fixture(scope="session")
def certificates() -> ssl.SSLContext:
    """Those that the system trusts, read once: a bot reads them twice otherwise, and the stand-in has none."""
    return ssl.create_default_context()


@pytest.fixture
async def bot(telegram: TelegramStandIn, oracle: TelegramOracle, certificates: ssl.SSLContext) -> AsyncIterator[Bot]:
    """The bot; what it was told is documented, the updates of tests about unknown updates aside."""
    polling, others = (HTTPXRequest(httpx_kwargs={"verify": certificates}) for _ in range(2))
    made = Bot(
        telegram.token,
        base_url=f"{telegram.url}/bot",
        base_file_url=f"{telegram.url}/file/bot",
        request=others,
        get_updates_request=polling,
    )
    async with made:
        yield made
    assert oracle.faults(telegram.wire) == []
