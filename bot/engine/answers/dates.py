"""A day in the past, as people say when something began."""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.engine.answers.date_grammar import Found, find
from bot.engine.answers.date_words import VOCABULARIES
from bot.engine.answers.days import OLDEST, latest, recent
from bot.engine.answers.reading import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_LONGEST: Final = 640  # characters of an answer; a longer one tells a story in which a date could be anything's
_LONGEST_GUESS: Final = 80
_MOST_CANDIDATES: Final = 4
_RECENT_YEARS: Final = 10

_ISO: Final = re.compile(r"(?<![\w.,/-])((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d|[.,/-]\d)")
_NUMERIC: Final = re.compile(r"(?<![\w.,/-])(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?!\w|[.,/-]\d)")
_SHORT: Final = re.compile(r"(?<![\w.,/-])(?!24/7)(?:(\d{1,2})(/)(\d{1,2})|(\d{1,2})(\.) ?(\d{1,2})\.|(\d\d)(\.)(0\d))(?![\w.,/-])")
_MONTH: Final = re.compile(r"(?<![\w.,/-])(?:((?:19|20)\d\d)-(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[./-]((?:19|20)\d\d))(?![\w/-]|[.,]\d)")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_TIME: Final = re.compile(
    r"\bT?\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?(?:\s?(?:[ap]\.?m\b\.?|uhr\b|uur\b|h\b|Z\b))?"
    r"|\b\d{1,2}h\d\d\b|\b\d{1,2}(?:\.\d\d)?\s?(?:[ap]\.?m\b\.?|uhr\b)|\b\d{1,2}\.\d\d\s?uur\b|\bom \d{1,2} uur\b",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(r"\d\.\d+\.\d|\bv\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What was typed and the day it was read as (ISO), or the days between which the merchant has to choose."""

    typed: str
    date: str | None
    candidates: tuple[str, ...] = ()


def read(text: str, locale: str, now: datetime) -> DateReading:
    """The day that `text` names in the language of `locale` or in English, seen from `now` (UTC).

    What can mean two days, or names several, gives candidates. Numbers are read day first, in English both ways, where
    only one way lies in the past that one. A vague answer is read as its first day ("March"), last week as a week ago.

    Raises Unreadable: too_long, no_date, future, out_of_range (before 1995).
    """
    if len(text) > _LONGEST:
        raise Unreadable("too_long")
    language = locale.replace("_", "-").split("-")[0].lower()
    typed = text.strip()
    plain = unicodedata.normalize("NFKC", typed)
    today, ahead = now.date(), latest(now)
    numeric, found = _numeric(plain, language, now)
    if numeric or found.clear:
        days, until = [*numeric, *found.clear], ahead
    elif found.relative:
        days, until = found.relative, today
    else:
        days, until = _guessed(plain, language, now, found), ahead
    return _reading(typed, days, until)


def _reading(typed: str, days: list[date], until: date) -> DateReading:
    if not days:
        raise Unreadable("no_date")
    past = list(dict.fromkeys(day.isoformat() for day in days if OLDEST <= day <= until))
    if not past:
        raise Unreadable("future" if max(days) > until else "out_of_range")
    if len(past) > _MOST_CANDIDATES:
        raise Unreadable("no_date")
    return DateReading(typed, past[0]) if len(past) == 1 else DateReading(typed, None, tuple(past))


def _numeric(plain: str, language: str, now: datetime) -> tuple[list[date], Found]:
    """The days written in figures, and what the words around them say."""
    days: list[date] = []
    rest = plain
    for match in _ISO.finditer(plain):
        days += _valid(int(match[1]), int(match[3]), int(match[4]))
    rest = _ISO.sub(" ", rest)
    written = list(_NUMERIC.finditer(rest))
    found = find(_TIME.sub(" ", _NUMERIC.sub(" ", rest)), language, now)
    for match in written:
        if _is_date(match, now, alone=found.whole and not days and len(written) == 1):
            days += _both_ways(match, language)
    if days or written:
        return days, found
    return _whole(rest, language, now) or ([], found)
