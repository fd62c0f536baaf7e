"""Numbers as people point with them at an entry of a list: "2", "#2", "2nd", "the second one", "la segunda", "n° 2"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.text.normal import normalise

# Forms in English, Spanish, Italian, Dutch, German, French and Portuguese, normalised, of every gender and case.
_FORMS: Final = {
    1: (
        "first primero primera primer primo prima eerste erste erster erstes ersten premier premiere primeiro primeira"
    ),
    2: "second segundo segunda secondo seconda tweede zweite zweiter zweites zweiten deuxieme seconde",
    3: ("third tercero tercera tercer terzo terza derde dritte dritter drittes dritten troisieme terceiro terceira"),
    4: "fourth cuarto cuarta quarto quarta vierde vierte vierter viertes vierten quatrieme",
    5: ("fifth quinto quinta vijfde funfte funfter funftes funften fuenfte fuenfter fuenftes fuenften cinquieme"),
    6: "sixth sexto sexta sesto sesta zesde sechste sechster sechstes sechsten sixieme",
    7: (
        "seventh septimo septima setimo setima settimo settima zevende siebte siebter siebtes siebten siebente septieme"
    ),
    8: "eighth octavo octava ottavo ottava achtste achte achter achtes achten huitieme oitavo oitava",
    9: "ninth noveno novena nono nona negende neunte neunter neuntes neunten neuvieme",
    10: "tenth decimo decima tiende zehnte zehnter zehntes zehnten dixieme",
    -1: "last ultimo ultima laatste letzte letzter letztes letzten dernier derniere",
}
PLACES: Final = {form: place for place, forms in _FORMS.items() for form in forms.split()}
"""The place in a list by its name, normalised: "tercera" is 3; the last one is -1."""
_ARTICLES: Final = "the|el|la|los|las|lo|il|l|de|het|der|die|das|den|dem|le|o|a"
_NOUNS: Final = "one|option|choice|opcion|opzione|optie|keuze|keus|auswahl|wahl|choix|opcao|scelta"
_PHRASE: Final = re.compile(rf"(?:(?:{_ARTICLES}) )?(?:(?:{_NOUNS}) )?(\w+)(?: (?:{_NOUNS}))?")
_NUMERAL: Final = re.compile(
    rf"[(\[#\s]*(?:(?:n[°or]?|no|nr|nro|num|numero|nummer|number|{_NOUNS})[.:]?\s*)?#?"
    r"([0-9]{1,3})(?:st|nd|rd|th|o|a|°|e|de|ste|er|re|ere|eme)?[\s.):\]!]*"
)
_LONGEST: Final = 40  # characters; no such phrase is longer
_KEYCAP: Final = re.compile("[\ufe0e\ufe0f\u20e3\u0300-\u036f]")


def place(text: str) -> int | None:
    """The place in a list that `text` as a whole names: 1 is the first, -1 the last, None if it names none.

    A number inside a sentence names none; neither does a decimal, a price, a date or a number word such as "een".
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    plain = text if text.isascii() else _KEYCAP.sub("", unicodedata.normalize("NFKD", text))
    if numeral := _NUMERAL.fullmatch(plain.casefold()):
        return int(numeral[1])
    phrase = _PHRASE.fullmatch(normalise(text.replace("'", " ").replace("\u2019", " ")))
    return PLACES.get(phrase[1]) if phrase else None
