"""API keys: MultiSafepay's 40 characters, and keys that a name or an assignment beside them gives away.

A key of MultiSafepay has no prefix and may be all lower-case hex, which a commit hash is as well. So hex counts only
near a word for key; a token of 40 letters in both cases and digits, standing alone, is no hash and counts anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import API_KEY, Span
from bot.guard.values import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

_tokens: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9]{40}(?![A-Za-z0-9+/])").finditer
_is_lower_hex: Final = re.compile(r"[0-9a-f]{40}").fullmatch
_is_mixed: Final = re.compile(r"(?=.*[0-9])(?=.*[a-z]).*[A-Z]").match
_stands_alone: Final = frozenset(" \t\n\r\"'`<>()[]{},;:*|")

_key_words: Final = re.compile(
    r"""
      api[ _-]?(?:key|token|secret|sleutel|schl(?:ü|u\u0308|ue)ssel)s?
    | (?<![^\W_])(?:
          (?<!cache[ _-])(?<!form[ _-])(?<!primary[ _-])(?<!foreign[ _-])(?<!public[ _-])(?<!idempotency[ _-])keys?
        | claves? | chiavi | chiave | chaves? | cl(?:é|e\u0301?|ef)s? | sleutels? | schl(?:ü|u\u0308|ue)ssel
        | tokens? | secrets? )(?![^\W_])
    """,
    re.VERBOSE,
).finditer
_names_hash: Final = re.compile(
    r"(?:commit|sha-?1(?:sum)?|hash|revision|rev|checksum|blob|tree|head|branch|merge|revert"
    r"|ref(?:erence)?|release|build|tag|fingerprint|digest|etag)"
    r"[\"'`]?(?:[ ](?:is|id|es|van|de|ist|est))?[ :=/#(\"'`@]{0,4}\Z"
).search

# A name that can only be a key's, then a value.
_assignments: Final = re.compile(
    r"""
    (?: (?:api|secret|access|client|consumer|webhook|signing|encryption|live|test|site|account)
          [ _-]?(?:key|token|secret)s?
      | api[ _-]?(?:sleutel|schl(?:ü|u\u0308|ue)ssel)s?
      | (?:clave|chiave|chave|cl(?:é|e\u0301?)|token|jeton)[ ](?:(?:de|da|del|della|d['’])[ ]?)?(?:la[ ])?['’]?api
      | (?<![^\W_])(?:token|secret) )
    [\])"'’`*_~\\]{0,4}(?:[ ]?\([^()\n]{1,30}\))?
    (?:[ ]{0,3}(?P<sign>=>|=|:)[ ]{0,3}\n?|>|[ ](?:is|es|è|é|lautet|ist|est)[ ]?:?[ ])
    [ *_~"'`“«\\]{0,4}(?P<value>[a-z0-9_-]{8,}+)(?![a-z0-9]|://)
    """,
    re.VERBOSE,
).finditer
_LONG: Final = 16
_SHORT: Final = 8

# The site's security code: deprecated, its format is not documented, it is shown on the dashboard and works like a key.
_security_codes: Final = re.compile(
    r"""
    (?: secur(?:e|ity)[ _-]?code | c[oó]digo\ de\ segur(?:idad|ança) | codice\ di\ sicurezza | beveiligingscode
      | sicherheitscode | code\ de\ s[ée]curit[ée] )
    [\])"'`*_~\\]{0,4}(?:[ ]{0,3}(?:=>|=|:)[ ]{0,3}|>|[ ](?:is|es|è|é|lautet|ist|est)[ ])
    [ *_~"'`“«\\]{0,4}(?P<value>[a-z0-9]{4,64}+)(?![^\W_])
    """,
    re.VERBOSE,
).finditer

_REACH: Final = 60
"""Characters between a word for key and the key; "Here is the API key you asked for, it is the live one: …"."""
_BACK_REACH: Final = 25


def are_named(lower: str) -> bool:
    """Whether the lower-case text could name a key or a code that is too short to be noticed by itself."""
    return "api" in lower or "cod" in lower or "cód" in lower


def find(text: str, lower: str) -> Iterator[Span]:
    """API keys in folded `text`; `lower` is its lower case, equally long."""
    yield from _forty(text, lower)
    for match in _assignments(lower):
        start, end = match.span("value")
        value = text[start:end]
        needed = _SHORT if match["sign"] == "=" else _LONG
        if len(value) >= needed and _is_letters_and_digits(value) and not is_placeholder(value):
            yield Span(start, end, API_KEY)
    for match in _security_codes(lower):
        if any(map(str.isdigit, match["value"])):
            yield Span(*match.span("value"), API_KEY)


def _forty(text: str, lower: str) -> Iterator[Span]:
    """Tokens of 40 letters and digits that are keys."""
    tokens = [token.span() for token in _tokens(text)]
    if not tokens:
        return
    words = [word.span() for word in _key_words(lower)]
    before = -_REACH - 1
    upcoming = 0
    for start, end in tokens:
        while upcoming < len(words) and words[upcoming][0] < start:
            before = max(before, words[upcoming][1])
            upcoming += 1
        is_near = start - before <= _REACH or (upcoming < len(words) and words[upcoming][0] - end <= _BACK_REACH)
        if _is_key(text, lower, start, end, is_near=is_near):
            yield Span(start, end, API_KEY)
            before = end  # keys listed one after another


def _is_key(text: str, lower: str, start: int, end: int, *, is_near: bool) -> bool:
    token = text[start:end]
    if not any(map(str.isdigit, token)):
        return False
    if is_near:
        return not (_is_lower_hex(token) and _names_hash(lower[max(0, start - 32) : start]))
    return (
        _is_mixed(token) is not None
        and (start == 0 or text[start - 1] in _stands_alone)
        and (end == len(text) or text[end] in _stands_alone or text[end] in ".!?")
    )


def _is_letters_and_digits(value: str) -> bool:
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value))
