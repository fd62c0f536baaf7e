"""All detectors, each asked about the texts that it might see something in.

They compile many expressions: whoever only starts the program, or never shows a digit or a sign, does not wait for it.
"""

from __future__ import annotations

import re
from typing import Final

from bot.guard import headers, keys, logins, passwords, private_keys, tokens
from bot.guard.spans import LABELS, Span

_labels: Final = re.compile(rf"\[removed: (?:{'|'.join(LABELS.values())}) #[0-9a-f]{{6}}\]", re.IGNORECASE)

_has_long_number: Final = re.compile(r"[0-9][0-9 \t.\-]{11}").search
# Long words that mix digits with other characters have a digit beside one, with seven characters on one of its sides.
_has_mixed_word: Final = re.compile(
    r"[0-9](?:(?=[A-Za-z_+/=\-])|(?<=[A-Za-z_+/=\-].))(?:(?=[\w+/=\-]{7})|(?<=[\w+/=\-]{8}))"
).search
_has_long_word: Final = re.compile(r"[A-Za-z0-9_+/=\-]{15}").search


def look(plain: str) -> list[Span]:
    """What each detector sees in folded text; only those are asked that might see something."""
    lower = plain.lower()
    if "[removed: " in lower:
        # Labels are blanked out: their words name kinds of secrets and would make secrets of what stands beside them.
        plain = _labels.sub(_blank, plain)
        lower = plain.lower()
    found: list[Span] = []
    if passwords.is_mentioned(lower):
        found += passwords.find(plain, lower)
    if ":" in plain or "=" in plain or "-u" in plain:
        found += logins.find(plain, lower)
    has_long_number = _has_long_number(plain)
    has_long_word = _has_mixed_word(plain) and _has_long_word(plain)
    if has_long_number or has_long_word:
        # they read a registry and compile much, and few messages come here
        from bot.guard import cards, ibans  # noqa: PLC0415

        if has_long_number:
            found += cards.find(plain, lower)
        found += ibans.find(plain, lower)
    if has_long_word or "auth" in lower or keys.are_named(lower):
        for detector in (tokens, keys, headers, private_keys):
            found += detector.find(plain, lower)
    return found


def _blank(label: re.Match[str]) -> str:
    return "\n" * len(label[0])
