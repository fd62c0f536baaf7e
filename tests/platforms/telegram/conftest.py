"""A bot on the unmodified python-telegram-bot, and the structure of everything that it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from telegram import Bot

from tests.platforms.oracle import TelegramOracle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.platforms.telegram import TelegramStandIn


@pytest.fixture(scope="session")
def oracle() -> TelegramOracle:
    """The schemas, read once."""
    return TelegramOracle()


@pytest.fixture
async def bot(telegram: TelegramStandIn, oracle: TelegramOracle) -> AsyncIterator[Bot]:
    """The bot; what it was told is documented, the updates of tests about unknown updates aside."""
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot") as made:
        yield made
    assert oracle.faults(telegram.wire) == []
