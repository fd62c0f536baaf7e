"""A day in the past, as people say when something began."""

from __future__ import annotations

import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, Final

import msgspec

from bot.engine.answers import date_figures, date_grammar
from bot.engine.answers.date_words import VOCABULARIES
from bot.engine.answers.days import OLDEST, latest
from bot.engine.answers.reading import Unreadable

if TYPE_CHECKING:
    from datetime import date, datetime

_LONGEST: Final = 640  # characters of an answer; a longer one tells a story in which a date could be anything's
_MOST_CANDIDATES: Final = 4

# What the library for rarer wordings is asked about: it takes milliseconds, and reads a day into almost any number.
_LONGEST_GUESS: Final = 80
_MOST_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_VERSION: Final = re.compile(r"\d\.\d+\.\d|\bv\d", re.IGNORECASE)


class DateReading(msgspec.Struct, frozen=True, gc=False):
    """What was typed and the day it was read as (ISO); or no day, and those the merchant has to choose between."""

    typed: str
    date: str | None
    candidates: tuple[str, ...] = ()


def read(text: str, locale: str, now: datetime) -> DateReading:
    """The day that `text` names in the language of `locale` or in English, seen from `now` (UTC).

    What can mean two days, or names several, gives candidates. Figures are read day first, in English both ways; what
    lies in the future is no candidate beside what does not. A vague answer is read as its first day ("March"), "last
    week" as a week ago.

    Raises Unreadable: too_long, no_date, future, out_of_range (before 1995).
    """
    typed = text.strip()
    if len(typed) > _LONGEST:
        raise Unreadable("too_long")
    language = locale.replace("_", "-").split("-")[0].lower()
    plain = unicodedata.normalize("NFKC", typed)
    # Where the merchant is, today may have begun already; "tomorrow" has nowhere.
    until = latest(now)
    figures = date_figures.find(plain, language, until)
    words = date_grammar.find(figures.rest, language, now)
    clear = [*figures.sure, *words.clear]
    if words.whole and not clear:
        clear = figures.unsure
    if clear:
        return _reading(typed, clear, until)
    if words.relative:
        return _reading(typed, words.relative, now.date())
    guess = _guess(plain, language, now) if words.hint else None
    return _reading(typed, [guess] if guess else [], until)


def _reading(typed: str, days: list[date], until: date) -> DateReading:
    past = list(dict.fromkeys(day.isoformat() for day in days if OLDEST <= day <= until))
    if not past and days:
        raise Unreadable("future" if max(days) > until else "out_of_range")
    if not 0 < len(past) <= _MOST_CANDIDATES:
        raise Unreadable("no_date")
    return DateReading(typed, past[0]) if len(past) == 1 else DateReading(typed, None, tuple(past))


def _guess(plain: str, language: str, now: datetime) -> date | None:
    """The day that dateparser finds in a short text that has a word of a date in it."""
    words = plain.split()
    known = VOCABULARIES.get(language, VOCABULARIES["en"]).words
    while words and (meaning := known.get(words[0].lower())) and meaning.kind in "SF":
        words.pop(0)
    rest = " ".join(words)
    if len(rest) > _LONGEST_GUESS or len(words) > _MOST_WORDS or _VERSION.search(rest) or not _WORD.search(rest):
        return None
    # It takes a tenth of a second to load; most dates are read without it.
    import dateparser  # noqa: PLC0415

    with warnings.catch_warnings():
        # It asks the standard library for days without a year, which Python 3.13 deprecates.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = dateparser.parse(
            rest,
            languages=[language, "en"] if language in VOCABULARIES and language != "en" else ["en"],
            settings={
                "RELATIVE_BASE": now.replace(tzinfo=None),
                "PREFER_DATES_FROM": "past",
                "PREFER_DAY_OF_MONTH": "first",
                "TIMEZONE": "UTC",
                "RETURN_AS_TIMEZONE_AWARE": False,
            },
        )
    return found.date() if found else None
