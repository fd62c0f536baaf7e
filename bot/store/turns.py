"""Who goes first where not all can: the urgent, and within that each carrier in its turn."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def in_turn(rows: Iterable[Any]) -> list[Any]:
    """Rows of the outbox (`carrier` at 3, `priority` the last but one) by priority.

    Within one the carriers take turns, so that the long queue of one holds up no other; each keeps its own order.
    """
    before: Counter[tuple[str, int]] = Counter()
    ranked: list[tuple[int, int, Any]] = []
    for row in rows:
        carrier, priority = row[3], row[-2]
        ranked.append((priority, before[carrier, priority], row))
        before[carrier, priority] += 1
    return [row for *_, row in sorted(ranked, key=lambda each: each[:2])]
