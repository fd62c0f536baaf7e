"""What of a text is not words: texts with the same skeleton are built alike, and need not be parsed to know it."""

from __future__ import annotations

import re
from typing import Final

from bot.text.quick import is_words

_LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f"
_DIGITS: Final = "".join(map(str, range(10)))
_BETWEEN: Final = " ,;.!?'\u2019\u00a0-"
_WORDS: Final = re.compile(rf"[{_LETTERS}][{_LETTERS}{_DIGITS}{_BETWEEN}]*(?:(?<![{_BETWEEN}])|(?<=[,;.!?])(?=\n|\Z))")
"""Words of a sentence, from a letter to a letter, a digit or the end of a line: no mark-up can be among them."""

_EXACT: Final = re.compile(
    r"""`[^`]*` | \{\{ (?: [^'"}] | '[^'\\]*' | "[^"\\]*" | \}(?!\}) )* \}\} | \]\([^)\s]*\)""", re.VERBOSE
)
"""Code, places and addresses, which a translation copies."""

_COPIED: Final = ("`", "{", "](", "<", "~~~", "]:")
_ODD: Final = ("``", "~~~", "<", "]:")
"""Code and addresses that are written in another way than most."""

Skeleton = tuple[str, tuple[str, ...]]


def skeleton(text: str) -> Skeleton | None:
    """The text with one letter for each run of words, and what has to be copied of it; None where that cannot be told.

    A Markdown parser makes the same blocks and spans of two texts with the same skeleton: it looks at marks, digits,
    line breaks, and at whether a mark stands beside a letter, a space or something else, and all of that is the same.
    """
    if is_words(text):
        return "a", ()
    bones = _WORDS.sub("a", text)
    if not any(mark in text for mark in _COPIED):
        return bones, ()
    exact = tuple(_EXACT.findall(text))
    places, links = text.count("{{"), text.count("](")
    if any(mark in text for mark in _ODD) or (
        (places or links) and [sum(each[0] == mark for each in exact) for mark in "{]"] != [places, links]
    ):
        return None
    return bones, exact
