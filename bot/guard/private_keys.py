"""Private keys: PEM and OpenSSH blocks, whole or cut off by a message limit, and PuTTY's format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import PRIVATE_KEY, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Phones turn two hyphens into a dash, so fewer than five may be left.
_markers: Final = re.compile(r"-{2,5}(?P<side>BEGIN|END) (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-{2,5}").finditer
# Key material goes on in words of base64, over line ends as they are or as logs and JSON write them.
_body: Final = re.compile(
    r"(?:\s|\\[rn]|(?:Proc-Type|DEK-Info|Comment|Version):[^\n\\]*+|[A-Za-z0-9+/]{16,}+=*+|[A-Za-z0-9+/]{1,15}=)*"
).match
_has_material: Final = re.compile(r"[A-Za-z0-9+/]{16}").search
_words: Final = re.compile(r"[^\s\\\"'`>]+").finditer
_is_material: Final = re.compile(r"[rn]?[A-Za-z0-9+/]{16,}={0,2}").fullmatch
_is_last_line: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}").fullmatch
# An OpenSSH key without its first line ("openssh-key-v1" in base64), and the private half of a PuTTY file.
_headless: Final = re.compile(r"(?=b3BlbnNzaC1rZXktdjE)|Private-Lines: ?[0-9]+").finditer


def find(text: str, lower: str) -> Iterator[Span]:
    """Private keys in folded `text`, with the lines that begin and end them; `lower` is its lower case.

    Certificates and public keys are meant to be shown; the first and last lines without a key between them are talk.
    """
    if "private key" in lower:
        yield from _blocks(text)
    done = 0
    for match in _headless(text):
        span = _forward(text, match.start(), match.end()) if match.start() >= done else None
        if span:
            yield span
            done = span.end


def _blocks(text: str) -> Iterator[Span]:
    markers = list(_markers(text))
    done = 0
    for index, marker in enumerate(markers):
        if marker.start() < done:
            continue
        floor, done = done, marker.end()
        following = markers[index + 1] if index + 1 < len(markers) else None
        span: Span | None
        if marker["side"] == "END":
            span = _backward(text, floor, marker)
        elif following and following["side"] == "END":
            whole = _has_material(text, marker.end(), following.start())
            span = Span(marker.start(), following.end(), PRIVATE_KEY) if whole else None
            done = following.end()
        else:
            span = _forward(text, marker.start(), marker.end())
        if span:
            yield span
            done = span.end


def _forward(text: str, start: int, position: int) -> Span | None:
    """The key that begins at `start` and whose material follows `position`, as far as it was pasted."""
    body = _body(text, position)
    if body is None or not _has_material(body[0]):
        return None
    return Span(start, position + len(body[0].rstrip()), PRIVATE_KEY)


def _backward(text: str, floor: int, marker: re.Match[str]) -> Span | None:
    """The key whose last line is `marker` and whose first lines are in an earlier message."""
    start = marker.start()
    has_material = False
    for word in reversed(list(_words(text, floor, marker.start()))):
        if _is_material(word[0]):
            has_material = True
        elif has_material or not _is_last_line(word[0]):
            break
        start = word.start()
    return Span(start, marker.end(), PRIVATE_KEY) if has_material else None
