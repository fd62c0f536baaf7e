"""Misbehaviour on demand: what the platform does wrong to the next calls and deliveries."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["rate_limited", "broken", "lost", "refused"]

ANY = "*"


@dataclass(frozen=True)
class Fault:
    """One wrong answer to one call."""

    kind: Kind
    retry_after: int = 1
    status: int = 500
    wait: float = 0.0
    reason: str = ""


class Faults:
    """The script of what goes wrong; each entry is used up by one call or delivery."""

    def __init__(self) -> None:
        self._calls: dict[str, list[Fault]] = {}
        self._away: dict[str, tuple[Fault, float]] = {}
        self._copies = 0
        self._hold = 0

    def rate_limit(self, method: str = ANY, *, retry_after: int = 1, times: int = 1) -> None:
        """The next `times` calls of `method` are answered 429 with a delay in seconds; nothing happens."""
        self._add(method, Fault("rate_limited", retry_after=retry_after), times)

    def fail(self, method: str = ANY, *, status: int = 500, times: int = 1) -> None:
        """The next `times` calls of `method` are answered with a 5xx that is not even JSON; nothing happens."""
        self._add(method, Fault("broken", status=status), times)

    def refuse(self, method: str, reason: str, *, times: int = 1) -> None:
        """The next `times` calls of `method` are refused, for a reason in the platform's words; nothing happens."""
        self._add(method, Fault("refused", reason=reason), times)

    def stay_away(self, method: str, *, status: int, seconds: float) -> None:
        """Every call of `method` within `seconds` is answered with 429 and what is left of them, or with a 5xx."""
        kind: Kind = "rate_limited" if status == 429 else "broken"
        self._away[method] = (Fault(kind, status=status), time.time() + seconds)

    def lose_answer(self, method: str = ANY, *, after: float = 0.0, times: int = 1) -> None:
        """The next `times` calls of `method` are carried out; `after` seconds later the connection just closes."""
        self._add(method, Fault("lost", wait=after), times)

    def duplicate(self, deliveries: int = 1) -> None:
        """Each of the next deliveries is made twice, at the same time."""
        self._copies += deliveries

    def reorder(self, deliveries: int = 2) -> None:
        """The next deliveries are held back until there are that many, and then made in reverse order."""
        self._hold = deliveries

    def take(self, method: str) -> Fault | None:
        """What goes wrong with this call of `method`, if anything."""
        fault, until = self._away.get(method, (None, 0.0))
        if fault is not None and (left := until - time.time()) > 0:
            return replace(fault, retry_after=math.ceil(left))
        for name in (method, ANY):
            if waiting := self._calls.get(name):
                return waiting.pop(0)
        return None

    def copies(self) -> int:
        """How often the next delivery is made."""
        if self._copies:
            self._copies -= 1
            return 2
        return 1

    def held(self) -> int:
        """How many deliveries are held back until they go out in reverse order; asking clears it."""
        held, self._hold = self._hold, 0
        return held

    def _add(self, method: str, fault: Fault, times: int) -> None:
        self._calls.setdefault(method, []).extend([fault] * times)
