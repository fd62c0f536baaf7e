"""Dates in words: "12 March", "since last Monday", "hace dos semanas", "Anfang März"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.engine.answers.date_words import (
    BEGINNING,
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    VOCABULARIES,
    WEEK,
    YEAR,
    Meaning,
    Vocabulary,
)
from bot.engine.answers.days import back, last_day, latest, part_of, recent
from bot.text.normal import normalise
from bot.text.ordinals import PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_PHRASE: Final = 4  # words
_APOSTROPHE: Final = re.compile("['\u2019]")
_COMPOUND: Final = re.compile(r"(tag|woch|dag)(?:abend|nacht|fruh|morgen|(?:vor|nach)?mittag|avond|ochtend|middag)\b")
_AND: Final = frozenset({"and", "y", "e", "en", "und", "et"})
_AND_HALF: Final = re.compile(
    r"\b(?:and a half|y medi[oa]|e mezz[oa]|e mei[oa]|en (?:een )?hal(?:f|ve)|und eine? halbe[sn]?|et demie?)\b"
)
_HALF: Final = "+half"
_OTHER: Final = Meaning("X")
_COUNTED: Final = ("DU", "RU")
"""A number of units."""
_UNITED: Final = frozenset("UL")
"""Kinds before which "a" and "sept" are numbers."""
_HALVES: Final = {
    MINUTE: (0, MINUTE),
    HOUR: (30, MINUTE),
    DAY: (12, HOUR),
    WEEK: (84, HOUR),
    MONTH: (15, DAY),
    YEAR: (6, MONTH),
}
"""Half of each unit: how many of which smaller one."""
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|o|a|e|te|ten|ter|de|ste)")
_MAYBE: Final = "may"  # alone rather not the month
_YEARS: Final = range(1900, 2100)
_WEEK: Final = 7
_OLDEST_SHORT_YEAR: Final = 15  # "3 March 12" is noon rather than 2012

# The kinds of `date_words`, and D a number of one or two digits, O an ordinal ("3rd", "first" of a month), Y a year,
# J an "and" before another span of time, V "and a half", X anything else.
_SPAN: Final = "[DR]U(?:J[DR]U|V)?"
_EXPRESSION: Final = re.compile(
    "(?P<dated>[DO]M(?:[YD]|LU|UL)?|M[DO]Y?)"
    "|(?P<ahead>I[DR]U)"
    f"|(?P<ago>A(?:{_SPAN}|UV)|(?:{_SPAN}|UV)A|{_SPAN}|L[DR]U|[DR]LU)"
    "|(?P<of_week>[LH]UW|W[LH]U|U[LH]W|WU[LH])"
    "|(?P<weekday>[LH]?W[LH]?)"
    "|(?P<month>B?M(?:LU|UL)|B?[LH]?MY?[LH]?)"
    "|(?P<period>B?[LH]U|B?U[LH]|BU)"
    "|(?P<year>B?Y)"
    "|(?P<day>B?TP*)"
    "|(?P<now>N)"
    "|(?P<ordinal>O)"
)


class Found(NamedTuple):
    """The dates a text names: those with a day and a month, and those that are counted from today or vague."""

    clear: list[date]
    relative: list[date]
    whole: bool
    """Whether the text says nothing else."""
    hint: bool
    """Whether any word of it could be of a date."""


def find(text: str, language: str, now: datetime) -> Found:
    """The dates that `text` names in words of `language` or English, seen from `now`; some may lie in the future.

    Beside other words, a date with day and month counts anywhere, any other one only where the text begins with it.
    """
    kinds, tokens = _tokens(text, VOCABULARIES.get(language, VOCABULARIES["en"]))
    if kinds == "M" and normalise(text) == _MAYBE:
        return Found([], [], whole=False, hint=False)
    matches = list(_EXPRESSION.finditer(kinds))
    whole = not _without(kinds, matches).strip("SPJ")
    clear: list[date] = []
    relative: list[date] = []
    for match in matches:
        group, found, before = match.lastgroup or "", match[0], kinds[: match.start()]
        day = _date(group, tokens[match.start() : match.end()], now)
        if day is None:
            continue
        if group == "dated":
            if whole or found != "MD":  # "may 5 orders"
                clear.append(day)
        elif whole or (not before.strip("SPJ") and _leads(group, found, before)):
            relative.append(day)
    return Found(clear, relative, whole, bool(kinds.strip("XSPDOY")))


def _without(kinds: str, matches: list[re.Match[str]]) -> str:
    """The kinds that no expression holds."""
    for match in reversed(matches):
        kinds = kinds[: match.start()] + kinds[match.end() :]
    return kinds


def _leads(group: str, kinds: str, before: str) -> bool:
    """Whether an expression with which a longer text begins is surely meant as a date."""
    if group in {"now", "ordinal"}:
        return False
    return group in {"day", "of_week"} or "S" in before or "A" in kinds or "L" in kinds


def _tokens(text: str, vocabulary: Vocabulary) -> tuple[str, list[Meaning]]:
    """The words of a text as kinds, and as kinds with values, without those that are nothing to a date."""
    words = _AND_HALF.sub(_HALF, _COMPOUND.sub(_apart, normalise(_APOSTROPHE.sub(" ", text)))).split()
    meanings: list[tuple[str, Meaning, int | None]] = []
    start = 0
    while start < len(words):
        longest = _LONGEST_PHRASE if words[start] in vocabulary.openers else 1
        for end in range(min(start + longest, len(words)), start, -1):
            phrase = " ".join(words[start:end])
            meaning, number = vocabulary.words.get(phrase), vocabulary.numbers.get(phrase)
            if meaning or number is not None:
                meanings.append((phrase, meaning or _OTHER, number))
                break
        else:
            meanings.append((words[start], _numeral(words[start]), None))
        start = end
    tokens: list[Meaning] = []
    following, kinds = "", ""  # the next word that is something to a date; the kinds from there on
    for word, meaning, number in reversed(meanings):
        ahead = kinds.startswith(_COUNTED)
        token = meaning
        if number is not None and kinds[:1] in _UNITED:
            token = Meaning("R", number)
        elif kinds[:1] == "M" and meaning.kind == "X":  # "the first of May"; "one May" is none
            place = PLACES.get(word, 0) if number is None else number if number > 1 else 0
            token = Meaning("O", place) if place > 0 else meaning
        elif ahead and word in _AND and meaning.kind in "XF":
            token = Meaning("J")
        if token.kind == "U" and following == "ago":
            # In three languages it is August as well, but not behind a unit.
            tokens[-1], kinds = Meaning("A"), f"A{kinds[1:]}"
        if token.kind != "F" and (token.kind != "I" or ahead):
            tokens.append(token)
            following, kinds = word, token.kind + kinds
    return kinds, tokens[::-1]


def _apart(compound: re.Match[str]) -> str:
    return f"{compound[1]} "


def _numeral(word: str) -> Meaning:
    if word.isdecimal():
        number = int(word) if len(word) <= len("2026") else 0
        return Meaning("D" if len(word) <= len("31") else "Y" if number in _YEARS else "X", number)
    if word == _HALF:
        return Meaning("V")
    ordinal = _ORDINAL.fullmatch(word)
    return Meaning("O", int(ordinal[1])) if ordinal else _OTHER


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
                return _ago(tokens, now)
            case "ahead":
                return today + (today - back(now, values.get("D", values.get("R", 0)), values["U"]))
            case "weekday" | "of_week":
                return _weekday(kinds, values, today)
            case "day" | "now":
                return today + timedelta(days=values.get("T", 0))
            case "ordinal":
                return last_day(values["O"], today)
            case "period":
                return _part_of_period(kinds, values, now)
            case _:
                return _part_of_year(group, kinds, values, today)
    except (ValueError, OverflowError):
        return None


def _ago(tokens: Sequence[Meaning], now: datetime) -> date:
    """So many units before now, perhaps so many smaller ones, or half a unit, before that."""
    moment, count, unit = now, 1, MINUTE
    for token in tokens:
        if token.kind in {"D", "R"}:
            count = token.value
            continue
        if token.kind == "U":
            unit = token.value
        elif token.kind == "V":
            count, unit = _HALVES[unit]
        else:
            continue
        moment = datetime.combine(back(moment, count, unit), moment.timetz())
    return moment.date()


def _weekday(kinds: str, values: dict[str, int], today: date) -> date | None:
    """Monday, last Monday (before today), this Monday (perhaps today), Monday of this or of last week."""
    if "U" not in kinds:
        days = (today.weekday() - values["W"]) % _WEEK
        return today - timedelta(days=days if days or "H" in kinds else _WEEK)
    if values["U"] != WEEK:
        return None
    monday = part_of(WEEK, today, BEGINNING)
    return monday + timedelta(days=values["W"] - (_WEEK if "L" in kinds else 0))


def _dated(kinds: str, tokens: Sequence[Meaning], values: dict[str, int], until: date) -> date:
    """A day and a month; without a year the latest one that is not after `until`."""
    month, day = values["M"], values["D" if "D" in kinds[:2] else "O"]
    if "Y" in kinds:
        return date(values["Y"], month, day)
    if values.get("U") == YEAR:  # "12 March last year"
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


def _part_of_year(group: str, kinds: str, values: dict[str, int], today: date) -> date | None:
    """March, the end of March 2025, last March, early 2025: what is not over yet ends today."""
    part, month = values.get("B", BEGINNING), values.get("M", 1)
    if "Y" in kinds:
        year = values["Y"]
    elif "U" in kinds:  # "March last year"
        if values["U"] != YEAR:
            return None
        year = today.year - 1
    else:
        over = month < today.month or (month == today.month and "L" not in kinds)
        year = today.year if over or "H" in kinds else today.year - 1
    first = date(year, month, 1)
    day = part_of(YEAR if group == "year" else MONTH, first, part)
    return min(day, today) if first <= today else day
