"""What a run of the benchmarks leaves: results with their goals, facts about the machine, a table and a document."""

from __future__ import annotations

import operator
import os
import platform
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, "<": operator.lt, ">": operator.gt}
)
_LOOP: Final = 200_000


class Result(msgspec.Struct, frozen=True):
    """One figure. `goal` is a comparison such as ">= 15000", or empty where nothing is promised."""

    name: str
    value: float
    unit: str
    goal: str = ""

    @property
    def verdict(self) -> str:
        """Whether the goal was reached: "met" or "missed"; empty without a goal."""
        if not self.goal:
            return ""
        sign, _, bound = self.goal.partition(" ")
        return "met" if _COMPARE[sign](self.value, float(bound)) else "missed"


def machine() -> dict[str, Any]:
    """What the figures depend on beside the code. `loop_ms` times a fixed loop: a busy or slow machine shows in it."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        total = 0
        for number in range(_LOOP):
            total += number
        times.append(1e3 * (time.perf_counter() - start))
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "cpus": os.cpu_count(),
        "loop_ms": round(min(times), 3),
    }


def document(results: Sequence[Result], facts: Mapping[str, Any]) -> bytes:
    """The run as JSON: {"machine": {...}, "results": [{name, value, unit, goal}, ...]}."""
    rounded = [msgspec.structs.replace(each, value=round(each.value, 3)) for each in results]
    return msgspec.json.format(msgspec.json.encode({"machine": facts, "results": rounded}), indent=2) + b"\n"


def table(results: Sequence[Result]) -> str:
    """The results in columns."""
    rows = [("name", "value", "unit", "goal", "")]
    rows += [(each.name, _shown(each.value), each.unit, each.goal, each.verdict) for each in results]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, value, *rest in rows:
        cells = [name.ljust(widths[0]), value.rjust(widths[1])]
        cells += [cell.ljust(width) for cell, width in zip(rest, widths[2:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _shown(value: float) -> str:
    """A figure to three digits, or whole if it has more."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
