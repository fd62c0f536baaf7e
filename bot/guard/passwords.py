"""Passwords written down in a message, in seven languages: "password: …", "la contraseña es …", "mot de passe : …".

A keyword alone is no secret ("I forgot my password", "the password field is empty"): a value has to follow it. Behind a
colon or an equals sign nearly any token of four characters is one; behind "is", "es", "lautet" only a token that no
sentence would hold; behind the keyword itself only a strong one. `values` decides which is which.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.guard.spans import PASSWORD, Span
from bot.guard.values import could_be_value, must_be_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_names: Final = re.compile(
    r"""
    (?: (?: passw(?:ord|ort|oort|d) | passphrase | paßwort | contrase(?:ñ|n\u0303?|ny)a | wachtwoord | kennwort
          | palavra[ -]passe | mots?[ ]de[ ]passe | parola[ ]d['’]ordine )(?:s|en|er|e)?
      | (?<![^\W_])(?: (?:user|admin|db|s?ftp|ssh|smtp|root|login)?pass | pwd | pw | ww | mdp | senhas?
          | (?<!palabra[ ])(?<!palabras[ ])claves?(?:[ ]de[ ]acceso)? )
    )
    (?P<suffix>_[a-z0-9_]{1,24}|[0-9])?
    (?![^\W_])
    """,
    re.VERBOSE,
).finditer

# What may stand between the name and the value.
_link: Final = re.compile(
    r"""
      (?P<tag>>)
    | [\])"'’”»`*_~\\]{0,4}                                       # closes the name: quotes, brackets, Markdown
      (?:[ ]?/[ ]?[^\s:=/]{1,20})?
      (?:[ ]?\([^()\n]{1,30}\))?
      (?: (?P<whose>[ ](?:(?:for|of|to|on|in|at|de|del|della|dello|di|do|da|dos|van|voor|für|fuer|zum|zur|vom|von|pour
            |du|des|para|per)[ ]|(?:dell|all|nell|d|de[ ]l)['’])[^\s:=.?!,;]{1,30}(?:[ ][^\s:=.?!,;]{1,30}){0,3}?)?
          [ \t]{0,4}(?P<sign>[=-]>|:=|={1,2}|:(?!//))[*_~]{0,3}[ \t]{0,4}(?P<wrap>\n[ \t]{0,4})?
        | (?P<words>(?:[ ][^\s:=.?!,;]{1,30}){1,4}?)??
          [ ](?:is|es|è|e['’]|é|lautet|ist|est|was|era|war|luidt)
          (?:[ ](?:now|ahora|nu|jetzt|adesso|ora|maintenant|agora))?(?:[ ]?(?P<colon>:)[ ]{0,2}|[ ])
        | [ ](?:-[ ]|(?=["'`“„«]))
        | (?P<bare>[ ])
      )
    """,
    re.VERBOSE,
).match

_tagged: Final = re.compile(r"(?P<value>[^<>\n]{1,128}+)</").match
_quoted: Final = re.compile(
    r"""
    [*_~]{0,2}\\?(?: "(?P<double>[^"\\\n]{0,128}+)\\?" | '(?P<single>[^'\\\n]{0,128}+)\\?' | `(?P<code>[^`\n]{0,128}+)`
                  | [“„«](?P<curly>[^”“»\n]{0,128}+)[”“»] )
    """,
    re.VERBOSE,
).match
_bare: Final = re.compile(r"""[*_~("'`“„«]{0,3}(?P<value>\S{1,256}+)""").match
_word_end: Final = re.compile(r"\S*+").match
# Where one field of a form, a query or a configuration ends and the next begins.
_next_field: Final = re.compile(
    r"""[&,;|]["'\\]{0,2}[A-Za-z_][\w.-]{0,40}["'\\]{0,2}[:=]|\\?["'`][,;})\]]|</|<br"""
).search
_TRAILING: Final = ",;.:)]}>\"'`´*_~\\”»“"
# A password that only its name announces, "user admin password Xy12!abc": no word, version or address is like it.
_is_strong: Final = re.compile(
    r"(?=[^\d]*\d)(?=[^!#$%*+^~@]*[!#$%*+^~@])(?=.*[^\W\d_])[^\s/=&?:<>{}()\[\]]{8,64}"
).fullmatch
# "admin / Xy12" behind "user and password:": the second of the two is the secret one.
_second: Final = re.compile(r"[ ]?[/|][ ]?(?P<value>\S{4,128}+)").match
# A sentence goes on: a word that is not the name of the next field.
_more_words: Final = re.compile(r"[ \t]+(?:[0-9]{1,3}[ ])?[^\W\d_]{2,}+(?![\w-]{0,30}[ ]?[:=])").match
_line_ends: Final = re.compile(r"[ \t]*(?:\n|\Z)").match

_FULL_NAME: Final = 8
"""Characters of the shortest name that means nothing else: "password"."""
_LONG_NUMBER: Final = 5  # shorter ones, at some distance from the word, are error codes and years


def is_mentioned(lower: str) -> bool:
    """Whether the lower-case text could name a password at all."""
    # Every message passes here. One look after the other is four times faster than a loop or one expression.
    return (
        "pass" in lower
        or "contrase" in lower
        or "clave" in lower
        or "woord" in lower
        or "wort" in lower
        or "senha" in lower
        or "pw" in lower
        or "parola" in lower
        or "mdp" in lower
        or "ww" in lower
    )


def find(text: str, lower: str) -> Iterator[Span]:
    """Values of passwords in folded `text`; `lower` is its lower case, equally long."""
    done = 0
    for name in _names(lower):
        if name.start() < done:
            continue
        link = _link(lower, name.end())
        if link is None or (link["whose"] and name[0].startswith("clave")):  # "clave de pedido: 4711"
            continue
        if link["bare"] and (name["suffix"] or len(name[0]) < _FULL_NAME):  # "the tests pass …"
            continue
        value = _value(text, link, has_suffix=name["suffix"] is not None)
        if value is not None:
            yield Span(*value, PASSWORD)
            done = value[1]


def _value(text: str, link: re.Match[str], *, has_suffix: bool) -> tuple[int, int] | None:
    """Where the value behind `link` stands in `text`; None if what stands there is none."""
    signed = link["sign"] or link["colon"]
    if link["tag"]:
        tagged = _tagged(text, link.end())
        return tagged.span("value") if tagged and could_be_value(tagged["value"], in_prose=False) else None
    apart = bool(link["whose"] or link["words"])
    sure = apart or has_suffix or not signed
    quoted = _quoted(text, link.end())
    if quoted is not None and quoted.lastgroup:
        start, end = quoted.span(quoted.lastgroup)
        in_prose = False
    else:
        bounds = _bare_value(text, link.end())
        if bounds is None:
            return None
        start, end = bounds
        if link["wrap"] and not (_line_ends(text, end) and text[end - 1] != ":"):
            return None
        in_prose = _more_words(text, end) is not None and link["sign"] != "="
    token = text[start:end]
    if link["bare"] and not _is_strong(token):
        return None
    if sure:
        is_value = must_be_value(token) and not (apart and token.isdigit() and len(token) < _LONG_NUMBER)
    else:
        is_value = could_be_value(token, in_prose=in_prose)
    second = None if quoted else _second(text, end)
    if second and must_be_value(second["value"]):
        return start, second.end()
    return (start, end) if is_value else None


def _bare_value(text: str, position: int) -> tuple[int, int] | None:
    """The bounds of an unquoted token at `position`, up to the next field and without closing punctuation."""
    bare = _bare(text, position)
    if bare is None:
        return None
    start = bare.start("value")
    token = bare["value"]
    following = _next_field(token)
    if following:
        token = token[: following.start()]
    kept = token.rstrip(_TRAILING)
    if not kept:
        return None
    if following is None and len(kept) == len(bare["value"]):
        word_end = _word_end(text, bare.end())
        return start, word_end.end() if word_end else bare.end()
    return start, start + len(kept)
