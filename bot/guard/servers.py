"""Access to a server that the team does not use, recognised while it is offered: FTP, and ports other than 22.

The seed: work is done by SFTP and SSH only, on port 22, and no longer by FTP. The protocols have the same names in
every language, the word for a port is looked for in seven. "No FTP, only SFTP" offers nothing, so a word that denies it
is heeded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.guard.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["ftp", "ftps", "port"]

PORT: Final = 22
"""The one that SFTP and SSH are used on."""


class Offer(NamedTuple):
    """Access that is not used, and where the text speaks of it: `kind` is `ftp`, `ftps` or `port`."""

    start: int
    end: int
    kind: Kind


_FTP: Final = re.compile(
    r"""
    (?<![\w.-]) (?:
        (?P<ftps> ftps | ftpes | ftp \s? (?:over|via|über|par|por|tramite|met|mit|con|\+|/|-) \s? (?:tls|ssl) )
      | ftp (?! \s? [:(-]? \s? (?:(?:is|ist|est|es|è|é)\s)? (?:no|not|non|nicht|niet|não|pas)\b ) (?! \.[a-z0-9] )
    ) (?![\w@])
    """,
    re.VERBOSE,
)
_FTP_HOST: Final = re.compile(r"(?<![\w.@/-])ftp\d?\.(?:[a-z0-9-]+\.)+[a-z]{2,}")
_DENIED: Final = re.compile(
    r"""
    \b(?: no | not | non | nicht | kein(?:e[nmrs]?)? | niet | geen | ne | pas | sin | sem | senza | ohne | sans | zonder
        | without | never | nie | nooit | jamais | nunca | mai | não | nao | instead\ of | statt | anstatt
        | en\ lugar\ de | en\ vez\ de | invece\ di | au\ lieu | in\ plaats\ van | em\ vez )\b
    [^.!?;,\n]{0,24}$
    """,
    re.VERBOSE,
)
_BEFORE: Final = 48
"""Characters before an offer in which a word may deny it."""
_SERVER: Final = re.compile(r"(?<![a-z])(?:s?ftp|ftpe?s|ssh|scp|rsync|winscp|filezilla|putty)(?![a-z])")
_PORT: Final = re.compile(
    r"""
    (?: \b(?: ports? | puertos? | poort | porta | porto | portnummer | poortnummer )
        (?: \ (?: is | es | è | ist | est | é | number | número | numero | nummer | n[°º.] ) )? \s? [:=#]? \s?
      | (?: (?:ssh|scp|sftp|rsync) \s [^\n]{0,60}? -p \s? | -oport= )
      | (?<![\w.:/@-]) (?: [\w.+-]{1,64} @ )? (?: [a-z0-9-]+\.)+ [a-z]{2,} :
      | (?:sftp|ssh|scp|rsync)://[^\s/:]{1,256} (?: :[^\s/@]{0,128}@[^\s/:]{1,256} )? :
    )
    (?P<port>\d{1,5})(?![\d.]*\d)
    """,
    re.VERBOSE,
)


def find(text: str) -> list[Offer]:
    """What of a text offers access that is not used, in reading order; offsets are those of `text`."""
    folded = fold(text)
    lower = folded.text.lower()
    if not _SERVER.search(lower):
        return []
    found = sorted([*_protocols(lower), *_ports(lower)])
    return [Offer(*folded.original(start, end), kind) for start, end, kind in found]


def _protocols(lower: str) -> Iterator[Offer]:
    for match in _FTP.finditer(lower):
        if not _denied(lower, match.start()):
            yield Offer(*match.span(), "ftps" if match["ftps"] else "ftp")
    if "sftp" in lower or "ssh" in lower:
        return  # a server that is called ftp.example.com may well speak SFTP
    for match in _FTP_HOST.finditer(lower):
        yield Offer(*match.span(), "ftp")


def _ports(lower: str) -> Iterator[Offer]:
    for match in _PORT.finditer(lower):
        if int(match["port"]) != PORT and not _denied(lower, match.start()):
            yield Offer(*match.span("port"), "port")


def _denied(lower: str, at: int) -> bool:
    return _DENIED.search(lower, max(at - _BEFORE, 0), at) is not None
