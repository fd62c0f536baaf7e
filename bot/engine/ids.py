"""Identifiers made without drawing a random number: the seed comes in, the same seed gives the same ids."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import msgspec

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS: Final = 80
"""Of randomness: sixteen digits."""


class Ids(msgspec.Struct, gc=False):
    """A source of ids for one turn; `seed` must be unpredictable and is written to the log, so that a replay agrees."""

    seed: str
    made: int = 0
    """How many it has given."""

    def session(self) -> str:
        """Ten characters, letters and digits, lower case."""
        return self._next(10).lower()

    def case(self) -> str:
        """A reference people can read out: `T-` and six characters without 0, 1, 8 and 9."""
        return f"T-{self._next(6)}"

    def drop(self) -> str:
        """Sixteen characters, as long as can be made: whoever has them may fill the form in."""
        return self._next(16).lower()

    def _next(self, length: int) -> str:
        self.made += 1
        digest = blake2b(f"{self.seed}/{self.made}".encode(), digest_size=_BITS // 8).digest()
        number = int.from_bytes(digest, "big")
        # base 32 as of RFC 4648, which the standard library writes in five times the time
        return "".join([_DIGITS[number >> shift & 31] for shift in range(_BITS - 5, _BITS - 5 - 5 * length, -5)])
