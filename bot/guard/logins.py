"""User names with passwords: inside URLs, in pairs behind "login:" or "Zugangsdaten:", and in a curl command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import PASSWORD, URL_CREDENTIALS, Span
from bot.guard.values import is_placeholder, must_be_value

if TYPE_CHECKING:
    from collections.abc import Iterator

# Users paste passwords unescaped, so everything up to the last "@" before the path belongs to them.
_in_urls: Final = re.compile(
    r"""://(?P<login>[^\s/?\#:@<>"'\[\]]{0,256}+:(?P<password>[^\s/<>"']{1,256}))@(?=[\w\[])"""
).finditer

_pairs: Final = re.compile(
    r"""
    (?: (?:log-?in | credentials? | inlog(?:gegevens)? | credenciales | credenziali | accesso | acceso | acesso
          | zugang(?:sdaten)? | toegang(?:sgegevens)? | identifiants? | acc[èe]s | credenciais
          | (?:user|username)\ (?:and|/)\ pass(?:word)?)
        [*_`]{0,3}[ ]?[:=][*_`]{0,3}\s{0,2}
      | (?<!\S)(?:-u|--user)[ =]["']? )
    [^\s/|:"']{2,64}+[ ]?[/|:][ ]?(?P<password>[^\s"'/`]{4,128})(?!/)
    """,
    re.VERBOSE,
).finditer


def find(text: str, lower: str) -> Iterator[Span]:
    """Logins of URLs (user name and password as one span, without the `@`) and passwords of pairs in folded `text`."""
    if "@" in text and "://" in text:
        for match in _in_urls(text):
            if not is_placeholder(match["password"]):
                yield Span(*match.span("login"), URL_CREDENTIALS)
    if not _are_named(lower):
        return
    for match in _pairs(lower):
        start, end = match.span("password")
        password = text[start:end].rstrip(".,;)")
        if must_be_value(password):
            yield Span(start, start + len(password), PASSWORD)


def _are_named(lower: str) -> bool:
    return (
        "log" in lower
        or "cred" in lower
        or "zugang" in lower
        or "toegang" in lower
        or "identif" in lower
        or "acc" in lower
        or "aces" in lower
        or "user" in lower
        or "-u" in lower
    )
