"""What the detectors hand over: spans of a text, and the one order that settles overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

PRIVATE_KEY: Final = "private_key"
URL_CREDENTIALS: Final = "url_credentials"
AUTH_HEADER: Final = "auth_header"
JWT: Final = "jwt"
API_KEY: Final = "api_key"
IBAN: Final = "iban"
CARD: Final = "card"
PASSWORD: Final = "password"  # noqa: S105 - the name of a kind, not a secret
TEST_CARD: Final = "test_card"

FINDING_KINDS: Final = (
    PRIVATE_KEY,
    URL_CREDENTIALS,
    AUTH_HEADER,
    JWT,
    API_KEY,
    IBAN,
    CARD,
    PASSWORD,
    TEST_CARD,
)
"""Every kind of finding, the most specific first. `test_card` is the one kind that is reported but not removed."""

_RANK: Final = {kind: rank for rank, kind in enumerate(FINDING_KINDS)}


class Span(NamedTuple):
    """A half-open range of characters that a detector recognised as `kind`."""

    start: int
    end: int
    kind: str


def settle(spans: Iterable[Span]) -> list[Span]:
    """The spans in reading order without overlaps.

    Where spans overlap, the longest names the kind (of equally long ones the most specific) and their union is taken,
    so that no end of a secret is left behind because two detectors saw it differently. A test card inside a secret is
    part of the secret.
    """
    settled: list[Span] = []
    longest = 0
    harmless: list[Span] = []
    for span in sorted(spans):
        if span.kind == TEST_CARD:
            harmless.append(span)
            continue
        length = span.end - span.start
        if not settled or span.start >= settled[-1].end:
            settled.append(span)
            longest = length
            continue
        last = settled[-1]
        kind = last.kind
        if length > longest or (length == longest and _RANK[span.kind] < _RANK[kind]):
            kind, longest = span.kind, length
        settled[-1] = Span(last.start, max(last.end, span.end), kind)
    if not harmless:
        return settled
    return sorted(settled + [card for card in harmless if not _is_covered(card, settled)])


def _is_covered(card: Span, settled: list[Span]) -> bool:
    return any(span.start < card.end and card.start < span.end for span in settled)
