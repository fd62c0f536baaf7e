"""Tokens that are known by their own form."""

from __future__ import annotations

import pytest

from bot.guard import tokens
from bot.guard.spans import API_KEY, JWT
from tests.guard.samples import SAMPLES

FRAMES = ["{}", "token={}", "'{}'", "<{}>", "it is {}, thanks"]


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in tokens.find(text, text.lower())]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", ["slack", "github", "aws", "telegram", "stripe"])
def test_vendor_keys(name: str, frame: str) -> None:
    """Keys with a vendor's prefix are found whole, wherever they stand."""
    assert _found(frame.format(SAMPLES[name])) == [(SAMPLES[name], API_KEY)]


@pytest.mark.parametrize("frame", FRAMES)
def test_web_tokens(frame: str) -> None:
    """A JSON web token is found whole, also with the two parts more that encryption adds."""
    for token in (SAMPLES["jwt"], SAMPLES["jwt"] + ".abcdefgh.ijklmnop"):
        assert _found(frame.format(token)) == [(token, JWT)]


def test_bot_token_in_its_url() -> None:
    """Telegram's URLs hold the token behind the word bot."""
    token = "bot" + SAMPLES["telegram"]
    assert _found(f"https://api.telegram.org/{token}/getMe") == [(token, API_KEY)]


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-your-token-here",
        "ghp_" + "x" * 36,
        "AKIA means access key",
        "1744280067:abc",
        "12:30:45",
        "eyJhbGciOi.x",
        SAMPLES["jwt"].rpartition(".")[0],
        "a" + SAMPLES["jwt"],
        "test_payment_flow",
        "a1" * 32,
    ],
)
def test_look_alikes_survive(text: str) -> None:
    """Specimens, times, tokens without signature and parts of longer words are left alone."""
    assert _found(text) == []
