"""Texts that look alike: `skeleton` is the same for two names that a reader may take for each other.

Letters of other alphabets that look like Latin ones count as these (after Unicode's confusables, UTS 39, as far as
names of people go), and so do the digits and pairs that are read as letters.
"""

from __future__ import annotations

from typing import Final

from bot.text.normal import clean, normalise

_CYRILLIC: Final = dict(zip("авеёзіїјкмнопрсѕтухһԁԛԝьӏ", "abee3iijkmhonpcstyxhdqwbl", strict=True)) | {"п": "n"}
_GREEK: Final = dict(zip("αβγδεζηικλμνορςστυχωϲϳ", "abydezniklmvopcotuxwcj", strict=True))
_LATIN: Final = dict(zip("ɑɡıƖǀℓ", "agilll", strict=True))
_CAPITALS: Final = dict(zip("АВЕКМНОРСТУХЅІЈԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abekmhopctyxsijgabezhikmnoptyx", strict=True))
_TABLE: Final = str.maketrans(_CYRILLIC | _GREEK | _LATIN | _CAPITALS)
_READ_AS: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "v": "u"})


def skeleton(text: str) -> str:
    """What the text looks like, in letters without spaces; "" for one of signs alone."""
    seen = normalise(clean(text, len(text)).translate(_TABLE)).translate(_TABLE)
    return seen.replace("rn", "m").replace("vv", "w").translate(_READ_AS).replace(" ", "")
