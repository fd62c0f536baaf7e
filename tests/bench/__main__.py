"""`make bench`: measures the engine beside its peers, loading, and the service; prints a table, writes bench.json.

The file holds {"machine": {...}, "results": [{name, value, unit, goal}, ...]}; a goal is a comparison or empty. Figures
are medians of several rounds. A goal that was missed is no failure here: look at a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import bot
from bot.flow.loader import load
from tests.bench import engine, loading
from tests.bench.merchants import MERCHANTS
from tests.bench.results import document, machine, table
from tests.bench.sample import ROOT
from tests.bench.service import intake
from tests.bench.service import measure as service
from tests.bench.starting import Interpreter
from tests.bench.web import acknowledging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.flow.loader import Loaded
    from tests.bench.results import Result
    from tests.bench.starting import Start

NOTES: Final = """\
engine    every turn of the shipped conversation in all languages, with the session through JSON
six_...   the engine with the questions and replies of the peers
peer      no persistence, languages, rich text, way back or checks; Telegram's updates are parsed beforehand
intake    real turns, each committed to the disk; the floor writes the same rows in the same batches, nothing else
desk      ten thousand open cases; from a merchant's words to the thread at fifty a second, and a look at the queue
naive     one transaction an event through SQLAlchemy and aiosqlite
ack       `triage serve` posted to at 300 signed events a second, from when each was due to its answer; beside it the
          platform's library with a handler that writes one row (naive_ack)
.cpu      processor time, for machines that have other things to do"""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    merchants: int = MERCHANTS
    rounds: int = 7
    seconds: float = 0.7
    """Of each contender in each round."""
    passes: int = 15
    late: int = 400
    repetitions: int = 1000
    samples: int = 7
    heavy_samples: int = 3
    files: int = 50
    steps: int = 200
    service: intake.Size = service.FULL
    web: acknowledging.Size = acknowledging.FULL


FULL: Final = Size()
QUICK: Final = Size(
    merchants=7,
    rounds=1,
    seconds=0.01,
    passes=1,
    late=20,
    repetitions=5,
    samples=1,
    heavy_samples=1,
    files=2,
    steps=20,
    service=service.QUICK,
    web=acknowledging.QUICK,
)


def measure(loaded: Loaded, size: Size, start: Start, new: Callable[[], str]) -> Iterator[Result]:
    """Every benchmark, one after another; `new` makes an empty database of PostgreSQL, and returns its URL."""
    library = loaded.library()
    scripts = engine.conversations(library, size.merchants)
    yield from engine.rates(loaded, scripts, size.rounds, size.seconds)
    yield from engine.turns(library, scripts, size.passes)
    yield from engine.sizes(scripts)
    yield from engine.growth(loaded, size.late, size.repetitions)
    yield from loading.shipped(size.samples, start)
    yield from loading.generated(size.heavy_samples, size.files, size.steps, start)
    yield from loading.imports(size.samples)
    yield from service.service(loaded, scripts, size.service, size.web, start, new)


def main(arguments: Sequence[str]) -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the engine.")
    parser.add_argument("--quick", action="store_true", help="measure little: the figures say nothing, but all is run")
    size = QUICK if parser.parse_args(arguments).quick else FULL
    loaded = load([ROOT / "flows"], ROOT / "locales")
    with service.databases() as new:
        results = tuple(measure(loaded, size, Interpreter, new))
    facts = machine()
    file = Path("bench.json")
    file.write_bytes(document(results, facts))
    print(table(results))
    print(f"\n{NOTES}\n\n" + ", ".join(f"{name} {value}" for name, value in facts.items()) + f"; written to {file}")


if __name__ == "__main__":
    bot.collect_seldom()  # as `triage` begins
    main(sys.argv[1:])
