"""The merchants of the walk: what each of them has to tell, how they answer, and where they stray.

Everything about a merchant follows from their number, so every run measures the same conversations. The figures that
choose (a language by sevens, a channel by threes, a platform by elevens, …) have no common divisor, so that the
merchants differ in every respect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.chat.people import CONSOLE, SLACK, TELEGRAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chat.people import Channel

MERCHANTS: Final = 42
"""Merchants of the full walk: six for each of seven languages."""

NOW: Final = datetime(2026, 6, 15, 9, tzinfo=UTC)
"""When all of them write."""

FILE: Final = "a screenshot"
"""The answer of a merchant who sends one."""


@dataclass(frozen=True)
class Voice:
    """What merchants of one language type. `days` are ways to say since when; the last is one that few people use."""

    problems: tuple[str, ...]
    days: tuple[str, ...]
    examples: tuple[str, ...]
    puzzled: str
    """Nothing that any question could take for an answer."""


VOICES: Final[Mapping[str, Voice]] = MappingProxyType(
    {
        "en": Voice(
            (
                "After paying with iDEAL the order stays on “pending”, while your dashboard says “completed”.",
                "The checkout shows no payment methods at all since we changed the theme.",
            ),
            ("yesterday", "12 March 2026", "since last Monday", "three weeks ago", "two weeks and three days ago"),
            ("order 2000029590, paid on 12 March at 14:05", "see the message “Invalid signature” on the order page"),
            "hmm, the penguins again?",
        ),
        "es": Voice(
            (
                "Después de pagar con Bizum el pedido queda «pendiente», aunque en el panel figura como completado.",
                "La página de pago no muestra ningún método desde que cambiamos el diseño. ¿Qué pasó?",
            ),
            ("ayer", "12 de marzo de 2026", "desde el lunes pasado", "hace tres semanas", "hace semana y media"),
            ("pedido 2000029590, pagado el 12 de marzo a las 14:05", "aparece «Firma inválida» en la página"),
            "ojalá supieran los pingüinos",
        ),
        "it": Voice(
            (
                "Dopo il pagamento con carta l'ordine resta «in attesa», però nel pannello è già completato.",
                "La cassa non mostra più nessun metodo, perché? È successo dopo il cambio del tema.",
            ),
            ("ieri", "12 marzo 2026", "da lunedì scorso", "tre settimane fa", "il primo maggio"),
            ("ordine 2000029590, pagato il 12 marzo alle 14:05", "compare «Firma non valida» nella pagina"),
            "mah, i pinguini volano",
        ),
        "nl": Voice(
            (
                "Na een betaling met iDEAL blijft de bestelling op ‘in behandeling’ staan, één op de vijf keer.",
                "De kassa toont geen enkele betaalmethode meer sinds we het thema hebben gewijzigd.",
            ),
            ("gisteren", "12 maart 2026", "sinds vorige maandag", "drie weken geleden", "1 week en 2 dagen geleden"),
            ("bestelling 2000029590, betaald op 12 maart om 14:05", "de melding ‘Ongeldige handtekening’"),
            "tja, de pinguïns weer",
        ),
        "de": Voice(
            (
                "Nach der Zahlung per Überweisung bleibt die Bestellung auf „offen“, obwohl sie bezahlt ist.",
                "Die Kasse zeigt keine Zahlungsarten mehr, seit wir das Aussehen geändert haben.",
            ),
            ("gestern", "12. März 2026", "seit letztem Montag", "vor drei Wochen", "seit dem ersten Mai"),
            ("Bestellung 2000029590, bezahlt am 12. März um 14:05", "die Meldung „Ungültige Signatur“"),
            "tja, schon wieder Pinguine",
        ),
        "fr": Voice(
            (
                "Après le paiement par carte, la commande reste « en attente », alors qu'elle est réglée chez vous.",
                "La page de paiement n'affiche plus aucune méthode depuis que le thème a changé.",
            ),
            ("hier", "12 mars 2026", "depuis lundi dernier", "il y a trois semaines", "le deux mai"),
            ("commande 2000029590, payée le 12 mars à 14:05", "le message « Signature invalide » s'affiche"),
            "bof, encore des pingouins",
        ),
        "pt": Voice(
            (
                "Depois do pagamento com cartão a encomenda fica «pendente», mas no painel já está concluída.",
                "A página de pagamento não mostra nenhum método desde que mudámos o tema. Há solução?",
            ),
            ("ontem", "12 de março de 2026", "desde segunda-feira passada", "há três semanas", "primeiro de maio"),
            ("encomenda 2000029590, paga a 12 de março às 14:05", "aparece «Assinatura inválida» na página"),
            "pois, outra vez os pinguins",
        ),
    }
)

_CHANNELS: Final = (CONSOLE, TELEGRAM, SLACK)

_MANNERS: Final = (
    ("button",),
    ("number", "label"),
    ("synonym", "button", "label"),
    ("label", "synonym", "number", "button"),
    ("button", "number"),
)
"""How choices are made, in turn."""

_PLATFORMS: Final = (
    {"platform": "magento2", "plugin_version": "3.4.1"},
    {"platform": "woocommerce", "plugin_version": "v6.9.0"},
    {"platform": "shopware6", "plugin_version": "unsure"},
    {"platform": "prestashop", "plugin_version": "it is 6.4.2-beta2"},
    {"platform": "shopify", "payment_id": "rWk3Pd2NhZ7qLxT5aB9cF1eG0"},
    {"platform": "Woocomerce", "plugin_version": "6.7"},
    {"platform": "api", "plugin_version": "PHP SDK 5.21.0"},
    {"platform": "opencart4", "plugin_version": "unsure"},
    {"platform": "other", "platform_other": "odoo", "routed": "person"},
    {"platform": "lightspeed"},
    {"platform": "magento2", "plugin_version": "1.12.0", "routed": "person"},
)
"""One has a typo, which the bot asks about; two lead to a person early."""

_SITUATIONS: Final = (
    {"environment": "live", "plugin_core": "unsure", "payment_methods": "all", "payment_link": "no"},
    {"environment": "test", "plugin_core": "yes", "payment_methods": "iDEAL, Bancontact", "payment_link": "unsure"},
    {"environment": "both", "plugin_core": "no", "payment_methods": "none"},
    {"environment": "unsure", "plugin_core": "yes", "payment_methods": "one", "payment_link": "yes"},
)

_ENDINGS: Final = (
    {"recent_update": "plugin", "reproducible": "staging", "access": "staging"},
    {"recent_update": "no", "reproducible": "live", "access": "live_only"},
    {"recent_update": "several", "reproducible": "no", "access": "server"},
    {"recent_update": "unsure", "reproducible": "unsure", "access": "none"},
    {"recent_update": "system", "reproducible": "staging", "access": "ask_first"},
)

_FIGURES: Final = ("2026-03-12", "12.03.2026", "12/3/2026")
_RARE: Final = 8
"""One merchant in this many says the day in a way that few people use."""

_ASIDES: Final[tuple[Mapping[str, str], ...]] = (
    {"environment": "/why"},
    {"account_id": "/back"},
    {},
    {"recent_update": "?"},
    {"reproducible": "/back", "access": "/why"},
    {"environment": "?", "since_when": "/back"},
    {},
)
"""What is written before the answer to a step: a command, or (`?`) something that is no answer to it."""

_CORRECTIONS: Final[Mapping[int, Mapping[str, str]]] = MappingProxyType(
    {1: {"environment": "test"}, 5: {"recent_update": "extension", "since_when": "2026-02-28"}}
)
"""Answers that are corrected in the summary, by step: two merchants of eight do so."""


@dataclass(frozen=True)
class Merchant:
    """One merchant. `answers` go by slot: the id of an option, or what is typed; `asides` and `corrections` by step."""

    number: int
    locale: str
    channel: Channel
    manners: tuple[str, ...]
    answers: Mapping[str, str]
    asides: Mapping[str, str]
    corrections: Mapping[str, str]
    declines: bool
    """Says that there is no staging site, when asked for one."""


def merchant(number: int, languages: tuple[str, ...]) -> Merchant:
    """The merchant of this number, who speaks one of `languages`."""
    locale = languages[number % len(languages)]
    voice = VOICES.get(locale, VOICES["en"])
    turn = number // len(languages) + number
    days = (*_FIGURES, *voice.days[:-1])
    answers = {
        "problem": voice.problems[turn % len(voice.problems)] if number % 9 else "unsure",
        "account_id": f"{10_203_040 + 7 * number}" if number % 5 else "unsure",
        "since_when": voice.days[-1] if number % _RARE == 3 else days[turn % len(days)],
        "examples": ("skip", FILE, voice.examples[0], "unsure", voice.examples[1])[turn % 5],
        "confirmed": "send",
        **_SITUATIONS[turn % len(_SITUATIONS)],
        **_ENDINGS[number % len(_ENDINGS)],
        **_PLATFORMS[number % len(_PLATFORMS)],
    }
    asides = {step: voice.puzzled if said == "?" else said for step, said in _ASIDES[turn % len(_ASIDES)].items()}
    return Merchant(
        number=number,
        locale=locale,
        channel=_CHANNELS[number % len(_CHANNELS)],
        manners=_MANNERS[turn % len(_MANNERS)],
        answers=answers,
        asides=asides,
        corrections=_CORRECTIONS.get(turn % _RARE, {}),
        declines=number % 13 == 2,
    )
