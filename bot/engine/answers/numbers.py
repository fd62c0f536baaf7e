"""A number as it is written in the merchant's language."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.engine.answers.reading import Unreadable

_LONGEST: Final = 80  # characters of an answer; a story is no number
_MOST_DIGITS: Final = 15  # more do not survive as a float
# Groups of three after the first one to three digits, or plain digits; then perhaps a decimal mark and digits.
_NUMBER: Final = re.compile(
    r"(?<![\w.,])[-+]?(?:\d{1,3}(?:[ ']\d{3})+(?![\d'])(?:[.,]\d+)?|\d+(?:[.,]\d+)*)(?![\w']|[.,:/-]\d)"
)
_DIGIT: Final = re.compile(r"\d")
_CURRENCY: Final = re.compile(r"(?i:EUR|USD|GBP|CHF)(?=[-+\d])|(?<=\d)(?i:EUR|USD|GBP|CHF)\b|[€$£¥%~≈]")


def read(text: str, locale: str, minimum: float | None, maximum: float | None) -> int | float:
    """The one number in `text`, within the bounds (inclusive, None for no bound); an int if it is whole.

    "1.234" is a thousand and more, unless `locale` is English, where it is a little more than one; "1,234" the other
    way round. Currency signs, units and spaces between thousands do not matter.

    Raises Unreadable: too_long, several, not_a_number, out_of_range.
    """
    if len(text) > _LONGEST:
        raise Unreadable("too_long")
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return _bounded(int(text), minimum, maximum)
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2019", "'")
    plain = _CURRENCY.sub(" ", plain)
    found = _NUMBER.findall(plain)
    if len(found) > 1:
        raise Unreadable("several")
    if not found or _DIGIT.search(_NUMBER.sub(" ", plain)):
        raise Unreadable("not_a_number")
    number = _value(found[0].replace(" ", "").replace("'", ""), english=locale.lower().startswith("en"))
    return _bounded(number, minimum, maximum)


def _bounded(number: float, minimum: float | None, maximum: float | None) -> int | float:
    if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
        raise Unreadable("out_of_range")
    return number


def _value(digits: str, *, english: bool) -> int | float:
    """The value of digits with perhaps a sign, dots and commas."""
    group, decimal = _marks(digits, english=english)
    if group and re.fullmatch(rf"[-+]?\d{{1,3}}(?:\{group}\d{{3}})+(?:\{decimal}\d+)?", digits) is None:
        raise Unreadable("not_a_number")
    whole, _, fraction = digits.replace(group, "").partition(decimal) if group else digits.partition(decimal)
    fraction = fraction.rstrip("0")
    if len(whole.lstrip("+-")) + len(fraction) > _MOST_DIGITS:
        raise Unreadable("too_long")
    return float(f"{whole}.{fraction}") if fraction else int(whole)


def _marks(digits: str, *, english: bool) -> tuple[str, str]:
    """The mark between groups of thousands ("" if there is none) and the decimal mark."""
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        # The later of the two is the decimal mark, in whatever language.
        return (",", ".") if digits.rindex(".") > digits.rindex(",") else (".", ",")
    if dots + commas == 0:
        return "", "."
    mark, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return mark, other
    # One mark: it groups where the language groups with it and three digits follow.
    groups = mark == ("," if english else ".") and re.fullmatch(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", digits)
    return (mark, other) if groups else ("", mark)
