"""Taking secrets out of a text before it is stored, logged, relayed or measured.

Ten detectors look at the text, each in a module of its own. What they find is replaced by a label and a short
fingerprint, which lets people see that two messages held the same secret without showing it. Redacting twice changes
nothing: the text is read again until nothing is found in it.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

from bot.guard import (
    cards,
    echoes,
    headers,
    ibans,
    keys,
    passwords,
    private_keys,
    spans,
    tokens,
    url_logins,
)
from bot.guard.fold import fold
from bot.guard.spans import FINDING_KINDS, TEST_CARD, Span, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FINDING_KINDS", "Finding", "Redaction", "redact"]


class Finding(msgspec.Struct, frozen=True):
    """One secret that was found: never the secret itself.

    `kind` is one of `FINDING_KINDS`; `fingerprint` six hexadecimal digits; `start` and `end` bound the secret in the
    text as it was given. Everything found is removed, except documented test cards (`test_card`).
    """

    kind: str
    fingerprint: str
    start: int
    end: int


class Redaction(msgspec.Struct, frozen=True):
    """A text without its secrets, and what was found, in reading order."""

    text: str
    findings: tuple[Finding, ...] = ()


_LABELS: Final = {
    spans.PRIVATE_KEY: "private key",
    spans.URL_CREDENTIALS: "login in a URL",
    spans.AUTH_HEADER: "authorization header",
    spans.JWT: "web token",
    spans.API_KEY: "API key",
    spans.IBAN: "IBAN",
    spans.CARD: "card number",
    spans.PASSWORD: "password",
}
_labels: Final = re.compile(rf"\[removed: (?:{'|'.join(_LABELS.values())}) #[0-9a-f]{{6}}\]", re.IGNORECASE)
_FINGERPRINT_BYTES: Final = 3

# The cheapest looks that rule out most messages: all secrets but passwords hold a digit or, in a URL, an at sign.
_has_digit_or_at: Final = re.compile(r"[0-9@]").search
_has_long_number: Final = re.compile(r"[0-9][0-9 .\-]{10}").search
_has_long_word: Final = re.compile(r"[A-Za-z0-9_+/=\-]{15}").search


def redact(text: str, salt: bytes = b"") -> Redaction:
    """Replace every secret in `text` by a label such as `[removed: card number #a1b2c3]`.

    `salt` (up to 64 bytes; ValueError beyond) keys the fingerprints. Card numbers and passwords can be guessed, so
    fingerprints that leave the process need a secret salt; equal secrets have equal fingerprints under one salt.
    """
    found = _detect(text)
    if not found:
        return Redaction(text)
    removed: list[Span] = []
    cleaned = text
    while secrets := [span for span in found if span.kind != TEST_CARD]:
        removed = settle([*removed, *_to_original(secrets, removed)])
        values = [(text[span.start : span.end], span.kind) for span in removed]
        removed = settle([*removed, *echoes.find(text, values)])
        cleaned = _render(text, removed, salt)
        found = _detect(cleaned)
    kept = _to_original(found, removed)
    return Redaction(cleaned, tuple(_finding(text, span, salt) for span in sorted([*removed, *kept])))


def _detect(text: str) -> list[Span]:
    """What all detectors see in `text`, without overlaps, in offsets of `text`."""
    folded = fold(text)
    plain = folded.text
    lower = plain.lower()
    may_name_password = passwords.is_mentioned(lower)
    if not (may_name_password or _has_digit_or_at(plain)):
        return []
    if "[removed: " in lower:
        # Labels are blanked out: their words name kinds of secrets and would make secrets of what stands beside them.
        plain = _labels.sub(_blank, plain)
        lower = plain.lower()
    found: list[Span] = []
    if may_name_password:
        found += passwords.find(plain, lower)
    if "://" in plain and "@" in plain:
        found += url_logins.find(plain, lower)
    if _has_long_number(plain):
        found += cards.find(plain, lower)
    found += ibans.find(plain, lower)
    if _has_long_word(plain) or "api" in lower or "auth" in lower or "cod" in lower:
        for detector in (tokens, keys, headers, private_keys):
            found += detector.find(plain, lower)
    return [Span(*folded.original(span.start, span.end), span.kind) for span in settle(found)]


def _blank(label: re.Match[str]) -> str:
    return "\n" * len(label[0])


def _to_original(found: Iterable[Span], removed: list[Span]) -> list[Span]:
    """Spans of the rendered text, in reading order, as spans of the text from which `removed` was taken out."""
    originals = []
    shift = 0
    ahead = iter([*removed, None])
    upcoming = next(ahead)
    for span in found:
        bounds = []
        for position in (span.start, span.end):
            while upcoming and position + shift > upcoming.start:
                shift += upcoming.end - upcoming.start - _label_length(upcoming.kind)
                upcoming = next(ahead)
            bounds.append(position + shift)
        originals.append(Span(bounds[0], bounds[1], span.kind))
    return originals


def _label_length(kind: str) -> int:
    return len(f"[removed: {_LABELS[kind]} #]") + 2 * _FINGERPRINT_BYTES


def _render(text: str, removed: list[Span], salt: bytes) -> str:
    pieces = []
    position = 0
    for span in removed:
        pieces += text[position : span.start], f"[removed: {_LABELS[span.kind]} #{_fingerprint(text, span, salt)}]"
        position = span.end
    return "".join([*pieces, text[position:]])


def _fingerprint(text: str, span: Span, salt: bytes) -> str:
    value = fold(text[span.start : span.end]).text
    if span.kind in {spans.CARD, spans.TEST_CARD, spans.IBAN}:
        # The same number counts as the same however it is grouped.
        value = "".join(filter(str.isalnum, value)).upper()
    data = value.encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=_FINGERPRINT_BYTES, key=salt).hexdigest()


def _finding(text: str, span: Span, salt: bytes) -> Finding:
    return Finding(span.kind, _fingerprint(text, span, salt), span.start, span.end)
