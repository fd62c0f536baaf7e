"""Dates in figures: "2026-03-12", "12.03.2026", "3/4/26", "12/3"."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple

from bot.engine.answers.days import recent

_DIGIT: Final = re.compile(r"\d")
_BEFORE: Final = r"(?<![\w.,/-])"
_AFTER: Final = r"(?!\w|[.,/-]\d)"
_YEAR: Final = r"(?:19|20)\d\d"
_ISO: Final = re.compile(rf"{_BEFORE}({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:(?=T\d)|{_AFTER})")
_FULL: Final = re.compile(rf"{_BEFORE}(\d{{1,2}})([./-]) ?(\d{{1,2}})\2 ?({_YEAR}|\d\d){_AFTER}")
_SHORT: Final = re.compile(
    rf"{_BEFORE}(?!24/7)(?:(\d{{1,2}})(/)(\d{{1,2}})|(\d{{1,2}})(\.) ?(\d{{1,2}})\.|(\d\d)(\.)(0\d)){_AFTER}"
)
_MONTH: Final = re.compile(rf"{_BEFORE}(?:({_YEAR})-(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[./-]({_YEAR})){_AFTER}")
_COMPACT: Final = re.compile(rf"{_BEFORE}({_YEAR})(\d\d)(\d\d){_AFTER}")
_UNSURE: Final = (_SHORT, _MONTH, _COMPACT)
_TIME: Final = re.compile(
    r"T?\b\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?(?:\s?(?:[ap]\.?m\b|uhr\b|uur\b|h\b|z\b))?|\b\d{1,2}h\d\d\b"
    r"|\b\d{1,2}(?:\.\d\d)?\s?(?:[ap]\.?m\b|uhr\b)|\b\d{1,2}\.\d\d\s?uur\b|\bom \d{1,2} uur\b",
    re.IGNORECASE,
)
# "1.7.10" is rather a version than a day long ago, "8.2.26" rather a day.
_RECENT: Final = 10  # years
_CENTURY_BEGINS: Final = 70


class Figures(NamedTuple):
    """The days that figures in a text name, and the text without figures and times of day."""

    sure: list[date]
    unsure: list[date]
    """Days only if the text says nothing else: "12/3" could be a fraction, "8.2.26" a version."""
    rest: str


def find(text: str, language: str, until: date) -> Figures:
    """The days in `text`: day first; in English, but for dots, both ways. Without a year the latest one by `until`."""
    if not _DIGIT.search(text):
        return Figures([], [], text)
    english = language == "en"
    sure: list[date] = []
    unsure: list[date] = []
    found, rest = _taken(text, _ISO)
    for match in found:
        sure += _days((int(match[1]), int(match[3]), int(match[4])))
    found, rest = _taken(rest, _FULL)
    for match in found:
        day, mark, month, year = match[1], match[2], match[3], _full_year(match[4])
        days = _both_ways(year, int(day), int(month), both=english and mark != ".")
        if mark != "." or len(match[4]) == len("2026") or len(day) == len(month) == len("01"):
            sure += days
        elif until.year - _RECENT < year:
            unsure += days
    less, rest = _unsure(_TIME.sub(" ", rest), until, english=english)
    return Figures(sure, unsure + less, rest)


def _unsure(text: str, until: date, *, english: bool) -> tuple[list[date], str]:
    """The days of figures that could be something else, and the text without them."""
    shorts, months, compacts = (list(pattern.finditer(text)) for pattern in _UNSURE)
    if not (shorts or months or compacts):
        return [], text
    found: list[date] = []
    for match in shorts:
        day, mark, month = filter(None, match.groups())
        found += _both_ways(None, int(day), int(month), both=english and mark != ".", until=until)
    for match in months:
        found += _days((int(match[1] or match[4]), int(match[2] or match[3]), 1))
    for match in compacts:
        found += _days((int(match[1]), int(match[2]), int(match[3])))
    for pattern in _UNSURE:
        text = pattern.sub(" ", text)
    return found, text


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[list[re.Match[str]], str]:
    """What a pattern finds in a text, and the text without it: mostly nothing, and one look is enough."""
    found = list(pattern.finditer(text))
    return found, pattern.sub(" ", text) if found else text


def _full_year(typed: str) -> int:
    year = int(typed)
    if len(typed) == len("2026"):
        return year
    return year + (2000 if year < _CENTURY_BEGINS else 1900)


def _both_ways(year: int | None, first: int, second: int, *, both: bool, until: date = date.max) -> list[date]:
    """Day and month in the usual order; in the other one as well, or if the usual one is impossible."""
    usual = _days((year, second, first), until)
    return usual if usual and not both else usual + _days((year, first, second), until)


def _days(wanted: tuple[int | None, int, int], until: date = date.max) -> list[date]:
    """The day of a year (None for the latest year), month and day, or none."""
    year, month, day = wanted
    try:
        return [recent(month, day, until) if year is None else date(year, month, day)]
    except ValueError:
        return []
