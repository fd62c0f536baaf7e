"""All benchmarks of the service, one after another, on databases that are made for them and removed afterwards."""

from __future__ import annotations

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
    from collections.abc import Iterator, Sequence

    from bot.flow.loader import Loaded
    from tests.bench.results import Result
    from tests.bench.talks import Script
    from tests.bench.web import acknowledging as web


FULL: Final = Size()
QUICK: Final = Size(rounds=1, at_once=(2,), events=40, openings=20, stored=(40, 80), cases=5, words=5, looks=3)


def service(loaded: Loaded, scripts: Sequence[Script], size: Size, over_http: web.Size) -> Iterator[Result]:
    """Every figure of the service."""
    library = loaded.library()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fresh = Fresh(folder)
        yield from intake.sqlite(library, scripts, fresh, size)
        yield from delivery.sqlite(library, scripts, fresh, size.rounds, size.openings)
        yield from growth.sqlite(library, scripts, fresh, size.stored, size.events)
        yield from desk.sqlite(loaded, fresh.url(), size.cases, size.words, size.looks)
        with postgres(folder / "postgres", durable=True) as server:
            new = partial(_new_database, server, count(1))
            yield from intake.postgres(library, scripts, new, size)
            yield from acknowledging(fresh.url, new, over_http)


def _new_database(server: str, numbers: count[int]) -> str:
    name = f"bench{next(numbers)}"
    execute(server, f"CREATE DATABASE {name}")
    return database(server, name)
