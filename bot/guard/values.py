"""Telling a secret's value from an ordinary word, a placeholder and a mask.

"password: Xy12ab" holds a value; "password: incorrect", "password: <yours>" and "password: ******" do not.
"""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 4
"""Characters a value has at least; shorter ones are numbers of attempts and ordinary words."""

# What stands behind "password:" in bug reports, forms, logs and schemas in the seven languages, and is no password.
_WORDS: Final = frozenset(
    """
    accepted attached below blank blocked boolean changed correct credentials disabled empty enabled encrypted error
    expired failed failure false field forgot forgotten here hidden incorrect invalid locked mandatory medium missing
    none null okay omitted optional password passwords please protected readonly redacted removed required reset same
    saved settings shared stored string strong success text todo true unchanged undefined unknown username valid
    varchar weak wrong

    bloqueada caducada cambiada contraseña contrasena correcta débil desconocida errónea erronea falta fuerte igual
    incorrecta inválida invalida misma ninguna nula obligatoria obligatorio oculta olvidada opcional requerida vacía
    vacia válida

    assente bloccata cambiata corretta debole dimenticata errata mancante nascosta nessuna obbligatoria obbligatorio
    opzionale richiesta sbagliata scaduta sconosciuta stessa uguale vuota

    fout foutief geblokkeerd geen gelijk gewijzigd hetzelfde idem juist leeg ongeldig onbekend onjuist ontbreekt
    optioneel vereist vergeten verborgen verkeerd verlopen verplicht wachtwoord zelfde

    abgelaufen erforderlich falsch fehlerhaft fehlt geändert gesperrt gleich kein keine keines kennwort korrekt leer
    passwort pflichtfeld richtig unbekannt ungültig unverändert vergessen versteckt

    aucun bloqué caché erroné expiré faible identique inchangé inconnu incorrecte invalide manquant modifié
    obligatoire oublié périmé requis vide

    alterada desconhecida errada esquecida expirada incorreta mesma nenhuma obrigatória obrigatório perdida senha
    vazia

    bigcommerce github gitlab ideal magento multisafepay opencart paypal prestashop woocommerce wordpress youtube
    """.split()
)

_is_placeholder: Final = re.compile(
    r"""
      <.* | \[.* | \{.*                                        # <password>, [hidden], {{ password }}
    | \$\{.* | \$\(.* | \$[a-z_]+(?:->.*|\[.*|;)? | %\(.* | %[a-z_]+%?   # variables
    | :[a-z_]+                                                 # bound parameters of a query
    | [\w.\\>:$-]+\(.*                                         # a call: getenv('DB_PASSWORD')
    | (?:process\.env|os\.environ|self|this|config|settings|env|secrets|request)\..*
    | (?:your|tu|su|mijn|uw|dein|ihr|votre|mon|seu|sua)[-_].*
    | .*(?:example|placeholder).*
    | .*://.*                                                  # where to find it, not what it is
    | ([*•●∙·.…x?_-])\1*                                       # a mask of one character
    | \w{0,4}[*•●∙…]{2,}\w{0,4} | x{4,}\w{0,4}                 # a mask that shows the last characters
    """,
    re.VERBOSE | re.IGNORECASE,
).fullmatch

# Tokens with digits that ordinary sentences hold: versions, sizes, dates, ranges, names of algorithms.
_is_measure: Final = re.compile(
    r"""
      v?[0-9]+(?:\.[0-9x]+)+(?:-?(?:p|rc|beta|alpha)[0-9]*)?
    | [0-9]{1,3}-?(?:st|nd|rd|th|e|er|[a-zà-ÿ]{4,}|[a-z]{1,2}-[a-z]{4,})
    | [0-9.,]+\s?(?:%|€|\$|eur|px|ms|s|min|h|x|kb|mb|gb)
    | [0-9]+(?:[-/.:,][0-9]+)+ | [0-9]{4}-[0-9]{2}-[0-9]{2}t.*
    | (?:[23]fa|[23]ds|md5|sha-?[0-9]+|utf-?8|base64|bcrypt|argon2i?d?|magento-?[0-9]|php-?[0-9.]+)(?:-.*)?
    """,
    re.VERBOSE | re.IGNORECASE,
).fullmatch

_is_email: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}").fullmatch
_is_worded: Final = re.compile(r"[^\W\d_]+(?:[-'’/.,][^\W\d_]+)*").fullmatch
_has_digit: Final = re.compile(r"[0-9]").search
_has_letter: Final = re.compile(r"[^\W\d_]").search
_has_symbol: Final = re.compile(r"[!#$%&*+=@^~|\\<>?]").search
_has_inner_capital: Final = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]").search

_AROUND: Final = ".,;:!?…()[]{}\"'`´*_~“”„«»"


def is_placeholder(token: str) -> bool:
    """Whether `token` stands for a value (a variable, a mask, a template, a link) instead of being one."""
    return _is_placeholder(token) is not None


def could_be_value(token: str, *, in_prose: bool) -> bool:
    """Whether `token`, written behind "password:", is a value.

    `in_prose` says that a sentence goes on behind it; then a plain word is taken for a word of that sentence.
    """
    core = token.strip(_AROUND)
    if len(core) < SHORTEST or is_placeholder(token) or is_placeholder(core) or core.lower() in _WORDS:
        return False
    if _is_worded(core):
        return not in_prose or _has_inner_capital(core) is not None
    return _is_measure(core) is None


def must_be_value(token: str) -> bool:
    """Whether `token` looks like a secret by itself: a digit, a symbol or a capital inside it, and no measure."""
    core = token.strip(_AROUND)
    if not could_be_value(core, in_prose=True) or _is_email(core):
        return False
    if core.isdigit():
        return True
    if not _has_letter(core):
        return False
    return bool(_has_digit(core) or _has_symbol(core) or _has_inner_capital(core))
