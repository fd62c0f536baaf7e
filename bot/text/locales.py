"""Languages: reading the tags that platforms send, finding the nearest one there is, and how the shipped ones look."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

SOURCE: Final = "en"
"""The language the shipped flows are written in."""

_TAG: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


class Language(msgspec.Struct, frozen=True):
    """A language as its own speakers see it in a menu: its tag, its name for itself and a flag."""

    tag: str
    native: str
    flag: str


LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType(
    {
        language.tag: language
        for language in (
            Language("en", "English", "🇬🇧"),
            Language("es", "Español", "🇪🇸"),
            Language("it", "Italiano", "🇮🇹"),
            Language("nl", "Nederlands", "🇳🇱"),
            Language("de", "Deutsch", "🇩🇪"),
            Language("fr", "Français", "🇫🇷"),
            Language("pt", "Português", "🇵🇹"),
        )
    }
)
"""The shipped languages by tag, the source language first."""


def normalise(tag: str) -> str | None:
    """The tag in its usual spelling (`pt_br` is `pt-BR`, `zh-hant-tw` is `zh-Hant-TW`), or None if it is no tag.

    A tag is a language of two or three letters, then perhaps a script, then perhaps a region.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    language, script, region = match.groups("")
    return "-".join(filter(None, (language.lower(), script.title(), region.upper())))


def fallbacks(tag: str, default: str = SOURCE) -> tuple[str, ...]:
    """The tag, then ever less special ones, then `default`: `pt-BR` gives `pt-BR`, `pt`, `en`."""
    return tuple(dict.fromkeys((*_widened(tag), default)))


def negotiate(wanted: Iterable[str | None], available: Collection[str], default: str = SOURCE) -> str:
    """The tag of `available` that serves best, where the first of `wanted` counts most; `default` if none does.

    A wish is met by its own tag, by a less special one, or by another region or script of its language.
    """
    known = {normalise(tag) or tag: tag for tag in sorted(available)}
    for tag in wanted:
        wider = _widened(tag or "")
        for candidate in wider:
            if candidate in known:
                return known[candidate]
        for candidate, found in known.items():
            if wider and candidate.split("-")[0] == wider[-1]:
                return found
    return default


def _widened(tag: str) -> list[str]:
    """The tag and its ever shorter beginnings, down to its language; nothing if it is no tag."""
    parts = (normalise(tag) or "").split("-")
    return ["-".join(parts[:size]) for size in range(len(parts), 0, -1) if parts[0]]
