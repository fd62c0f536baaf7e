"""Tokens whose own form gives them away, wherever they stand: JSON web tokens and keys with a vendor's prefix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import API_KEY, JWT, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# "eyJ" is base64 of '{"'. Header, payload, signature; an encrypted token has two parts more.
_web_tokens: Final = re.compile(
    r"eyJ(?<![A-Za-z0-9_-]eyJ)[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]++)*"
).finditer

_vendor_keys: Final = re.compile(
    r"""
    (?<![A-Za-z0-9])(?:
        xox[abeprs]-[A-Za-z0-9-]{10,}+ | xapp-[A-Za-z0-9-]{10,}+              # Slack
      | gh[pousr]_[A-Za-z0-9]{30,}+ | github_pat_[A-Za-z0-9_]{22,}+           # GitHub
      | (?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])                              # AWS
      | (?:bot)?[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])                # Telegram
      | [sr]k_(?:live|test)_[A-Za-z0-9]{16,}+                                 # Stripe
      | (?:live|test)_[A-Za-z0-9]{30,}+                                       # Mollie
    )
    """,
    re.VERBOSE,
).finditer
_has_digit: Final = re.compile(r"[0-9]").search


def find(text: str, lower: str) -> Iterator[Span]:  # noqa: ARG001 - detectors share one signature
    """JSON web tokens and vendors' keys in folded `text`. Without a digit a key is a specimen: `ghp_xxxx`."""
    for match in _web_tokens(text):
        yield Span(*match.span(), JWT)
    for match in _vendor_keys(text):
        if _has_digit(match[0]):
            yield Span(*match.span(), API_KEY)
