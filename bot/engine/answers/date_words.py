"""The words of dates in seven languages, as the grammar of dates reads them.

Every word is written as `bot.text.normal.normalise` leaves it, apostrophes turned into spaces. A kind is one letter:

F nothing to a date ("the") · S since · M month · W weekday · U unit of time · T day counted from today · N now ·
P part of a day ("morning") · L last · H this · A ago · B beginning, middle or end · I ahead ("in 2 weeks")
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = range(6)
"""The units of time."""

BEGINNING, MIDDLE, END = range(3)
"""The parts of a month, a week or a year."""


class Meaning(NamedTuple):
    """A kind and its value: months from 1, weekdays from Monday = 0, units, days from today, parts; else 0."""

    kind: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class _Language:
    """Words by kind: spaces stand between things, "|" between the words for one thing, "_" inside a phrase."""

    months: str
    weekdays: str
    units: str
    numbers: str
    """One to twelve, fourteen, fifteen, twenty, thirty."""
    days: str
    """From the day before yesterday to the day after tomorrow."""
    parts: str
    """Beginning, middle, end."""
    now: str
    times: str
    last: str
    this: str
    ago: str
    since: str
    ahead: str
    """What makes the unit behind it lie in the future ("in 2 weeks"), and is nothing elsewhere ("in March")."""
    fillers: str


_LANGUAGES: Final = {
    "en": _Language(
        months=(
            "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept "
            "october|oct november|nov december|dec"
        ),
        weekdays=(
            "monday|mon tuesday|tue|tues wednesday|wed thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun"
        ),
        units="minute|minutes|min|mins hour|hours day|days week|weeks month|months year|years",
        numbers=(
            "a|an|one two|a_couple|couple three four five six seven eight nine ten eleven twelve fourteen fifteen "
            "twenty thirty"
        ),
        days=(
            "day_before_yesterday yesterday|last_night today|tonight|this_morning|this_afternoon|this_evening "
            "tomorrow day_after_tomorrow"
        ),
        now="now|just_now|right_now",
        times="morning|afternoon|evening|night|noon",
        last="last|past|previous",
        this="this|current",
        ago="ago|back",
        parts="beginning|start|early mid|middle end|late",
        since="since|from|for|starting",
        ahead="in|within",
        fillers="the|of|on|at|around|about|it|is|was|s|roughly|approximately|ca|circa|approx|only|already|started|began",
    ),
    "es": _Language(
        months=(
            "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago "
            "septiembre|setiembre|sep|sept octubre|oct noviembre|nov diciembre|dic"
        ),
        weekdays="lunes martes miercoles jueves viernes sabado domingo",
        units="minuto|minutos hora|horas dia|dias semana|semanas mes|meses ano|anos",
        numbers=(
            "un|una|uno dos|un_par_de|par_de tres cuatro cinco seis siete ocho nueve diez once doce catorce quince "
            "veinte treinta"
        ),
        days=("anteayer|antier|antes_de_ayer ayer|anoche hoy|esta_manana|esta_tarde|esta_noche manana pasado_manana"),
        now="ahora|ahora_mismo",
        times="por_la_manana|por_la_tarde|por_la_noche|de_la_manana|temprano|mediodia",
        last="pasado|pasada|pasados|pasadas|ultimo|ultima|ultimos|ultimas|anterior",
        this="este|esta|actual",
        ago="hace|atras|hara",
        parts="principio|principios|inicio|inicios|comienzo|comienzos mediado|mediados fin|final|finales|fines",
        since="desde|desde_que|a_partir",
        ahead="en|dentro_de",
        fillers="el|la|los|las|de|del|a|al|mas|o|menos|sobre|hacia|aproximadamente|unos|unas|ya|empezo|comenzo|fue|se",
    ),
    "it": _Language(
        months=(
            "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago "
            "settembre|set|sett ottobre|ott novembre|nov dicembre|dic"
        ),
        weekdays="lunedi martedi mercoledi giovedi venerdi sabato domenica",
        units="minuto|minuti ora|ore giorno|giorni settimana|settimane mese|mesi anno|anni",
        numbers=(
            "un|una|uno due|un_paio_di|paio_di tre quattro cinque sei sette otto nove dieci undici dodici "
            "quattordici quindici venti trenta"
        ),
        days=(
            "altro_ieri|avantieri|avant_ieri|ieri_l_altro ieri oggi|stamattina|stamani|stasera|stanotte|questa_mattina "
            "domani dopodomani|dopo_domani"
        ),
        now="adesso",
        times="mattina|mattino|pomeriggio|sera|notte",
        last="scorso|scorsa|scorsi|scorse|passato|passata|passati|passate|ultimo|ultima|ultimi|ultime|precedente",
        this="questo|questa|corrente",
        ago="fa|or_sono",
        parts="inizio|inizi|principio meta fine",
        since="da|dal|dallo|dalla|dall|dai|dagli|dalle|a_partire",
        ahead="in|tra|fra|entro",
        fillers="il|lo|la|l|i|gli|le|di|del|dello|della|dell|d|nel|nella|nelle|nei|negli|dei|delle|degli|a|al|alla|all|agli|circa|piu|o|meno|verso|e|iniziato|cominciato",
    ),
    "nl": _Language(
        months=(
            "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep|sept "
            "oktober|okt november|nov december|dec"
        ),
        weekdays="maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        units="minuut|minuten uur|uren dag|dagen week|weken maand|maanden jaar|jaren",
        numbers="een twee drie vier vijf zes zeven acht negen tien elf twaalf veertien vijftien twintig dertig",
        days=(
            "eergisteren gisteren|gisteravond|gistermiddag|gisterochtend|gistermorgen|gisternacht "
            "vandaag|vanochtend|vanmorgen|vanmiddag|vanavond|vannacht morgen overmorgen"
        ),
        now="nu|net",
        times="ochtend|s_ochtends|middag|s_middags|avond|s_avonds|nacht|vroeg|laat",
        last="afgelopen|vorig|vorige|laatste|voorbije",
        this="deze|dit|huidige",
        ago="geleden",
        parts="begin midden|medio|half eind|einde",
        since="sinds|sedert|vanaf|van|al",
        ahead="over|binnen",
        fillers="de|het|op|in|rond|ongeveer|circa|ca|zo|n|ergens|om|der|is|begon|begonnen|was",
    ),
    "de": _Language(
        months=(
            "januar|janner|jaenner|jan februar|feber|feb marz|maerz|mrz april|apr mai juni|jun juli|jul august|aug "
            "september|sep|sept oktober|okt november|nov dezember|dez"
        ),
        weekdays="montag|montags dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
        units=(
            "minute|minuten stunde|stunden tag|tage|tagen|tages woche|wochen monat|monate|monaten|monats "
            "jahr|jahre|jahren|jahres"
        ),
        numbers=(
            "ein|eine|einer|einem|einen zwei|zwo drei vier funf|fuenf sechs sieben acht neun zehn elf zwolf|zwoelf "
            "vierzehn funfzehn|fuenfzehn zwanzig dreissig"
        ),
        days="vorgestern gestern|gestern_morgen heute|heute_morgen morgen ubermorgen|uebermorgen",
        now="jetzt|gerade_eben|eben",
        times=("fruh|frueh|vormittag|mittag|nachmittag|abend|nacht|am_morgen|morgens|abends"),
        last="letzte|letzter|letzten|letztem|letztes|vergangene|vergangener|vergangenen|vergangenem|vorige|voriger|vorigen|vorigem",
        this="diese|dieser|diesen|diesem|dieses",
        ago="vor|her",
        parts="anfang|beginn mitte ende",
        since="seit|ab|seitdem|von",
        ahead="in|binnen",
        fillers="der|die|das|den|dem|des|am|im|um|ungefahr|ungefaehr|etwa|circa|ca|gegen|zirka|rund|schon|es|ist|hat|begann|begonnen|angefangen",
    ),
    "fr": _Language(
        months=(
            "janvier|janv|jan fevrier|fevr|fev mars|mar avril|avr mai juin juillet|juil aout septembre|sept|sep "
            "octobre|oct novembre|nov decembre|dec"
        ),
        weekdays="lundi mardi mercredi jeudi vendredi samedi dimanche",
        units="minute|minutes heure|heures jour|jours semaine|semaines mois an|ans|annee|annees",
        numbers=(
            "un|une deux trois quatre cinq six sept huit neuf dix onze douze quatorze "
            "quinze|une_quinzaine_de|quinzaine_de vingt trente"
        ),
        days=("avant_hier hier aujourd_hui|ce_matin|ce_midi|cet_apres_midi|ce_soir|cette_nuit demain apres_demain"),
        now="maintenant|a_l_instant",
        times="matin|midi|apres_midi|soir|nuit|dans_la_nuit",
        last="dernier|derniere|derniers|dernieres|passe|passee|precedent|precedente",
        this="ce|cet|cette",
        ago="il_y_a|y_a|ca_fait|cela_fait",
        parts="debut milieu|mi fin",
        since="depuis|des|a_partir|a_compter",
        ahead="dans|en|d_ici",
        fillers="le|la|les|l|de|du|d|au|aux|environ|a|vers|peu|pres|c|est|etait|ca|cela|commence",
    ),
    "pt": _Language(
        months=(
            "janeiro|jan fevereiro|fev marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set "
            "outubro|out novembro|nov dezembro|dez"
        ),
        weekdays="segunda|segundas terca quarta quinta sexta sabado domingo",
        units="minuto|minutos hora|horas dia|dias semana|semanas mes|meses ano|anos",
        numbers=(
            "um|uma dois|duas|um_par_de tres quatro cinco seis sete oito nove dez onze doze catorze|quatorze "
            "quinze vinte trinta"
        ),
        days=(
            "anteontem|antes_de_ontem ontem hoje|esta_manha|esta_tarde|esta_noite|hoje_de_manha amanha depois_de_amanha"
        ),
        now="agora|agora_mesmo",
        times="de_manha|pela_manha|a_tarde|de_tarde|a_noite|de_noite|da_manha|da_tarde|da_noite",
        last="passado|passada|passados|passadas|ultimo|ultima|ultimos|ultimas|anterior",
        this="este|esta|neste|nesta|desta|deste|atual",
        ago="ha|atras|faz",
        parts="inicio|inicios|comeco|principio meio|meados fim|final|finais|fins",
        since="desde|a_partir",
        ahead="em|dentro_de|daqui_a",
        fillers="o|a|os|as|de|do|da|dos|das|no|na|ao|feira|cerca|mais|ou|menos|aproximadamente|uns|umas|ja|foi|comecou|d",
    ),
}


class Vocabulary(NamedTuple):
    """The words of a language, and of English where they mean nothing else in it."""

    words: dict[str, Meaning]
    numbers: dict[str, int]
    """Apart from the others: "a" and "sept" are numbers only before a unit."""
    openers: frozenset[str]
    """The first words of phrases."""


_NUMBERS: Final = (*range(1, 13), 14, 15, 20, 30)
_SHORTEST_FOREIGN_WEEKDAY: Final = 6  # letters: "Monday" is read in a French text, "mon" is not


def _things(words: str, values: tuple[int, ...]) -> dict[str, int]:
    things = zip(words.split(" "), values, strict=True)
    return {form.replace("_", " "): value for forms, value in things for form in forms.split("|")}


def _vocabulary(language: _Language) -> Vocabulary:
    tables = (
        ("F", language.fillers, (0,)),
        ("I", language.ahead, (0,)),
        ("S", language.since, (0,)),
        ("H", language.this, (0,)),
        ("P", language.times, (0,)),
        ("N", language.now, (0,)),
        ("M", language.months, tuple(range(1, 13))),
        ("W", language.weekdays, tuple(range(7))),
        ("U", language.units, (MINUTE, HOUR, DAY, WEEK, MONTH, YEAR)),
        ("T", language.days, (-2, -1, 0, 1, 2)),
        ("B", language.parts, (BEGINNING, MIDDLE, END)),
        ("L", language.last, (0,)),
        ("A", language.ago, (0,)),
    )
    words = {
        word: Meaning(kind, value) for kind, text, values in tables for word, value in _things(text, values).items()
    }
    return _with_openers(words, _things(language.numbers, _NUMBERS))


def _with_openers(words: dict[str, Meaning], numbers: dict[str, int]) -> Vocabulary:
    return Vocabulary(words, numbers, frozenset(each.split()[0] for each in [*words, *numbers] if " " in each))


def _beside_english(language: _Language) -> Vocabulary:
    own, english = _vocabulary(language), _vocabulary(_LANGUAGES["en"])
    foreign = {
        word: meaning
        for word, meaning in english.words.items()
        if meaning.kind != "W" or len(word) >= _SHORTEST_FOREIGN_WEEKDAY
    }
    return _with_openers(foreign | own.words, english.numbers | own.numbers)


VOCABULARIES: Final = {
    tag: _vocabulary(language) if tag == "en" else _beside_english(language) for tag, language in _LANGUAGES.items()
}
"""By the tag of the language."""
