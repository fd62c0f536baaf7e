"""Whether a password is one that nobody guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST: Final = 12
"""Characters of a password."""
_STRONG: Final = 3
"""Of 0 to 4, as zxcvbn counts: out of reach for whoever has to ask a server (https://github.com/dropbox/zxcvbn)."""
_LOOKED_AT: Final = 72
"""Characters that are judged: more of them make none weaker, and would take long."""


def is_strong(password: str, beside: Sequence[str] = ()) -> bool:
    """Whether nobody guesses it, who knows what stands `beside` it (a user name, say)."""
    if len(password) < SHORTEST or any(each and each.lower() in password.lower() for each in beside if len(each) > 3):  # noqa: PLR2004
        return False
    from zxcvbn import zxcvbn  # noqa: PLC0415  (its lists take a tenth of a second to load, and few ask)

    return int(zxcvbn(password[:_LOOKED_AT], user_inputs=list(beside))["score"]) >= _STRONG
