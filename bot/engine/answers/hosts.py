"""Host names as they stand in web and e-mail addresses."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 253
_LABEL: Final = (
    r"[^\W_](?:[^\W_]|-){0,61}(?<!-)"  # letters of every script: international names are typed as they are read
)
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{1,59}})")


def is_name(host: str) -> bool:
    """Whether `host` is a domain name: labels with a dot between them, the last one of letters (or punycode)."""
    return len(host) <= _LONGEST and _NAME.fullmatch(host.lower()) is not None
