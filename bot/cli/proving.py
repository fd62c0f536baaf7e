"""Proving large flows on all processors: what is found in one flow does not depend on what is found in another.

Processes are forked, so they have the flows already, and all they hand back are problems. Where that cannot be done, or
is not worth it, one process proves everything.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from bot.flow.checks import check, proofs
from bot.flow.checks.view import World
from bot.flow.loader import without_collections
from bot.flow.problems import in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem

SMALL: Final = 8_000
"""Steps, counted in every language, that one process proves nearly as soon as several."""


def prove(
    loaded: Loaded, patterns: Collection[str] = (), words: Collection[str] = (), workers: int | None = None
) -> tuple[Problem, ...]:
    """The same as `bot.flow.checks.check`; `workers` are as many as there are processors, or fewer for small flows."""
    if workers is None:
        steps = sum(len(source.flow.steps) for source in loaded.sources)
        workers = _processors() if steps * len(loaded.catalogs.languages) > SMALL else 1
    if workers == 1 or sys.platform != "linux" or threading.active_count() > 1:
        return check(loaded, patterns, words)
    with without_collections():
        world = World(loaded, patterns, words)
        first, *others = _shares(world, workers)
        started = [_start(world, share) for share in others]
        found = [*loaded.problems, *proofs(world, first)]
        for share, (process, answer) in zip(others, started, strict=True):
            with answer:
                told = answer.read()
            _, status = os.waitpid(process, 0)
            found += pickle.loads(told) if status == 0 else proofs(world, share)  # noqa: S301  (it is ours)
        return in_order(found)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _shares(world: World, number: int) -> list[list[str]]:
    """The flows in as many parts of about the same size, the longest flow first."""
    parts: list[list[str]] = [[] for _ in range(number)]
    sizes = [0] * number
    for flow, view in sorted(world.views.items(), key=lambda each: -len(each[1].program.steps)):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(flow)
        sizes[smallest] += len(view.program.steps)
    return parts


def _start(world: World, share: Sequence[str]) -> tuple[int, BinaryIO]:
    """A process that proves these flows, and where its problems come from.

    It is forked here, as `multiprocessing` would do it: importing that takes longer than a flow.
    """
    answer, there = os.pipe()
    process = os.fork()
    if process == 0:
        _tell(world, share, there)
    os.close(there)
    return process, os.fdopen(answer, "rb")


def _tell(world: World, share: Sequence[str], there: int) -> NoReturn:
    """Write the problems, and end without what the end of a program does: all of that is the other process's."""
    failed = 1
    try:
        with os.fdopen(there, "wb") as file:
            pickle.dump(list(proofs(world, share)), file)
        failed = 0
    finally:
        os._exit(failed)
