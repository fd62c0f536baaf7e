"""An e-mail address, as far as one can tell without writing to it."""

from __future__ import annotations

import re
from typing import Final

from bot.engine.answers.hosts import is_name
from bot.engine.answers.reading import Unreadable

_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
_NAMED: Final = re.compile(r"[^<>@]*<([^<>]+)>")
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_SEVERAL: Final = re.compile(r"[^\s@]@[^\s@]+[\s,;/][^@]*[^\s@]@[^\s@]")
_PREFIX: Final = re.compile(r"mailto:", re.IGNORECASE)
_AROUND: Final = " \t\n\"'“”«»"
_AFTER: Final = ".,;!"


def read(text: str) -> str:
    """The e-mail address that `text` is, perhaps behind a name ("Ana <ana@shop.example>"), its domain in lower case.

    Raises Unreadable: too_long, several, not_an_email.
    """
    typed = text.strip(_AROUND).rstrip(_AFTER)
    if named := _NAMED.fullmatch(typed):
        typed = named[1].strip()
    typed = _PREFIX.sub("", typed, count=1)
    if _SEVERAL.search(typed):
        raise Unreadable("several")
    if len(typed) > _LONGEST:
        raise Unreadable("too_long")
    local, _, domain = typed.partition("@")
    if len(local) > _LONGEST_LOCAL or _LOCAL.fullmatch(local) is None or not is_name(domain):
        raise Unreadable("not_an_email")
    return f"{local}@{domain.lower()}"
