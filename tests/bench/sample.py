"""One measurement in a process of its own: `… sample FLOWS [CATALOGS]` prints milliseconds (JSON)."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bot.engine.turn
import bot.text.commonmark  # noqa: F401  (otherwise imported by the first text with mark-up: the clock is for loading)
from bot.cli.proving import prove
from bot.engine.wordings import REQUIRED
from bot.flow.loader import load

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent.parent


def main(flows: Path, locales: Path | None = None) -> None:
    """Load the flows of a file or folder and, with catalogs, check them; print how long it took."""
    times: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        times[name] = 1e3 * (time.perf_counter() - wall)
        times[f"{name}.cpu"] = 1e3 * (time.process_time() - cpu)

    with timed("load"):
        loaded = load([flows], locales)
        loaded.library()
    if locales is not None:
        with timed("check"):
            prove(loaded, REQUIRED)
    print(json.dumps(times))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
