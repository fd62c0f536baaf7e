"""The address of a page or shop on the web. Whether it may be visited is not decided here."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bot.engine.answers.hosts import is_name
from bot.engine.answers.reading import Unreadable

_LONGEST: Final = 2000
_SCHEME: Final = re.compile(r"(https?)://(?=[^/])", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff\\\"<>^`{}|]")
_AROUND: Final = " \t\n<>\"'“”«»"
_AFTER: Final = ".,;!"


def read(text: str) -> str:
    """The http or https URL that `text` is: scheme and host in lower case, "https://" added where no scheme was typed.

    Raises Unreadable: too_long, credentials (a user name or password in it), several, not_a_url.
    """
    typed = text.strip(_AROUND).rstrip(_AFTER)
    if len(typed) > _LONGEST:
        raise Unreadable("too_long")
    if _FORBIDDEN.search(typed):
        raise Unreadable("several" if len(_SCHEME.findall(typed)) > 1 else "not_a_url")
    scheme = _SCHEME.match(typed)
    if scheme is None and ("://" in typed.split("?")[0] or "@" in re.split("[/?#]", typed)[0]):
        raise Unreadable("not_a_url")
    try:
        parts = urlsplit(typed if scheme else f"https://{typed}")
        port = parts.port
    except ValueError:
        raise Unreadable("not_a_url") from None
    if "@" in parts.netloc:
        raise Unreadable("credentials")
    return _whole(parts, port, bare=scheme is None)


def _whole(parts: SplitResult, port: int | None, *, bare: bool) -> str:
    host = (parts.hostname or "").lower()
    # Without a scheme, "4.1.0.2" is rather a version than an address.
    if port == 0 or not (is_name(host) or (not bare and _is_address(host))):
        raise Unreadable("not_a_url")
    return parts._replace(netloc=host if port is None else f"{host}:{port}").geturl()


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True
