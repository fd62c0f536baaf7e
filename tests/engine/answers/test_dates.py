"""When something began, in seven languages, seen from Friday, 20 March 2026, 9:00 UTC."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import dateparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.engine.answers.date_words import VOCABULARIES
from bot.engine.answers.dates import DateReading, read
from bot.engine.answers.reading import Unreadable
from tests.searching import examples

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)

ENGLISH = {
    "2026-03-12": "2026-03-12 | 2026/3/12 | 20260312 | 2026-03-12T10:00:00Z | 12.03.2026 | 12. 3. 2026 | "
    "12 March 2026 | "
    "March 12, 2026 | 12-Mar-26 | 12th of March | March 12th | 12 Mar | Thursday, 12 March | 12.3. | "
    "around the 12th of March | 10:30 on 12 March 2026 | 12 March 2026 at 9:30 am | last week (12.03.2026) | "
    "the 12th | "
    "since the update on 12 March 2026 | it fails since 12 March for half of our customers",
    "2026-03-20": "today | this morning | now | just now | 2 hours ago | today at 8:15",
    "2026-03-19": "yesterday | since yesterday evening | last night | it started yesterday | "
    "Yesterday, after the update.",
    "2026-03-18": "the day before yesterday | 2 days ago | two days ago | a couple of days ago",
    "2026-03-17": "3 days ago | for 3 days | three days | for 3 days customers cannot pay",
    "2026-03-16": "Monday | last Monday | since last Monday | this Monday | Monday morning | mon | this week",
    "2026-03-13": "last week | a week ago | 1 week | Friday | last Friday | since last Friday our orders stay open",
    "2026-03-09": "last week Monday | Monday last week",
    "2026-03-06": "two weeks ago | 2 weeks | the last 2 weeks | about 2 weeks ago",
    "2026-03-01": "March | since March | in March | early March | beginning of March | this month | 03/2026 | 2026-03",
    "2026-03-15": "mid March | mid-March 2026 | the middle of March",
    "2026-02-28": "end of February | late Feb",
    "2026-02-20": "last month | a month ago",
    "2026-01-01": "2026 | this year | beginning of the year | early 2026",
    "2025-03-20": "last year | a year ago | 12 months ago",
    "2025-03-01": "in March 2025 | March last year | 1 March last year",
    "2025-05-01": "since May | May 2025",
    "2024-02-29": "29 February | Feb 29",
    "2026-02-13": "13/02/2026 | 02/13/2026 | 13/2/26 | 13.02.26",
    "2026-02-08": "8.2.26",
    "2026-02-25": "3 weeks and 2 days ago",
}
SPANISH = {
    "2026-03-20": "hoy | esta mañana | hace 2 horas | ahora",
    "2026-03-19": "ayer | anoche | desde ayer | ayer por la tarde | empezó ayer | yesterday | "
    "desde ayer no llegan pedidos",
    "2026-03-18": "anteayer | antes de ayer | hace dos días",
    "2026-03-17": "hace 3 días | desde hace tres días | 3 días | 3 days ago",
    "2026-03-16": "el lunes | desde el lunes pasado | lunes | el pasado lunes | el lunes de esta semana",
    "2026-03-13": "la semana pasada | última semana | hace una semana",
    "2026-03-05": "hace quince días",
    "2026-03-03": "3/3/2026 | 03-03-2026 | 3 de marzo | el 3 de marzo de 2026 | desde la actualización del 3 de marzo",
    "2026-03-01": "marzo | desde marzo | a principios de marzo | 1º de marzo",
    "2026-02-28": "a finales de febrero",
    "2026-02-20": "el mes pasado | hace un mes",
    "2026-02-01": "01/02/2026 | 1/2/26 | febrero",
    "2025-03-20": "el año pasado | hace un año",
    "2025-03-01": "en marzo del año pasado",
    "2025-08-12": "12 ago 2025 | 12-ago-2025",
}
ITALIAN = {
    "2026-03-20": "oggi | stamattina | un'ora fa",
    "2026-03-19": "ieri | da ieri | ieri sera | è iniziato ieri",
    "2026-03-18": "l'altro ieri | l’altro ieri | avantieri | due giorni fa",
    "2026-03-17": "3 giorni fa | da 3 giorni | tre giorni fa",
    "2026-03-16": "lunedì | da lunedì | lunedì scorso | da lunedì scorso",
    "2026-03-13": "la settimana scorsa | una settimana fa",
    "2026-03-06": "nelle ultime due settimane | da circa 2 settimane",
    "2026-03-12": "12 marzo | dal 12 marzo 2026 | 12/03/2026 | dall'aggiornamento del 12 marzo 2026",
    "2026-03-01": "da marzo | inizio marzo | dall'inizio di marzo",
    "2026-01-15": "metà gennaio",
    "2026-02-28": "fine febbraio",
    "2026-02-20": "il mese scorso",
    "2026-02-01": "01/02/2026",
    "2025-03-20": "l'anno scorso",
}
DUTCH = {
    "2026-03-20": "vandaag | vanochtend | 3 uur geleden",
    "2026-03-19": "gisteren | sinds gisteren | gisteravond | gisteren om 15.30 uur",
    "2026-03-18": "eergisteren | twee dagen geleden",
    "2026-03-17": "3 dagen geleden | al 3 dagen | sinds drie dagen",
    "2026-03-16": "maandag | sinds maandag | afgelopen maandag | maandagavond",
    "2026-03-09": "vorige week maandag | maandag vorige week",
    "2026-03-13": "vorige week | afgelopen week | een week geleden",
    "2026-03-06": "veertien dagen geleden | zo'n 2 weken geleden",
    "2026-03-12": "12 maart | 12-03-2026 | 12 mrt 2026 | sinds de update van 12-03-2026",
    "2026-03-01": "maart | sinds begin maart",
    "2026-01-15": "half januari",
    "2026-02-28": "eind februari",
    "2026-02-20": "vorige maand | een maand geleden",
    "2026-02-01": "01/02/2026",
    "2025-05-01": "mei | sinds mei 2025",
}
GERMAN = {
    "2026-03-20": "heute | heute Morgen | vor zwei Stunden",
    "2026-03-19": "gestern | seit gestern | gestern Abend",
    "2026-03-18": "vorgestern | vor zwei Tagen",
    "2026-03-17": "vor 3 Tagen | seit 3 Tagen | Dienstagabend",
    "2026-03-16": "Montag | seit Montag | letzten Montag | am Montag | Anfang der Woche",
    "2026-03-13": "letzte Woche | seit letzter Woche | vergangene Woche | vor einer Woche",
    "2026-03-06": "vor vierzehn Tagen | zwei Wochen her | seit ungefähr 2 Wochen",
    "2026-03-12": "12. März | am 12.3. | 12.03. | 12.3.26 | 12.03.2026 | 12. 3. 2026 | seit dem Update vom 12.03.2026",
    "2026-03-01": "März | seit Anfang März",
    "2026-01-15": "Mitte Januar",
    "2026-02-28": "Ende Februar",
    "2026-02-20": "vor einem Monat | letzten Monat",
    "2026-02-01": "01/02/2026 | Anfang letzten Monats",
    "2026-01-01": "Anfang des Jahres",
    "2025-03-01": "im März letzten Jahres",
}
FRENCH = {
    "2026-03-20": "aujourd'hui | aujourd’hui | ce matin | il y a deux heures",
    "2026-03-19": "hier | depuis hier | hier soir",
    "2026-03-18": "avant-hier | il y a deux jours",
    "2026-03-17": "il y a 3 jours | depuis trois jours",
    "2026-03-16": "lundi | depuis lundi | lundi dernier | depuis lundi dernier",
    "2026-03-13": "la semaine dernière | il y a une semaine | il y a sept jours",
    "2026-03-05": "il y a quinze jours | une quinzaine de jours",
    "2026-03-12": "12 mars | le 12 mars 2026 | 12/03/2026 | depuis la mise à jour du 12 mars 2026",
    "2026-03-01": "1er mars | depuis le 1er mars | en mars | début mars",
    "2026-01-15": "mi-janvier",
    "2026-01-03": "depuis le 3 janvier",
    "2026-02-28": "fin février",
    "2026-02-20": "le mois dernier",
    "2026-02-01": "01/02/2026",
    "2025-03-20": "l'année dernière | l’année dernière",
    "2025-09-12": "12 sept 2025",
}
PORTUGUESE = {
    "2026-03-20": "hoje | esta manhã | hoje de manhã",
    "2026-03-19": "ontem | desde ontem | ontem à noite | começou ontem",
    "2026-03-18": "anteontem | há dois dias",
    "2026-03-17": "há 3 dias | faz três dias | 3 dias atrás | terça | desde terça",
    "2026-03-16": "segunda-feira | desde segunda-feira | segunda-feira passada | na segunda passada",
    "2026-03-13": "semana passada | a semana passada | há uma semana",
    "2026-03-12": "12 de março | desde o dia 12 de março | 12/03/2026 | desde a atualização de 12 de março de 2026",
    "2026-03-01": "março | desde março | início de março",
    "2026-01-15": "meados de janeiro",
    "2026-02-28": "final de fevereiro",
    "2026-02-20": "no mês passado | há um mês",
    "2026-02-01": "01/02/2026",
    "2025-12-12": "12 dez 2025",
    "2025-03-20": "no ano passado",
}
TABLES = {
    "en": ENGLISH,
    "en-US": {"2026-03-16": "last Monday"},
    "es": SPANISH,
    "it": ITALIAN,
    "nl": DUTCH,
    "de": GERMAN,
    "fr": FRENCH,
    "pt": PORTUGUESE,
    "pt-BR": PORTUGUESE,
    "pl": {"2026-03-19": "yesterday", "2026-02-01": "01.02.2026 | 01/02/2026"},
}
READ = [
    (locale, text, day)
    for locale, table in TABLES.items()
    for day, texts in table.items()
    for text in texts.split(" | ")
]

NO_DATES = {
    "en": "| ? | I do not know | no idea | never | always | a while ago | recently | since the update | "
    "ask my developer | may | "
    "2 | 12 | 100 | 1000 | 12.50 | € 12.50 | 10% | 2 shops | 5 orders | error 500 | order 1001 | 123456789 | "
    "24/7 | 9:30 | noon | "
    "4.1.0 | 2.4.7 | 1.7.10 | v2 | PHP 8.1 | Magento 2 | update to 2.4.7 | update to 1.7.24 | since version 4.1 | "
    "WooCommerce 9.1 | 3 days after the update | 3/4 of our orders | I will send examples today | "
    "May I ask you later | "
    "sun is shining | one | first thing | 31.02.2026 | 31 February | 32 March 2026 | 00.00.2026 | "
    "since the 45th | Monday last month | March last week",
    "es": "no lo sé | desde siempre | hace mucho | hace unos días | después de la actualización | uno | "
    "la primera vez | 2 tiendas",
    "it": "non lo so | da sempre | di recente | dopo l'aggiornamento | la prima volta | 2 negozi",
    "nl": "geen idee | altijd al | een paar dagen geleden | na de update | een | sinds kort | om 3 uur | 2 winkels",
    "de": "keine Ahnung | schon immer | vor kurzem | nach dem Update | ein | so | die Bestellung | 2 Shops",
    "fr": "je ne sais pas | toujours | récemment | après la mise à jour | depuis mon passage | un | 2 boutiques",
    "pt": "não sei | sempre | há muito tempo | depois da atualização | um | a primeira vez | 2 lojas",
}


def reason(text: str, locale: str) -> str:
    """The reason for which a text cannot be read."""
    with pytest.raises(Unreadable) as trouble:
        read(text, locale, NOW)
    return trouble.value.reason


@pytest.mark.parametrize(
    ("locale", "text", "day"),
    [
        ("en", "since the first of March 2026", "2026-03-01"),
        ("es", "el primero de marzo", "2026-03-01"),
        ("es", "desde el tres de marzo", "2026-03-03"),
        ("it", "il primo marzo", "2026-03-01"),
        ("it", "due marzo", "2026-03-02"),
        ("nl", "sinds de eerste maart", "2026-03-01"),
        ("de", "seit dem ersten März", "2026-03-01"),
        ("de", "am zweiten März", "2026-03-02"),
        ("fr", "depuis le premier mars", "2026-03-01"),
        ("fr", "le deux mars", "2026-03-02"),
        ("pt", "primeiro de março", "2026-03-01"),
        ("pt", "dois de março", "2026-03-02"),
    ],
)
def test_days_of_a_month_in_words(locale: str, text: str, day: str) -> None:
    """A day of a month may be an ordinal or a number in words."""
    assert read(text, locale, NOW).date == day


@pytest.mark.parametrize(
    ("locale", "text", "day"),
    [
        ("en", "two weeks and three days ago", "2026-03-03"),
        ("es", "hace dos semanas y tres días", "2026-03-03"),
        ("it", "da due settimane e tre giorni", "2026-03-03"),
        ("nl", "2 weken en 3 dagen geleden", "2026-03-03"),
        ("de", "vor zwei Wochen und drei Tagen", "2026-03-03"),
        ("fr", "il y a deux semaines et trois jours", "2026-03-03"),
        ("pt", "há duas semanas e três dias", "2026-03-03"),
        ("en", "a week and a half ago", "2026-03-09"),
        ("es", "hace semana y media", "2026-03-09"),
        ("es", "hace mes y medio", "2026-02-05"),
        ("it", "un anno e mezzo fa", "2024-09-20"),
        ("fr", "il y a une semaine et demie", "2026-03-09"),
    ],
)
def test_spans_of_two_units(locale: str, text: str, day: str) -> None:
    """Spans of time add up, and half of one counts."""
    assert read(text, locale, NOW).date == day


@pytest.mark.parametrize(
    "text",
    [
        f"{weeks} week{'s' * (weeks > 1)} and {days} day{'s' * (days > 1)} ago"
        for weeks in (1, 2, 3, 7)
        for days in (1, 2, 6)
    ],
)
def test_spans_agree_with_dateparser(text: str) -> None:
    """What the library for rarer wordings reads as well is read as the same day."""
    found = dateparser.parse(text, languages=["en"], settings={"RELATIVE_BASE": NOW.replace(tzinfo=None)})
    assert found is not None
    assert read(text, "en", NOW).date == found.date().isoformat()


@pytest.mark.parametrize(("locale", "text", "day"), READ)
def test_reads(locale: str, text: str, day: str) -> None:
    """A date in words or figures is read, and kept as it was typed."""
    assert read(text, locale, NOW) == DateReading(text, day)


@pytest.mark.parametrize("locale", NO_DATES)
def test_no_date(locale: str) -> None:
    """Versions, amounts, numbers, and words that say nothing definite are no dates."""
    assert {text: reason(text, locale) for text in NO_DATES[locale].split(" | ")} == dict.fromkeys(
        NO_DATES[locale].split(" | "), "no_date"
    )


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        *[
            ("en", text)
            for text in ("tomorrow", "2027-01-01", "25.03.2026", "next week", "in 2 weeks", "2027", "22 March 2026")
        ],
        *[("es", text) for text in ("mañana", "pasado mañana", "en 3 días", "03/04/2026")],
        *[("it", "domani"), ("nl", "morgen"), ("nl", "over 3 dagen"), ("de", "morgen"), ("de", "in 3 Tagen")],
        *[("fr", "demain"), ("fr", "dans une semaine"), ("pt", "amanhã"), ("pt", "daqui a 2 dias")],
    ],
)
def test_future(locale: str, text: str) -> None:
    """Nothing has begun in the future."""
    assert reason(text, locale) == "future"


@pytest.mark.parametrize("text", ["31.12.1994", "12 March 1980", "1994", "99 years ago"])
def test_too_long_ago(text: str) -> None:
    """Before 1995 there was no webshop."""
    assert reason(text, "en") == "out_of_range"


def test_too_long() -> None:
    """A story is not searched; in a long sentence one clear date is still found."""
    assert reason("x" * 641, "en") == "too_long"
    text = f"{'we see this in the log of the shop ' * 10}since 12 March 2026 {'and it goes on ' * 10}"
    assert read(text, "en", NOW).date == "2026-03-12"


@pytest.mark.parametrize(
    ("locale", "text", "candidates"),
    [
        ("en", "01/02/2026", ("2026-02-01", "2026-01-02")),
        ("en-US", "1-2-26", ("2026-02-01", "2026-01-02")),
        ("en", "since 5/6", ("2025-06-05", "2025-05-06")),
        ("en", "between 3 March 2026 and 5 March 2026", ("2026-03-03", "2026-03-05")),
        ("de", "am 03.03.2026 oder am 05.03.2026", ("2026-03-03", "2026-03-05")),
    ],
)
def test_ambiguous(locale: str, text: str, candidates: tuple[str, ...]) -> None:
    """What may be two days is asked back."""
    assert read(text, locale, NOW) == DateReading(text, None, candidates)


def test_only_one_way_is_past() -> None:
    """A reading in the future is not offered beside one in the past; with dots, English is not ambiguous."""
    assert read("03/04/2026", "en", NOW).date == "2026-03-04"
    assert read("02.01.2026", "en", NOW).date == "2026-01-02"
    assert read("02/02/2026", "en", NOW).date == "2026-02-02"


def test_many_dates_are_none() -> None:
    """A list of dates does not say when it began."""
    assert reason(", ".join(f"{day}.01.2026" for day in range(10, 16)), "en") == "no_date"


def test_today_in_any_time_zone() -> None:
    """A day that has begun somewhere may be typed as a date; "tomorrow" may not."""
    late = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    assert read("2026-03-21", "en", late).date == "2026-03-21"
    assert read("21 March", "en", late).date == "2026-03-21"
    assert read("21 March", "en", NOW).date == "2025-03-21"
    with pytest.raises(Unreadable, match="future"):
        read("tomorrow", "en", late)


def test_counting_back_over_short_months_and_leap_years() -> None:
    """A month before the 31st is the last day of a shorter month; nothing breaks at the ends of the calendar."""
    assert read("a month ago", "en", datetime(2026, 3, 31, tzinfo=UTC)).date == "2026-02-28"
    assert read("a year ago", "en", datetime(2024, 2, 29, tzinfo=UTC)).date == "2023-02-28"
    assert read("last month", "en", datetime(2026, 1, 31, tzinfo=UTC)).date == "2025-12-31"
    assert read("the 31st", "en", NOW).date == "2026-01-31"
    assert read("end of March", "en", NOW).date == "2026-03-20"
    assert read("last March", "en", NOW).date == "2025-03-01"
    assert read("end of last month", "en", NOW).date == "2026-02-28"
    assert read("end of 2025", "en", NOW).date == "2025-12-31"
    assert read("mid 2025", "en", NOW).date == "2025-07-01"
    assert read("middle of last week", "en", NOW).date == "2026-03-12"
    assert read("this hour", "en", NOW).date == "2026-03-20"


def test_common_dates_do_not_load_the_library() -> None:
    """Dates in the usual wordings, and texts without a word of a date, cost no dateparser."""
    code = (
        "import sys; from datetime import UTC, datetime; from bot.engine.answers import dates\n"
        "now = datetime(2026, 3, 20, tzinfo=UTC)\n"
        "for text in ['12 March 2026', 'since last Monday', '3 weeks ago', '1/2/2026']: dates.read(text, 'en', now)\n"
        "try: dates.read('no idea, since the update', 'en', now)\n"
        "except dates.Unreadable: pass\n"
        "assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.dates(date(1995, 1, 1), NOW.date()), st.sampled_from(list(TABLES)))
def test_every_day_comes_back(day: date, locale: str) -> None:
    """Every day of the past is read from ISO, from dotted figures, and in English words, in every language."""
    for text in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day} {day:%B %Y}", f"since {day:%d %b %Y}, 10:00"):
        assert read(text, locale, NOW) == DateReading(text, day.isoformat())


ANY_WORDS = st.sampled_from(sorted(VOCABULARIES)).flatmap(
    lambda tag: st.tuples(
        st.just(tag),
        st.lists(
            st.sampled_from(
                [
                    *VOCABULARIES[tag].words,
                    *VOCABULARIES[tag].numbers,
                    "12",
                    "3.",
                    "2026",
                    "99",
                    "1999",
                    "9:30",
                    "x",
                    "1/2",
                    "٣",
                ]
            ),
            max_size=7,
        ).map(" ".join),
    )
)


@settings(max_examples=examples(150))
@given(st.tuples(st.sampled_from(list(TABLES)), st.text(st.characters(exclude_categories=()))) | ANY_WORDS)
@example(("en", "99999999999 years ago"))
@example(("en", "29 February 1900"))
def test_any_text(case: tuple[str, str]) -> None:
    """Every text is unreadable or gives days of the past, and the same ones when read again."""
    locale, text = case
    try:
        reading = read(text, locale, NOW)
    except Unreadable:
        return
    days = [date.fromisoformat(day) for day in reading.candidates or (reading.date or "",)]
    assert all(date(1995, 1, 1) <= day <= (NOW + timedelta(hours=14)).date() for day in days)
    assert (reading.date is None) == (len(days) > 1)
    assert read(text, locale, NOW) == reading
