"""Taking secrets out of a text before it is stored, logged, relayed or measured.

Eight detectors look at the text, each in a module of its own. What they find is replaced by a label and a short
fingerprint, which lets people see that two messages held the same secret without showing it. Redacting twice changes
nothing: the text is read again until nothing is found in it.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

from bot.guard import spans
from bot.guard.spans import FINDING_KINDS, LABELS, TEST_CARD, Span, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.guard.fold import Folded

__all__ = ["FINDING_KINDS", "Finding", "Redaction", "redact"]


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One secret that was found: never the secret itself.

    `kind` is one of `FINDING_KINDS`; `fingerprint` six hexadecimal digits; `start` and `end` bound the secret in the
    text as it was given. Everything found is removed, except documented test cards (`test_card`).
    """

    kind: str
    fingerprint: str
    start: int
    end: int


class Redaction(msgspec.Struct, frozen=True, gc=False):
    """A text without its secrets, and what was found, in reading order."""

    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def edits(self) -> list[tuple[int, int, int]]:
        """What gave way to labels: from where to where in the text as it was given, and how long the label is."""
        removed = [each for each in self.findings if each.kind != TEST_CARD]
        return [(each.start, each.end, len(_label(each))) for each in removed]


_FINGERPRINT_BYTES: Final = 3
_SHORTEST: Final = 7
"""Characters of the shortest secret with what gives it away ("pw:ab12", "://:p@x"): many replies are shorter."""

# Cheap looks that spare most messages the detectors; expressions that begin with a class of few characters are searched
# several times faster than others. A value needs a digit, a sign before it, a symbol or a capital inside it: sentences
# have capitals at the beginning of words and "!" at the end.
_may_hold_value: Final = re.compile(
    r"[0-9@:=>#$%&*+^_~|\\<!?A-ZÀ-Þ](?:(?<=[^!?A-ZÀ-Þ])|(?<=[a-zß-ÿ][A-ZÀ-Þ])|(?<=[!?])(?=\S))"
).search


def redact(text: str, salt: bytes = b"") -> Redaction:
    """Replace every secret in `text` by a label such as `[removed: card number #a1b2c3]`.

    `salt` keys the fingerprints: without it, whoever sees one can try out all card numbers. Equal secrets have equal
    fingerprints under one salt. Raises nothing, whatever the text.
    """
    found = _detect(text)
    if not found:
        return Redaction(text)
    key = salt if len(salt) <= blake2b.MAX_KEY_SIZE else blake2b(salt).digest()
    from bot.guard import echoes  # noqa: PLC0415  (as the detectors: see there)

    removed: list[Finding] = []
    cleaned = text
    while secrets := [span for span in found if span.kind != TEST_CARD]:
        together = settle([*_spans(removed), *_to_original(secrets, removed)])
        echoed = echoes.find(text, {text[span.start : span.end]: span.kind for span in together})
        removed = [_finding(text, span, key) for span in settle([*together, *echoed])]
        cleaned = _render(text, removed)
        found = _detect(cleaned)
    kept = [_finding(text, span, key) for span in _to_original(found, removed)]
    return Redaction(cleaned, tuple(sorted([*removed, *kept], key=lambda finding: finding.start)))


def _detect(text: str) -> list[Span]:
    """What the detectors see in `text`, without overlaps, in offsets of `text`."""
    if len(text) < _SHORTEST:
        return []
    folded = None
    plain = text
    if not text.isascii():
        folded = _fold()(text)
        plain = folded.text
    if not _may_hold_value(plain):
        return []
    found = _look()(plain)
    if not found:
        return found
    settled = settle(found)
    return [Span(*folded.original(span.start, span.end), span.kind) for span in settled] if folded else settled


@cache
def _fold() -> Callable[[str], Folded]:
    """A table that only some texts need; remembered, because importing it anew for each of them takes its time too."""
    from bot.guard.fold import fold  # noqa: PLC0415

    return fold


@cache
def _look() -> Callable[[str], list[Span]]:
    """The detectors, which compile much: not while the program starts."""
    from bot.guard.detectors import look  # noqa: PLC0415

    return look


def _spans(findings: Iterable[Finding]) -> list[Span]:
    return [Span(finding.start, finding.end, finding.kind) for finding in findings]


def _to_original(found: Iterable[Span], removed: list[Finding]) -> list[Span]:
    """Spans of the rendered text, in reading order, as spans of the text out of which `removed` was taken.

    No span begins or ends inside a label, for labels are blank to the detectors.
    """
    originals = []
    shift = 0
    ahead = iter([*removed, None])
    upcoming = next(ahead)
    for span in found:
        bounds = []
        for position in (span.start, span.end):
            while upcoming and position + shift > upcoming.start:
                shift += upcoming.end - upcoming.start - len(_label(upcoming))
                upcoming = next(ahead)
            bounds.append(position + shift)
        originals.append(Span(bounds[0], bounds[1], span.kind))
    return originals


def _finding(text: str, span: Span, key: bytes) -> Finding:
    value = _fold()(text[span.start : span.end]).text
    if span.kind in {spans.CARD, TEST_CARD, spans.IBAN}:
        # The same number counts as the same however it is grouped.
        value = "".join(filter(str.isalnum, value)).upper()
    digest = blake2b(value.encode("utf-8", "surrogatepass"), digest_size=_FINGERPRINT_BYTES, key=key)
    return Finding(span.kind, digest.hexdigest(), span.start, span.end)


def _label(finding: Finding) -> str:
    return f"[removed: {LABELS[finding.kind]} #{finding.fingerprint}]"


def _render(text: str, removed: list[Finding]) -> str:
    pieces: list[str] = []
    position = 0
    for finding in removed:
        pieces += text[position : finding.start], _label(finding)
        position = finding.end
    return "".join([*pieces, text[position:]])
