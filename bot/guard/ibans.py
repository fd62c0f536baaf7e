"""International bank account numbers, checked with python-stdnum: country, length, structure and modulo 97.

The library's rules of single countries are left out: some look a bank up in a list, and lists grow old.
"""

from __future__ import annotations

import re
from itertools import product
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, NamedTuple

from stdnum import numdb
from stdnum.iso7064 import mod_97_10

from bot.guard.spans import IBAN, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Matcher = Callable[..., re.Match[str] | None]


class _Country(NamedTuple):
    tail: Matcher
    """Matches as many letters and digits as follow the first four characters, separators between them allowed."""
    structure: Matcher
    """Matches those letters and digits without separators, in upper case."""


# The registry's notation: "4!a10!n" is four letters, then ten digits.
_pieces: Final = re.compile(r"([0-9]+)!([nac])").findall
_CLASSES: Final = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def _countries() -> dict[str, _Country]:
    """Read the country formats out of the library's registry, so that they are kept in one place: there."""
    registry = numdb.get("iban")
    tails: dict[int, Matcher] = {}
    countries: dict[str, _Country] = {}
    for code in map("".join, product(ascii_uppercase, repeat=2)):
        pieces = _pieces(registry.info(code)[0][1].get("bban", ""))
        if not pieces:
            continue
        length = sum(int(size) for size, _ in pieces)
        if length not in tails:
            tails[length] = re.compile(rf"(?:[ .\-]?[A-Za-z0-9]){{{length}}}(?![A-Za-z0-9])").match
        structure = "".join(f"{_CLASSES[kind]}{{{size}}}" for size, kind in pieces)
        countries[code] = _Country(tails[length], re.compile(structure).fullmatch)
    return countries


_COUNTRIES: Final = _countries()
# Begins with the digits because few characters are digits; what stands before them is looked at afterwards.
_check_digits: Final = re.compile(r"[0-9][0-9](?<=[A-Za-z]{2}..)(?<![A-Za-z0-9].{4})(?=[ .\-]?[A-Za-z0-9]{2})").finditer
_SEPARATORS: Final = str.maketrans("", "", " .-")


def find(text: str, lower: str) -> Iterator[Span]:  # noqa: ARG001 - detectors share one signature
    """Valid IBANs in folded `text`, written together or in groups."""
    done = 0
    for digits in _check_digits(text):
        start = digits.start() - 2
        if start < done:
            continue
        country = _COUNTRIES.get(text[start : start + 2].upper())
        tail = country and country.tail(text, digits.end())
        if not (country and tail):
            continue
        account = tail[0].translate(_SEPARATORS).upper()
        if country.structure(account) and mod_97_10.checksum(account + text[start : digits.end()].upper()) == 1:
            yield Span(start, tail.end(), IBAN)
            done = tail.end()
