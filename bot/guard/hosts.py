"""Hosts: whether one may be a live shop, as far as its name and what is known of the shop tell.

The seed: work is done in a staging or test environment. A name that says so is believed unless it is the shop's own; a
name that says nothing may be live, and is treated like one.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Environment = Literal["staging", "local", "live", "unclear"]

_STAGING: Final = frozenset(
    (
        *("staging", "stage", "stg", "test", "tests", "testing", "tst", "dev", "devel", "develop", "development"),
        *("acc", "accept", "acceptance", "uat", "qa", "preprod", "preproduction", "preview", "sandbox", "demo", "beta"),
        *("acceptatie", "ontwikkel", "testomgeving", "abnahme", "entwicklung", "testumgebung"),
        *("pruebas", "prueba", "ensayo", "desarrollo", "preproduccion", "collaudo", "prova", "sviluppo"),
        *("recette", "homologacao", "homolog", "hml", "teste", "testes", "desenvolvimento"),
    )
)
"""Words of host names that say that nobody buys there, in seven languages."""
_LOCAL: Final = (".test", ".local", ".localhost", ".example", ".invalid", ".internal", ".lan", ".home.arpa")
"""Names that only a merchant's own network knows (RFC 2606, 6761, 6762, 8375, and habit)."""
_PARTS: Final = re.compile(r"[.\-_]+")
_NUMBER: Final = re.compile(r"\d+$")


def environment(host: str, live: Iterable[str] = ()) -> Environment:
    """What `host` is, where `live` are hosts that are known to be live.

    `local` cannot be reached from outside; `unclear` names nothing that tells, so it may be live.
    """
    name = _plain(host)
    if name in {_plain(each) for each in live}:
        return "live"
    if name.endswith(_LOCAL) or _is_private(name) or not re.search("[.:]", name):
        return "local"
    words = {_NUMBER.sub("", part) for part in _PARTS.split(name)}
    return "staging" if words & _STAGING else "unclear"


def _plain(host: str) -> str:
    return host.strip().strip("[]").rstrip(".").lower().removeprefix("www.")


def _is_private(name: str) -> bool:
    try:
        return not ip_address(name).is_global
    except ValueError:
        return False
