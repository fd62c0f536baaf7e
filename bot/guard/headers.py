"""Values of HTTP authorization headers, as curl commands, logs and JSON show them.

MultiSafepay signs its webhooks with `Auth: <base64 of "unix time:HMAC-SHA512">`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import AUTH_HEADER, Span
from bot.guard.values import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

_headers: Final = re.compile(
    r"""
    (?<![a-z])auth(?:ori[sz]ation)?(?:[ _-]?(?:header|token))?
    [\])"'`*\\]{0,4}[ ]{0,3}(?:=>|[:=]|is|es|è|ist|est|lautet)[ ]{0,3}[\["'`*\\]{0,4}
    (?:(?P<scheme>bearer|basic|token|hmac|apikey)[ ]{1,2})?
    (?P<value>[a-z0-9+/._~-]{8,}+=*+)
    """,
    re.VERBOSE,
).finditer
_bearers: Final = re.compile(r"(?<![a-z])bearer[ ]{1,2}(?P<value>[a-z0-9+/._~-]{16,}+=*+)").finditer
# The signature of a webhook is known by itself: base64 of ten digits (16… to 19…), a colon and 128 hex digits.
_signatures: Final = re.compile(r"(?<![A-Za-z0-9+/])MT[Ycgk][A-Za-z0-9+/]{183}(?![A-Za-z0-9+/])=*+").finditer
_has_digit: Final = re.compile(r"[0-9]").search
_has_inner_capital: Final = re.compile(r"[a-z][A-Z]|=\Z").search
_SIGNATURE: Final = 24
"""Characters from which a header's value without a scheme is taken for a signature or a token."""


def find(text: str, lower: str) -> Iterator[Span]:
    """Values of authorization headers in folded `text`; `lower` is its lower case, equally long."""
    if "auth" in lower:
        for match in _headers(lower):
            value = text[slice(*match.span("value"))]
            if is_placeholder(value):
                continue
            digit = _has_digit(value) is not None
            if (digit or _has_inner_capital(value)) if match["scheme"] else (digit and len(value) >= _SIGNATURE):
                yield Span(*match.span("value"), AUTH_HEADER)
    for match in _signatures(text):
        yield Span(*match.span(), AUTH_HEADER)
    if "bearer" in lower:
        for match in _bearers(lower):
            if _has_digit(match["value"]) and not is_placeholder(match["value"]):
                yield Span(*match.span("value"), AUTH_HEADER)
