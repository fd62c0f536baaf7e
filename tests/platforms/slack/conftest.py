"""An app's client on the unmodified slack_sdk, and the structure of everything that the app was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.bolt import app_for
from tests.platforms.oracle import SlackOracle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from slack_bolt.async_app import AsyncApp

    from tests.platforms.slack import SlackStandIn


@pytest.fixture(scope="session")
def oracle() -> SlackOracle:
    """The schemas, read once."""
    return SlackOracle()


@pytest.fixture
async def app(slack: SlackStandIn, oracle: SlackOracle) -> AsyncIterator[AsyncApp]:
    """An app without listeners; what it was told is documented."""
    yield app_for(slack)
    assert oracle.faults(slack.wire) == []


@pytest.fixture
def client(slack: SlackStandIn) -> AsyncWebClient:
    """The Web API in the first workspace."""
    return AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/")
