"""What people type, made safe to keep (`clean`) and made comparable (`normalise`)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")

# ZWNJ, ZWJ and variation selectors are not among them: Persian and emoji need them.
_FILLERS: Final = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # the ones that Unicode calls letters and marks
_HIDDEN: Final = (
    f"[{_FILLERS}"
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but for tab and newline
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # hyphens, spaces, directions, isolates
    "\ufeff\ufff9-\ufffb\ufffe\uffff"  # byte order marks, annotations, noncharacters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # shorthand and music controls
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\U000e0000-\U000e007f]"  # tags
)
# The flag of a region (England, Scotland, …) is a black flag, tags and an end tag: the one place where tags are shown.
_FLAG_OR_HIDDEN: Final = f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)|{_HIDDEN}"
_NO_FILLERS: Final = frozenset(_FILLERS).isdisjoint
_CUT_FLAG: Final = re.compile("[\U000e0020-\U000e007e]+$")
_EDGES: Final = (
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    "\u200c\u200d"  # at an edge they join nothing, and a text of nothing else is empty
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A large class of characters takes milliseconds: not while the program starts."""
    return re.compile(pattern)


def clean(text: str, limit: int) -> str:
    """`text` made safe to store and to show, without outer whitespace, at most `limit` code points.

    Lone surrogates become U+FFFD; control, private-use and invisible characters that can spoof are removed; every line
    break becomes a newline. Cleaning twice changes nothing.
    """
    if text.isprintable() and (text.isascii() or _NO_FILLERS(text)):
        text = text.strip()
        return text if len(text) <= limit else text[:limit].rstrip()
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_BREAKS.sub("\n", text)
    if _compiled(_HIDDEN).search(text):
        text = _compiled(_FLAG_OR_HIDDEN).sub(r"\1", text)
    text = text.strip(_EDGES)
    return text if len(text) <= limit else _CUT_FLAG.sub("", text[:limit]).rstrip(_EDGES)


_APOSTROPHES: Final = "'`\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\uff07"
_ASCII_LINES: Final = bytes(
    ord(c.lower()) if c.isalnum() or c == "\n" else ord(" ") for c in map(chr, range(128))
).ljust(256)
_ASCII: Final = _ASCII_LINES.replace(b"\n", b" ")
_DROPPED: Final = bytes(code for code in range(128) if not chr(code).isalnum())
_LEFT_OUT: Final = b"'`"
"""What is among the apostrophes of ASCII."""
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "œ": "oe", "æ": "ae", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t"}
    | dict.fromkeys(_APOSTROPHES)
)
# Only marks that are accents or belong to symbols: in other scripts (Hindi, Thai, …) a mark is a vowel.
_ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)


@lru_cache(maxsize=16)  # a reply is compared several times in a turn
def normalise(text: str) -> str:
    """`text` reduced to what matters when two texts are compared; may be empty. Normalising twice changes nothing.

    Compatibility forms are unified (NFKC), letters case-folded and stripped of accents, digits of every script written
    0-9, apostrophes dropped, all other punctuation, symbols and emoji turned into spaces, and spaces collapsed.
    """
    if text.isascii():
        return _ascii(text)
    text = _unaccented(text)
    return _ascii(text) if text.isascii() else _of_any_script(text)


def least(text: str) -> int:
    """How many characters `normalise` leaves of `text` at least, told in a fraction of its time: those of ASCII."""
    return len(text.encode("ascii", "ignore").translate(None, _DROPPED))


def normalise_each(texts: Iterable[str]) -> list[str]:
    """The same as `normalise` of each text, in a third of the time: most of it is done to all of them at once."""
    lines = [text.replace("\n", " ") if "\n" in text else text for text in texts]
    joined = "\n".join(lines)
    if not joined.isascii():
        joined = _unaccented(joined)
        if not joined.isascii():
            return [_ascii(line) if line.isascii() else _of_any_script(line) for line in joined.split("\n")]
    found = joined.encode().translate(_ASCII_LINES, _LEFT_OUT)
    if b"  " in found or b" \n" in found or b"\n " in found or found[:1] == b" " or found[-1:] == b" ":
        return [" ".join(line.split()) for line in found.decode().split("\n")]
    return found.decode().split("\n") if lines else []


def _unaccented(text: str) -> str:
    """Decomposed and folded, without accents and apostrophes."""
    # The acute accent on its own serves as an apostrophe; NFKD would make it a space.
    text = unicodedata.normalize("NFKD", text.replace("\u00b4", ""))
    text = unicodedata.normalize("NFKD", text.casefold())
    text = _ACCENTS.sub("", text)
    return text if text.isascii() else text.translate(_LETTERS)  # which takes time even where it finds nothing


def _ascii(text: str) -> str:
    """As bytes: translating those takes a third of the time."""
    return b" ".join(text.encode().translate(_ASCII, _LEFT_OUT).split()).decode()


def _of_any_script(unaccented: str) -> str:
    return unicodedata.normalize("NFC", " ".join("".join(map(_kept, unaccented)).split()))


def _kept(character: str) -> str:
    """One decomposed, folded character as `normalise` keeps it: itself, an ASCII digit or a space."""
    if character.isascii():
        return character if character.isalnum() else " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "
