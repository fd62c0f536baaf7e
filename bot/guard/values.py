"""Telling a secret's value from an ordinary word, a placeholder and a mask.

"password: Xy12ab" holds a value; "password: incorrect", "password: <yours>" and "password: ******" do not.
"""

from __future__ import annotations

import re
from typing import Final

SHORTEST: Final = 4
"""Characters a value has at least; shorter ones are numbers of attempts and ordinary words."""

# What stands behind "password:" in bug reports, forms, logs and schemas, and is no password: first in English, then
# Spanish, Italian, Dutch, German, French and Portuguese; last the names that have a capital inside.
_ORDINARY: Final = """
    accepted again attached below blank blocked boolean broken cannot changed correct credentials disabled empty enabled
    encrypted error expired failed failure false field follows forgot forgotten hello help here hidden incorrect invalid
    later locked mandatory medium missing none nothing null okay omitted optional password passwords please problem
    protected readonly redacted removed required reset same saved separately settings shared stored string strong
    success support text thanks todo true unchanged undefined unknown urgent username valid varchar weak what where
    works wrong

    aparte ayuda caducada cambiada contraseña contrasena correcta débil desconocida errónea erronea falta fuerte gracias
    igual incorrecta inválida invalida misma ninguna nula obligatoria obligatorio oculta olvidada opcional problema
    requerida segue separado sigue vacía vacia válida

    aiuto assente bloccata cambiata corretta debole dimenticata errata grazie mancante nascosta nessuna obbligatoria
    obbligatorio opzionale richiesta sbagliata scaduta sconosciuta stessa uguale vuota

    bedankt fout foutief geblokkeerd geen gelijk gewijzigd hetzelfde hulp juist leeg ongeldig onbekend onjuist ontbreekt
    optioneel probleem vereist vergeten verborgen verkeerd verlopen verplicht volgt wachtwoord zelfde

    abgelaufen danke erforderlich falsch fehlerhaft fehlt folgt geändert gesperrt gleich hilfe kein keine keines
    kennwort korrekt leer passwort pflichtfeld richtig separat unbekannt ungültig unverändert vergessen versteckt

    aide aucun bloqué caché erroné expiré faible identique inchangé inconnu incorrecte invalide manquant merci modifié
    obligatoire oublié périmé problème requis séparément vide

    ajuda alterada bloqueada desconhecida errada esquecida expirada incorreta mesma nenhuma obrigado obrigatória
    obrigatório perdida senha vazia

    bigcommerce github gitlab ideal magento multisafepay opencart paypal prestashop woocommerce wordpress youtube
"""
_WORDS: Final = frozenset(_ORDINARY.split())

_is_placeholder: Final = re.compile(
    r"""
      <[^0-9]* | \[[^0-9]* | \{.*                              # <password>, [hidden], {{ password }}
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

_AROUND: Final = ".,;:!?¡¿…()[]{}\"'`´*_~“”„«»"


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
    if not could_be_value(token, in_prose=True) or _is_email(core):
        return False
    if core.isdigit():
        return True
    if not _has_letter(core):
        return False
    return bool(_has_digit(core) or _has_symbol(core) or _has_inner_capital(core))
