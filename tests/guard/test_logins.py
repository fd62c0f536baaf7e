"""User names with passwords."""

from __future__ import annotations

import pytest

from bot.guard import logins
from bot.guard.spans import PASSWORD, URL_CREDENTIALS


def _found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in logins.find(text, text.lower())]


@pytest.mark.parametrize("scheme", ["https", "sftp", "ftp", "ssh", "postgres"])
@pytest.mark.parametrize("login", ["user:pass", "u:p@ss#1", "shop.user:a%20b", ":secret", "jan:geheim?"])
def test_urls(scheme: str, login: str) -> None:
    """User name and password go, host and path stay, also if the password should have been escaped."""
    assert _found(f"see {scheme}://{login}@shop.example:22/var/www") == [(login, URL_CREDENTIALS)]


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example:8080/path@2x.png",
        "sftp://user@shop.example:22/",
        "https://<user>:<password>@shop.example",
        "https://user:****@shop.example",
        "https://${USER}:${PASS}@shop.example",
        "https://user:@shop.example",
        "http://localhost:8080 jan@shop.example",
        "git@github.com:owner/repository.git",
    ],
)
def test_urls_without_a_password_survive(text: str) -> None:
    """Ports, paths, user names alone and placeholders are no password."""
    assert _found(text) == []


@pytest.mark.parametrize(
    "frame",
    [
        "login: admin / {}",
        "Credentials: shop@example.com:{}",
        "inloggegevens: test|{}",
        "Zugangsdaten:\nadmin / {}",
        "Zugang: admin / {}",
        "toegang: admin / {}",
        "identifiants : admin/{}.",
        "curl -u shop:{} https://shop.example",
        "user and password: admin / {}",
    ],
)
def test_pairs(frame: str) -> None:
    """A user name and a value behind a word for login are a pair of which the second is the password."""
    assert _found(frame.format("Xy12-ab")) == [("Xy12-ab", PASSWORD)]


@pytest.mark.parametrize(
    "text",
    ["login: https://shop.example/admin1", "login: admin / nothing", "login/logout: broken", "acceso: 10/04/2031"],
)
def test_other_words_behind_login_survive(text: str) -> None:
    """URLs, words and dates are no password."""
    assert _found(text) == []
