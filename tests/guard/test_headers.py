"""Values of authorization headers."""

from __future__ import annotations

import pytest

from bot.guard import headers
from bot.guard.spans import AUTH_HEADER
from tests.guard.samples import SAMPLES


def _values(text: str) -> set[str]:
    assert {span.kind for span in headers.find(text, text.lower())} <= {AUTH_HEADER}
    return {text[span.start : span.end] for span in headers.find(text, text.lower())}


@pytest.mark.parametrize(
    "name", ["Auth: ", "auth=", '"Auth":"', "[auth] => ", "-H 'Auth: ", "The auth header is ", "HTTP_AUTH: ", ""]
)
def test_webhook_signature(name: str) -> None:
    """The signature of a MultiSafepay webhook is found however the header is quoted, and without its name."""
    assert _values(name + SAMPLES["webhook_auth"]) == {SAMPLES["webhook_auth"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization: Basic ", "basic"),
        ("Authorization: Basic ", "basic_letters"),
        ('"authorization": "Bearer ', "key24"),
        ("Proxy-Authorization: Bearer ", "jwt"),
        ("Authorization: ", "mixed40"),
        ("Bearer ", "key24"),
    ],
)
def test_schemes(name: str, value: str) -> None:
    """Basic and bearer values are found; the header's name and scheme stay readable."""
    assert _values(f"{name}{SAMPLES[value]}'") == {SAMPLES[value]}


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer <token>",
        "Authorization: Bearer xxxxxxxxxxxxxxxx12",
        "the bearer internationalization-is here",
        "Authorization: Bearer authentication failed",
        "Authorization: Basic auth is used",
        "Authorization: declined",
        "Auth: failed with 401 Unauthorized",
        "authentication: 3D Secure 2.2.0",
        "authorization code 123456",
        "Author: someone",
        "oauth: required",
        "the bearer of bad news",
        "Auth: ****************************",
    ],
)
def test_words_survive(text: str) -> None:
    """What people write about authorization is not a value of it."""
    assert _values(text) == set()
