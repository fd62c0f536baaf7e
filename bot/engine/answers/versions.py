"""The version of a platform, plugin or language, as people write it."""

from __future__ import annotations

import re
from typing import Final

from bot.engine.answers.reading import Unreadable

_LONGEST: Final = 300  # characters of an answer; in a longer one the version could be anything's
_SUFFIX: Final = (
    r"(?:[-+._ ]?(?:(?:alpha|beta|rc|dev|preview|pre|patch|hotfix)(?:[.-]?\d{1,4})?|pl?\d{1,4})(?!\w)"
    r"|-\d{1,4}(?![\w.]))?"
)
_END: Final = r"(?!\w|[.:,]\d)"
_DOTTED: Final = re.compile(
    rf"(?<![\d.:,])\d{{1,6}}(?:(?:\.\d{{1,6}}){{1,4}}(?:\.x|{_SUFFIX})|\.x){_END}", re.IGNORECASE
)
# "WooCommerce 9", "it is version 4": without a dot only at the end of a few words.
_WHOLE: Final = re.compile(rf"(?:[^\d\s]+\s+){{0,3}}v?(\d{{1,4}}{_SUFFIX})[\s.!)]*", re.IGNORECASE)
_DATE: Final = re.compile(
    r"(?<![\d.])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d\d)|(?:19|20)\d\d\.[01]\d\.[0-3]\d"
    r"|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|[0-3]\d\.[01]\d\.\d\d)(?!\w|\.\d)"
)
_URL: Final = re.compile(r"\b(?:https?|ftp)://\S+")


def read(text: str) -> str:
    """The one version in `text`, as it was typed but for a "v" before it: "4.1.0-beta2".

    A version has a dot, unless it is nearly the whole message ("4", "WooCommerce 9"); a date is none.

    Raises Unreadable: too_long, several, no_version.
    """
    if len(text) > _LONGEST:
        raise Unreadable("too_long")
    plain = _DATE.sub(" ", _URL.sub(" ", text))
    found: list[str] = _DOTTED.findall(plain)
    if not found and (whole := _WHOLE.fullmatch(plain.strip())):
        found = [whole[1]]
    versions = {version.lower(): version for version in (each.replace(" ", "-") for each in found)}
    if not versions:
        raise Unreadable("no_version")
    if len(versions) > 1:
        raise Unreadable("several")
    return next(iter(versions.values()))
