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

LABELS: Final = {
    PRIVATE_KEY: "private key",
    URL_CREDENTIALS: "login in a URL",
    AUTH_HEADER: "authorization header",
    JWT: "web token",
    API_KEY: "API key",
    IBAN: "IBAN",
    CARD: "card number",
    PASSWORD: "password",
}
"""By kind: what stands in place of a secret."""

_RANK: Final = {kind: rank for rank, kind in enumerate(FINDING_KINDS)}


class Span(NamedTuple):
    """A half-open range of characters that a detector recognised as `kind`."""

    start: int
    end: int
    kind: str


def settle(spans: Iterable[Span]) -> list[Span]:
    """The spans in reading order without overlaps.

    Where secrets overlap, the longest names the kind (of equally long ones the most specific) and their union is taken,
    so that no end of a secret is left behind because two detectors saw it differently. A test card that overlaps a
    secret is part of the secret.
    """
    ordered = sorted(spans)
    secrets = _united([span for span in ordered if span.kind != TEST_CARD])
    cards = [span for span in ordered if span.kind == TEST_CARD]
    if not cards:
        return secrets
    settled: list[Span] = []
    for span in sorted([*secrets, *cards]):
        if settled and span.start < settled[-1].end:
            if span.kind == TEST_CARD:
                continue
            settled.pop()
        settled.append(span)
    return settled


def _united(ordered: list[Span]) -> list[Span]:
    united: list[Span] = []
    longest = 0
    for span in ordered:
        length = span.end - span.start
        if not united or span.start >= united[-1].end:
            united.append(span)
            longest = length
            continue
        start, end, kind = united[-1]
        if length > longest or (length == longest and _RANK[span.kind] < _RANK[kind]):
            kind, longest = span.kind, length
        united[-1] = Span(start, max(end, span.end), kind)
    return united
