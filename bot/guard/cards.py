"""Payment card numbers: issuer range, length, grouping and Luhn, all four.

Luhn alone would destroy what support needs most: identifiers of transactions have 16 digits too, and one in ten passes
Luhn by chance. Newer PSP ids are a Unix time with six digits behind it and start with 17, which is no issuer's range.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from stdnum import luhn

from bot.guard.spans import CARD, TEST_CARD, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# Numbers printed in public documentation; they work in test environments only and staff need to see them. First
# MultiSafepay's own ("Testing payment methods"), then what most payment providers share.
_DOCUMENTED: Final = """
    4111111111111111 4917300000000008 4462000000000003 4012001037461114 4012001038488884 4012001038443335
    5500000000000004 6759000000005 378282246310005 378734493671000 374200000000004
    67034500054620008 67034500054610009 67039902990000045 67039902990000011

    4242424242424242 4000000000000002 4012888888881881 4222222222222 4929000000006 4000056655665556
    5555555555554444 5105105105105100 5200828282828210 5404000000000001 2223003122003222 2223000048400011
    371449635398431 341111111111111 370000000000002 30569309025904 38520000023237 36000000000008
    6011111111111117 6011000990139424 3530111333300000 3566002020360505 6200000000000005
    6703444444444449 5641820000000005 6304000000000000 6799990100000000019
"""
TEST_CARDS: Final = frozenset(_DOCUMENTED.split())

# Visa cards of 13 digits died out; barcodes and telephone numbers of that length have not.
_is_issued: Final = re.compile(
    r"""
      4[0-9]{15}(?:[0-9]{3})?                                                       # Visa
    | 5[1-5][0-9]{14} | 2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}  # Mastercard
    | 3[47][0-9]{13}                                                                # American Express
    | 3(?:0[0-5]|[689][0-9])[0-9]{11} | 3095[0-9]{10}                               # Diners Club
    | 35(?:2[89]|[3-8][0-9])[0-9]{12}                                               # JCB
    | (?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12}                                     # Discover
    | 62[0-9]{14,17}                                                                # UnionPay
    | (?:5018|5019|5020|5038|5893|6304|6390|67[0-9]{2})[0-9]{12,15}                 # Maestro, Bancontact, Dankort
    | (?:6759|676[123])[0-9]{8,11}                                                  # Maestro, shorter
    """,
    re.VERBOSE,
).fullmatch

# A digit group stands alone: letters around it make it part of a hash or a name, a plus makes it a telephone number.
_runs: Final = re.compile(r"(?<![A-Za-z0-9+])[0-9]++(?![A-Za-z])(?:[ \t.\-]{1,3}+[0-9]++(?![A-Za-z]))*").finditer
_groups: Final = re.compile(r"[0-9]+").finditer

# How people write card numbers, besides groups of equal size with a shorter or one longer group at the end.
_GROUPINGS: Final = frozenset({(4, 6, 5), (4, 6, 4), (6, 13), (6, 10), (6, 11)})

# "PSP ID: 4...", "transaction_id=4...": the text itself says that the digits are the number of something else. French
# company numbers and those of telephones pass Luhn as card numbers do.
_names_other: Final = re.compile(
    r"(?:psp|trx|transactions?|transactie|transaktions?|transacci[oó]n|transazione|transa[cç][aã]o|siret|imei)"
    r"(?:[ _-]?(?:id|nr|number|nummer|numero|número))?[\"'\\\])]{0,3}[ ]{0,2}(?:[:=#]|=>)?[ ]{0,2}[\"'\\]{0,2}\Z"
).search
_NAME_ROOM: Final = 40

_SHORTEST: Final = 12
_LONGEST: Final = 19
_FIRST_DIGITS: Final = "23456"
_LARGEST: Final = 8  # two halves of a number; larger groups are whole numbers
_REGULAR: Final = 3  # smaller groups are telephone numbers and dates, unless the card is all there is


def find(text: str, lower: str) -> Iterator[Span]:
    """Card numbers in folded `text`, documented test cards as their own kind; `lower` is its lower case."""
    for run in _runs(text):
        if run.end() - run.start() < _SHORTEST:
            continue
        groups = [group.span() for group in _groups(text, run.start(), run.end())]
        for span in _in_groups(text, groups):
            name = lower[max(0, span.start - _NAME_ROOM) : span.start]
            if span.kind == TEST_CARD or not text[span.start : span.end].isdigit() or not _names_other(name):
                yield span


def _in_groups(text: str, groups: list[tuple[int, int]]) -> Iterator[Span]:
    """The cards in a row of digit groups; each is one group or several, a longer one before a shorter one."""
    digits = "".join(text[start:end] for start, end in groups)
    ends = list(accumulate(end - start for start, end in groups))
    first = 0
    while first < len(groups):
        size = groups[first][1] - groups[first][0]
        begin = ends[first] - size
        may_begin = digits[begin] in _FIRST_DIGITS and (size >= _REGULAR or first == 0)
        last = bisect_right(ends, begin + _LONGEST) - 1 if may_begin else first - 1
        while last >= first and ends[last] - begin >= _SHORTEST:
            kind = _judge(digits[begin : ends[last]])
            if kind and _is_written_so(text, groups, first, last):
                yield Span(groups[first][0], groups[last][1], kind)
                first = last
                break
            last -= 1
        first += 1


def _judge(digits: str) -> str | None:
    if digits in TEST_CARDS:
        return TEST_CARD
    return CARD if _is_issued(digits) and luhn.checksum(digits) == 0 else None


def _is_written_so(text: str, groups: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether people write one number in groups `first` to `last`: in sizes as on a card, or evenly spread."""
    if first == last:
        # What stands behind a decimal point is a fraction.
        return first == 0 or text[groups[first - 1][1] : groups[first][0]] != "."
    chosen = groups[first : last + 1]
    sizes = tuple(end - start for start, end in chosen)
    if sizes in _GROUPINGS:
        return True
    if sizes[0] > _LARGEST or sizes[-1] > sizes[0] + 1 or set(sizes[1:-1]) - {sizes[0]}:
        return False
    separators = {text[before[1] : after[0]].strip() for before, after in pairwise(chosen)}
    return sizes[0] >= _REGULAR or (len(sizes) == len(groups) and len(separators) == 1)
