"""User names with passwords inside URLs: `https://user:password@host`, and the same for `sftp`, `ftp` or a database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import URL_CREDENTIALS, Span
from bot.guard.values import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

# Users paste passwords unescaped, so everything up to the last "@" before the path belongs to them.
_logins: Final = re.compile(
    r"""://(?P<login>[^\s/?\#:@<>"'\[\]]{0,256}+:(?P<password>[^\s/<>"']{1,256}))@(?=[\w\[])"""
).finditer
# What documentation writes in the place of a password.
_SPECIMENS: Final = frozenset({"password", "pass", "passwd", "pwd", "secret", "contraseña", "wachtwoord", "passwort", "senha"})


def find(text: str, lower: str) -> Iterator[Span]:  # noqa: ARG001 - detectors share one signature
    """User name and password (as one span, without the `@`) of URLs in folded `text`."""
    for match in _logins(text):
        password = match["password"]
        if password.lower() not in _SPECIMENS and not is_placeholder(password):
            yield Span(*match.span("login"), URL_CREDENTIALS)
