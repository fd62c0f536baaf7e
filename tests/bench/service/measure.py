"""All benchmarks of the service, one after another, on databases that are made for them and removed afterwards."""

from __future__ import annotations

import contextlib
import tempfile
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench.service import delivery, desk, growth, intake
from tests.bench.service.intake import Fresh, Size
from tests.bench.web.acknowledging import acknowledging
from tests.servers import database, execute, postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.flow.loader import Loaded
    from tests.bench.results import Result
    from tests.bench.starting import Start
    from tests.bench.talks import Script
    from tests.bench.web import acknowledging as web


FULL: Final = Size()
QUICK: Final = Size(rounds=1, at_once=(2,), events=40, warm=2, openings=20, stored=(40, 80), cases=5, words=5, looks=3)


def service(
    loaded: Loaded,
    scripts: Sequence[Script],
    size: Size,
    over_http: web.Size,
    start: Start,
    new: Callable[[], str],
) -> Iterator[Result]:
    """Every figure of the service; `new` makes an empty database of PostgreSQL, and returns its URL."""
    library = loaded.library()
    with tempfile.TemporaryDirectory() as name:
        fresh = Fresh(Path(name))
        yield from intake.sqlite(library, scripts, fresh, size)
        yield from delivery.sqlite(library, scripts, fresh, size.rounds, size.openings, start)
        yield from growth.sqlite(library, scripts, fresh, size.stored, size.events)
        yield from desk.sqlite(loaded, fresh.url(), size.cases, size.words, size.looks, start)
        yield from intake.postgres(library, scripts, new, size)
        yield from acknowledging(fresh.url, new, over_http, start)


@contextlib.contextmanager
def databases() -> Iterator[Callable[[], str]]:
    """What makes databases of PostgreSQL, on a server of its own that writes to the disk whatever it commits."""
    with tempfile.TemporaryDirectory() as name, postgres(Path(name, "postgres"), durable=True) as server:
        yield partial(_new_database, server, count(1))


def _new_database(server: str, numbers: count[int]) -> str:
    name = f"bench{next(numbers)}"
    execute(server, f"CREATE DATABASE {name}")
    return database(server, name)
