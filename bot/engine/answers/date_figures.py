"""Dates in figures: "2026-03-12", "12.03.2026", "3/4/26", "12/3"."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.engine.answers.days import recent

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEFORE: Final = r"(?<![\w.,/-])"
_AFTER: Final = r"(?!\w|[.,/-]\d)"
_YEAR: Final = r"(?:19|20)\d\d"
_ISO: Final = re.compile(rf"{_BEFORE}({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:(?=T\d)|{_AFTER})")
_FULL: Final = re.compile(rf"{_BEFORE}(\d{{1,2}})([./-]) ?(\d{{1,2}})\2 ?({_YEAR}|\d\d){_AFTER}")
_SHORT: Final = re.compile(
    rf"{_BEFORE}(?!24/7)(?:(\d{{1,2}})(/)(\d{{1,2}})|(\d{{1,2}})(\.) ?(\d{{1,2}})\.|(\d\d)(\.)(0\d)){_AFTER}"
)
_MONTH: Final = re.compile(
    rf"{_BEFORE}(?:({_YEAR})-(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[./-]({_YEAR})){_AFTER}"
)
_COMPACT: Final = re.compile(rf"{_BEFORE}({_YEAR})(\d\d)(\d\d){_AFTER}")
_TIME: Final = re.compile(
    r"T?\b\d{1,2}(?::\d\d){1,2}(?:[.,]\d+)?(?:\s?(?:[ap]\.?m\b|uhr\b|uur\b|h\b|z\b))?|\b\d{1,2}h\d\d\b"
    r"|\b\d{1,2}(?:\.\d\d)?\s?(?:[ap]\.?m\b|uhr\b)|\b\d{1,2}\.\d\d\s?uur\b|\bom \d{1,2} uur\b",
    re.IGNORECASE,
)
# "1.7.10" is rather a version than a day long ago, "8.2.26" rather a day.
_RECENT: Final = 10  # years


class Figures(NamedTuple):
    """The days that figures in a text name, and the text without figures and times of day."""

    sure: list[date]
    unsure: list[date]
    """Days only if the text says nothing else: "12/3" could be a fraction, "8.2.26" a version."""
    rest: str


def find(text: str, language: str, until: date) -> Figures:
    """The days in `text`: day first; in English, but for dots, both ways. Without a year the latest not after `until`."""
    sure: list[date] = []
    unsure: list[date] = []
    rest = text
    for match in _ISO.finditer(rest):
        sure += _days(int(match[1]), int(match[3]), int(match[4]))
    rest = _ISO.sub(" ", rest)
    for match in _FULL.finditer(rest):
        day, mark, month, typed_year = match.groups()
        year = int(typed_year) if len(typed_year) > 2 else _century(int(typed_year))
        days = _both_ways(int(day), int(month), year, english=language == "en" and mark != ".", until=until)
        if mark != "." or len(typed_year) > 2 or len(day) == len(month) == 2:
            sure += days
        elif until.year - _RECENT < year:
            unsure += days
    rest = _TIME.sub(" ", _FULL.sub(" ", rest))
    for pattern, read in _ALONE:
    ...
