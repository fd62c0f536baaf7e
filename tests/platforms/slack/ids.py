"""Slack's identifiers: a letter and capitals; message timestamps that are unique and grow."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.platforms.clock import Clock


class Ids:
    """Where every id comes from."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = itertools.count(1)
        self._last = 0

    def new(self, letter: str) -> str:
        """An id such as U0AAA0001C; the letter says what it names."""
        return f"{letter}0{next(self._count):07d}C".replace("0", "A", 1)

    def ts(self) -> str:
        """A timestamp in seconds with six digits behind the point, later than every one before."""
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def number(self) -> int:
        """A number that was not given out before."""
        return next(self._count)
