"""The pseudo-language: English that looks translated, so that whatever still looks like English is not translated.

Letters get accents and each line stands in ⟦brackets⟧, which also shows where a text is cut off or put together from
parts. Places, links, code and the Markdown around words stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

PSEUDO: Final = "en-XA"
"""Its tag: the one that Android and others use for a language nobody speaks."""

_ACCENTED: Final = str.maketrans(
    "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ", "åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴÝŽ"
)
_KEPT: Final = re.compile(
    r"\{\{.*?\}\}"  # a place
    r"|```.*?```|`[^`\n]*`"  # code
    r"|\]\([^)]*\)"  # the address of a link
    r"|[a-z][a-z0-9+.-]*:\S+|\S+@\S+\.\w+"  # an address by itself
    r"|(?<!\S)/[a-z]+",  # a command
    re.DOTALL,
)
_PLACE: Final = re.compile(r"\{\{.*?\}\}")
_LINE: Final = re.compile(r"(\s*(?:(?:[-*+]|\d+[.)])\s+|>\s?)*)(.*?)(\s*)")


def pseudo(source: str) -> str:
    """An author's Markdown in the pseudo-language."""
    words: list[str] = []
    end = 0
    for kept in _KEPT.finditer(source):
        words += [source[end : kept.start()].translate(_ACCENTED), kept[0]]
        end = kept.end()
    accented = "".join([*words, source[end:].translate(_ACCENTED)])
    if "```" in accented:
        return accented
    return "\n".join(map(_bracketed, accented.split("\n")))


def pseudo_words(source: str) -> str:
    """A comma-separated list of words in it: without brackets, which would be words too."""
    return source.translate(_ACCENTED)


def _bracketed(line: str) -> str:
    parts = _LINE.fullmatch(line)
    if parts is None or not any(map(str.isalpha, _PLACE.sub("", parts[2]))):
        return line
    return f"{parts[1]}⟦{parts[2]}⟧{parts[3]}"
