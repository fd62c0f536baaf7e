"""What of a text is not words: texts with the same skeleton are built alike, and need not be parsed to know it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.text.quick import are_words, is_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f"
_DIGITS: Final = "".join(map(str, range(10)))
_BETWEEN: Final = " ,;.!?'\u2019\u00a0-"
_WORDS: Final = re.compile(rf"[{_LETTERS}][{_LETTERS}{_DIGITS}{_BETWEEN}]*(?:(?<![{_BETWEEN}])|(?<=[,;.!?])(?=\n|\Z))")
"""Words of a sentence, from a letter to a letter, a digit or the end of a line: no mark-up can be among them."""

_EXACT: Final = re.compile(
    r"""\0 | `[^`\0]*` | \]\([^)\s\0]*\)
    | \{\{ (?: [^'"}\0] | '[^'\\\0]*' | "[^"\\\0]*" | \}(?!\}) )* \}\}""",
    re.VERBOSE,
)
"""Code, places and addresses, which a translation copies, and where the next text begins."""

_APART: Final = "\n\0\n"
"""Stands between texts: they begin and end as lines of one text do, and no text has it in it."""

_has_copied: Final = re.compile(r"[`{<]|\][(:]|~~~").search
_has_odd: Final = re.compile(r"``|~~~|<|\]:").search
"""Code and addresses that are written in another way than most."""

Skeleton = tuple[str, tuple[str, ...]]

_ONLY_WORDS: Final[Skeleton] = ("a", ())


def skeleton(text: str) -> Skeleton | None:
    """The text with one letter for each run of words, and what has to be copied of it; None where that cannot be told.

    A Markdown parser makes the same blocks and spans of two texts with the same skeleton: it looks at marks, digits,
    line breaks, and at whether a mark stands beside a letter, a space or something else, and all of that is the same.
    """
    if is_words(text):
        return _ONLY_WORDS
    bones = _WORDS.sub("a", text)
    if not _has_copied(bones):  # words have no part in any of that, and the bones are shorter
        return bones, ()
    exact = tuple(_EXACT.findall(text))
    marks = [each[0] for each in exact]
    if _has_odd(bones) or marks.count("{") != bones.count("{{") or marks.count("]") != bones.count("]("):
        return None
    return bones, exact


def have_skeleton(texts: Sequence[str], bones: Skeleton) -> bool:
    """Whether that is the skeleton of each of `texts`, in a third of the time that it takes to make it.

    The regular expressions run over all of them at once.
    """
    if bones == _ONLY_WORDS:
        return are_words(texts)
    joined = _APART.join(texts)
    if _WORDS.sub("a", joined) != _APART.join([bones[0]] * len(texts)):
        return False
    return not _has_copied(bones[0]) or _EXACT.findall(joined) == [*bones[1], "\0"] * (len(texts) - 1) + [*bones[1]]
