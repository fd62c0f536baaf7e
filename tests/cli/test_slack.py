"""The settings of Slack: which belong together, and what is said of those that do not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from pydantic import SecretStr, ValidationError

from bot.chat.addresses import Address
from bot.cli.slack import of_settings
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.service.recall import Recall

KEY = "A" * 43 + "="
ONE = {"slack_bot_token": SecretStr("xoxb-1")}
MANY = {"slack_client_id": "1.2", "slack_client_secret": SecretStr("s"), "slack_token_key": SecretStr(KEY)}
SIGNED = {"slack_signing_secret": SecretStr("s")}
SOCKET = {"slack_app_token": SecretStr("xapp-1")}


@pytest.mark.parametrize("given", [ONE | SIGNED, ONE | SOCKET, ONE | SIGNED | SOCKET, MANY | SIGNED, MANY | SOCKET])
def test_what_belongs_together(given: dict[str, Any]) -> None:
    """One workspace by its token or many by OAuth, over HTTP or in Socket Mode."""
    assert of_settings(Settings(**given)) is not None


def test_without_settings_there_is_no_slack() -> None:
    """Nothing is wrong then."""
    assert of_settings(Settings()) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ONE, "TRIAGE_SLACK_SIGNING_SECRET is not set"),
        (MANY, "TRIAGE_SLACK_SIGNING_SECRET is not set"),
        (SIGNED, "TRIAGE_SLACK_BOT_TOKEN is not set"),
        (SOCKET, "TRIAGE_SLACK_BOT_TOKEN is not set"),
        (ONE | MANY | SIGNED, "Set one of them"),
        (SIGNED | {"slack_client_id": "1.2"}, "needs TRIAGE_SLACK_CLIENT_SECRET and TRIAGE_SLACK_TOKEN_KEY"),
        (MANY | SIGNED | {"slack_token_key": SecretStr("")}, "needs TRIAGE_SLACK_TOKEN_KEY"),
    ],
)
def test_what_does_not_belong_together(given: dict[str, Any], said: str) -> None:
    """The service does not start, and says which setting is missing or too much."""
    with pytest.raises(SettingsError, match=said):
        of_settings(Settings(**given))


def test_one_workspace_shares_its_rate() -> None:
    """With a token for one account, what waits for its rate is left alone; a channel has a rate of its own."""
    slack = of_settings(Settings(slack_bot_token=SecretStr("xoxb-1"), slack_signing_secret=SecretStr("s")))
    assert slack is not None
    channel = slack.channel(cast("Recall", SimpleNamespace(landmarks=None)), {})
    assert [each.shared for each in channel.rates(Address("slack", "T1", "C1"))] == [True, False]


@pytest.mark.parametrize("key", ["short", KEY[:-1], KEY + "A", "!" * 43 + "="])
def test_a_key_that_is_none(key: str) -> None:
    """It says how to make one, and does not show what was given."""
    with pytest.raises(ValidationError, match="openssl rand -base64 32") as raised:
        Settings(slack_token_key=SecretStr(key))
    assert key not in str(raised.value)
