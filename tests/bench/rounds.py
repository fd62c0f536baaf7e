"""Timing several contenders side by side: in rounds, so that a busy moment of the machine is borne by all of them."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Contender:
    """Something that can be walked: `walk(n)` does its work n times over and returns the turns it took."""

    name: str
    walk: Callable[[int], int]


@dataclass(frozen=True)
class Sample:
    """Turns per second of one walk, by the clock on the wall and by the processor time of this process."""

    wall: float
    cpu: float


def race(contenders: Sequence[Contender], rounds: int, seconds: float) -> dict[str, list[Sample]]:
    """Walk every contender once a round, each time for about `seconds`; the samples by name, one a round."""
    sizes = {each.name: _size(each, seconds) for each in contenders}
    samples: dict[str, list[Sample]] = {each.name: [] for each in contenders}
    for _ in range(rounds):
        for each in contenders:
            samples[each.name].append(sample(each, sizes[each.name]))
    return samples


def sample(contender: Contender, size: int) -> Sample:
    """Time one walk; what earlier walks left behind is collected before."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    turns = contender.walk(size)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Sample(turns / wall, turns / cpu)


def _size(contender: Contender, seconds: float) -> int:
    """How often to walk for about `seconds`. The first walk warms up and does not count."""
    contender.walk(1)
    start = time.perf_counter()
    contender.walk(1)
    return max(1, round(seconds / (time.perf_counter() - start)))
