"""An address that is offered as access, part by part, and why it cannot be used: for forms that ask for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from bot.guard.hosts import environment
from bot.guard.servers import PORT

if TYPE_CHECKING:
    from collections.abc import Iterable

Reason = Literal["not_an_address", "ftp", "ftps", "scheme", "port", "credentials", "local", "live"]

_SERVER: Final = frozenset({"sftp", "ssh", "scp"})
_WEB: Final = frozenset({"https", "http"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]{1,15})://", re.IGNORECASE)
_LONGEST: Final = 2000
_HOST: Final = re.compile(r"[\w.-]{1,253}|[0-9a-f:.]{2,45}")


class Access(NamedTuple):
    """An address: `scheme` in lower case ("" if none was written), `port` None if none was written."""

    scheme: str
    host: str
    port: int | None
    has_password: bool


def read(text: str) -> Access | None:
    """The address that a text is, with or without a scheme; None if it is none."""
    typed = text.strip()
    if not typed or len(typed) > _LONGEST or any(each.isspace() or not each.isprintable() for each in typed):
        return None
    named = _SCHEME.match(typed)
    try:
        parts = urlsplit(typed if named else f"//{typed}")
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError:
        return None
    if not _HOST.fullmatch(host) or not re.search(r"[^\W_]", host):
        return None
    return Access(named[1].lower() if named else "", host, port, parts.password is not None)


def refusal(text: str, live: Iterable[str] = (), *, approved: bool = False) -> Reason | None:
    """Why the address `text` cannot be used; None if it can.

    A web address may have any port; a server is worked on by SFTP and SSH, on port 22. `live` are hosts that are known
    to be live; those, and hosts that do not say what they are, take an approval.
    """
    found = read(text)
    if found is None:
        return "not_an_address"
    if found.has_password:
        return "credentials"
    if found.scheme in {"ftp", "ftps", "ftpes"}:
        return "ftp" if found.scheme == "ftp" else "ftps"
    if found.scheme and found.scheme not in _SERVER | _WEB:
        return "scheme"
    if found.scheme not in _WEB and found.port not in {None, PORT}:
        return "port"
    kind = environment(found.host, live)
    if kind == "local":
        return "local"
    return None if kind == "staging" or approved else "live"
