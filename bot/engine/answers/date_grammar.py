"""Dates in words: "12 March", "since last Monday", "hace dos semanas", "Anfang März"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.engine.answers.date_words import BEGINNING, VOCABULARIES, YEAR, Meaning, Vocabulary
from bot.engine.answers.days import back, latest, part_of, part_of_month, recent
from bot.text.normal import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

_LONGEST_PHRASE: Final = 4  # words
_APOSTROPHE: Final = re.compile("['\u2019]")
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|o|a|e|te|ten|ter|de|ste)")
_WEEK: Final = 7
_OLDEST_SHORT_YEAR: Final = 15  # "3 March 12" is noon rather than 2012

# The kinds of `date_words`, and D a number of one or two digits, O an ordinal ("3rd"), Y a year, X anything else.
_EXPRESSION: Final = re.compile(
    "(?P<dated>[DO]M(?:[YD]|LU|UL)?|M[DO]Y?)"
    "|(?P<ago>A[DR]U|[DR]UA?|L[DR]U|[DR]LU)"
    "|(?P<last_week>LUW|WLU|ULW|WUL)"
    "|(?P<weekday>[LH]?W[LH]?)"
    "|(?P<month>B?M(?:LU|UL)|B?[LH]?MY?[LH]?)"
    "|(?P<period>B?[LH]U|B?U[LH]|BU)"
    "|(?P<year>B?Y)"
    "|(?P<day>B?TP*)"
    "|(?P<now>N)"
)


class Found(NamedTuple):
    """The dates a text names: those with a day and a month, and those that are counted from today or vague."""

    clear: list[date]
    relative: list[date]
    whole: bool
    """Whether the text says nothing else."""
    hint: bool
    """Whether any word or number of it could be of a date."""


def find(text: str, language: str, now: datetime) -> Found:
    """The dates that `text` names in words of `language` or English, seen from `now`; some may lie in the future.

    Beside other words, a date with day and month counts anywhere, any other one only where the text begins with it.
    """
    tokens = [token for token in _tokens(text, VOCABULARIES.get(language, VOCABULARIES["en"])) if token.kind != "F"]
    kinds = "".join(token.kind for token in tokens)
    rest = _EXPRESSION.sub("", kinds)
    whole = not rest.strip("SP")
    clear: list[date] = []
    relative: list[date] = []
    for match in _EXPRESSION.finditer(kinds):
        day = _date(match.lastgroup or "", tokens[match.start() : match.end()], now)
        if day is None:
            continue
        before = kinds[: match.start()]
        if match.lastgroup == "dated":
            if whole or match[0][0] != "M" or match[0][1:] != "D":  # "may 5 orders"
                clear.append(day)
        elif (whole and not (kinds == "M" and normalise(text) == "may")) or (
            not before.strip("SP") and _leads(match.lastgroup or "", match[0], before)
        ):
            relative.append(day)
    return Found(clear, relative, whole, bool(kinds.strip("XS")))


def _leads(group: str, kinds: str, before: str) -> bool:
    """Whether an expression with which a longer text begins is surely meant as a date."""
    return group != "now" and (group in {"day", "last_week"} or "S" in before or "A" in kinds or "L" in kinds)


def _tokens(text: str, vocabulary: Vocabulary) -> Iterator[Meaning]:
    words = normalise(_APOSTROPHE.sub(" ", text)).split()
    meanings: list[tuple[Meaning, int | None]] = []
    start = 0
    while start < len(words):
        for end in range(min(start + _LONGEST_PHRASE, len(words)), start, -1):
            phrase = " ".join(words[start:end])
            meaning, number = vocabulary.words.get(phrase), vocabulary.numbers.get(phrase)
            if meaning or number is not None:
                meanings.append((meaning or Meaning("X"), number))
                break
        else:
            meanings.append((_numeral(words[start]), None))
        start = end
    following = ""
    counted: list[Meaning] = []
    for meaning, number in reversed(meanings):
        token = Meaning("R", number) if number is not None and following in {"U", "L"} else meaning
        if following == "ago" and token.kind == "U" and counted[-1].kind == "M":
            counted[-1] = Meaning("A")  # August in three languages, but not behind a unit
        counted.append(token)
        following = following if token.kind == "F" else token.kind
    return reversed(counted)


def _numeral(word: str) -> Meaning:
    if word.isdecimal():
        kinds = {1: "D", 2: "D", 4: "Y"}
        return Meaning(kinds.get(len(word), "X"), int(word))
    ordinal = _ORDINAL.fullmatch(word)
    return Meaning("O", int(ordinal[1])) if ordinal else Meaning("X")


def _date(group: str, tokens: Sequence[Meaning], now: datetime) -> date | None:
    """The day that an expression means; None if there is no such day."""
    kinds = "".join(token.kind for token in tokens)
    values = dict(reversed(tokens))  # of two of a kind the first counts
    today = now.date()
    try:
        match group:
            case "dated":
                return _dated(kinds, tokens, values, latest(now))
            case "ago":
                return back(now, values.get("D", values.get("R", 0)), values["U"])
            case "last_week":
                return today - timedelta(days=today.weekday() + _WEEK - values["W"])
            case "weekday":
                days = (today.weekday() - values["W"]) % _WEEK
                return today - timedelta(days=days if days or "H" in kinds else _WEEK)
            case "day":
                return today + timedelta(days=values["T"])
            case "now":
                return today
            case "period":
                return _part_of_period(kinds, values, now)
            case _:
                return _part_of_year(group, kinds, values, today)
    except (ValueError, OverflowError):
        return None


def _dated(kinds: str, tokens: Sequence[Meaning], values: dict[str, int], until: date) -> date:
    """A day and a month; without a year the latest one that is not after `until`."""
    month, day = values["M"], values["D" if "D" in kinds[:2] else "O"]
    if "Y" in kinds:
        return date(values["Y"], month, day)
    if "L" in kinds:
        return date(until.year - 1, month, day)
    if kinds.endswith("MD") and len(kinds) > len("MD") and tokens[-1].value >= _OLDEST_SHORT_YEAR:
        return date(2000 + tokens[-1].value, month, day)
    return recent(month, day, until)


def _part_of_period(kinds: str, values: dict[str, int], now: datetime) -> date:
    """Last week, this month, the beginning of last year: what is not over yet ends today."""
    today = now.date()
    base = back(now, 1, values["U"]) if "L" in kinds else today
    if "L" in kinds and "B" not in kinds:
        return base
    return min(part_of(values["U"], base, values.get("B", BEGINNING)), today)


def _part_of_year(group: str, kinds: str, values: dict[str, int], today: date) -> date:
    """March, the end of March 2025, last March, early 2025: what is not over yet ends today."""
    part = values.get("B", BEGINNING)
    year = values.get("Y", today.year - ("U" in kinds and "L" in kinds))
    if group == "year":
        first, day = date(year, 1, 1), part_of(YEAR, date(year, 1, 1), part)
    else:
        month = values["M"]
        this = "L" in kinds and "U" not in kinds and month == today.month
        if "Y" not in kinds and "U" not in kinds and "H" not in kinds and (month > today.month or this):
            year -= 1
        first, day = date(year, month, 1), part_of_month(year, month, part)
    return min(day, today) if first <= today else day
