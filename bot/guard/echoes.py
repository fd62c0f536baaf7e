"""Removed values that stand in the same text once more, without the word that gave them away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import PASSWORD, URL_CREDENTIALS, Span
from bot.guard.values import must_be_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHORTEST: Final = 6
"""A shorter value, or one that is a plain word, would take ordinary words with it."""

_words: Final = re.compile(r"[^\s\"'`´“”„«»<>()\[\]{},;|]{6,}+").finditer
_TRAILING: Final = ".:!?*_~"


def find(text: str, removed: Mapping[str, str]) -> Iterator[Span]:
    """Whole words of `text` that equal one of the removed values (value to kind).

    The password of a URL's login counts by itself as well. Values of several words need no second look: their form
    gives them away wherever they stand.
    """
    values = dict(_values(removed.items()))
    if not values:
        return
    for word in _words(text):
        for value in {word[0], word[0].rstrip(_TRAILING)}:
            if value in values:
                yield Span(word.start(), word.start() + len(value), values[value])


def _values(removed: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for value, kind in removed:
        if kind == URL_CREDENTIALS:
            yield from _values([(value.partition(":")[2], PASSWORD)])
        if len(value) >= _SHORTEST and must_be_value(value):
            yield value, kind
            yield value.rstrip(_TRAILING), kind
