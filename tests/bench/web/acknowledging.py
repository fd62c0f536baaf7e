"""How soon signed events are acknowledged at a steady rate, by the service and the naive way; and what idle ones cost.

The service runs as `triage serve` does, on SQLite and on PostgreSQL: an event is acknowledged after it was committed.
Its messages leave meanwhile, as fast as the platform's limits let them.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

import httpx

from tests.bench.results import Result
from tests.bench.web.payloads import SECRET, Platform
from tests.bench.web.platforms import TOKEN, platforms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.bench.starting import Process, Start

Store: TypeAlias = Literal["sqlite", "postgres"]

PATIENCE_S: Final = 120


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rate: float = 300.0
    """Events a second."""
    warm: int = 2_000
    """Events before those that count: one of each merchant."""
    events: int = 6_000
    merchants: int = 2_000
    idle: int = 10_000
    """Conversations that are begun and then left."""
    pairs: Sequence[tuple[Platform, Store]] = tuple(product(get_args(Platform), get_args(Store)))
    """What is posted to."""


FULL: Final = Size()
QUICK: Final = Size(
    rate=200, warm=5, events=20, merchants=5, idle=10, pairs=(("slack", "sqlite"), ("telegram", "postgres"))
)


def acknowledging(fresh: Callable[[], str], new: Callable[[], str], size: Size, start: Start) -> Iterator[Result]:
    """Every figure; `fresh` makes the URL of a new SQLite file, `new` that of a new database of PostgreSQL."""
    with platforms() as api:
        stores = {"sqlite": fresh, "postgres": new}
        worst: dict[Platform, float] = {}
        for platform, store in size.pairs:
            with serve(start, platform, stores[store](), api) as (port, _):
                waits = poured(start, platform, port, size)
            worst[platform] = max(worst.get(platform, 0.0), _percentile(waits, 99))
            yield from _figures(f"{platform}.ack_{{}}.{store}", waits)
            with naive(start, platform, stores[store](), api) as (port, _):
                yield from _figures(f"{platform}.naive_ack_{{}}.{store}", poured(start, platform, port, size))
        for platform, found in worst.items():
            yield Result(f"{platform}.ack_p99_ms", found, "ms", "<= 50")
        with serve(start, "telegram", fresh(), api) as (port, pid):
            empty = memory(pid)
            load(start, "telegram", port, size.rate, size.idle, size.idle)
            yield Result("serve.empty_mib", empty, "MiB")
            yield Result("serve.idle_conversations_mib", memory(pid) - empty, "MiB", "< 100")


def poured(start: Start, platform: Platform, port: int, size: Size) -> list[float]:
    """How long each event waited for its answer, in seconds, once everything had been used."""
    return load(start, platform, port, size.rate, size.warm + size.events, size.merchants)[size.warm :]


def load(start: Start, platform: Platform, port: int, rate: float, count: int, merchants: int) -> list[float]:
    """Pour by a process of its own."""
    told = map(str, (port, rate, count, merchants))
    waits: list[float] = json.loads(start("tests.bench.web.load", platform, *told).output())
    return waits


@contextlib.contextmanager
def serve(start: Start, platform: Platform, url: str, api: str) -> Iterator[tuple[int, int]]:
    """The service, connected to that platform; its port and the id of its process."""
    settings = {
        "telegram": {
            "TRIAGE_TELEGRAM_TOKEN": TOKEN,
            "TRIAGE_TELEGRAM_API_URL": f"{api}/bot",
            "TRIAGE_TELEGRAM_WEBHOOK_SECRET": SECRET,
        },
        "slack": {
            "TRIAGE_SLACK_BOT_TOKEN": "xoxb-bench",
            "TRIAGE_SLACK_API_URL": f"{api}/api/",
            "TRIAGE_SLACK_SIGNING_SECRET": SECRET,
        },
    }
    with _process(start, ["bot.cli", "serve"], {"TRIAGE_DATABASE_URL": url, **settings[platform]}) as found:
        yield found


@contextlib.contextmanager
def naive(start: Start, platform: Platform, url: str, api: str) -> Iterator[tuple[int, int]]:
    """The naive way; its port and the id of its process."""
    with _process(start, ["tests.bench.web.naive", platform, url, api, "{port}"], {}) as found:
        yield found


def memory(pid: int) -> float:
    """What a process and its workers take of the machine's memory, in MiB."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        raise RuntimeError("this system does not tell what a process takes")
    resident = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    children = {int(each) for task in tasks.iterdir() for each in (task / "children").read_text("utf-8").split()}
    return resident + sum(map(memory, children))


@contextlib.contextmanager
def _process(start: Start, command: Sequence[str], settings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    told = {**inherited, **settings, "TRIAGE_HTTP_PORT": str(port), "TRIAGE_LOG_LEVEL": "error"}
    module, *arguments = (each.format(port=port) for each in command)
    process = start(module, *arguments, environment=told)
    try:
        _wait(process, f"http://127.0.0.1:{port}/health/ready")
        yield port, process.pid
    finally:
        process.kill()  # what waits to be sent is nobody's business


def _wait(process: Process, url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    with httpx.Client(verify=False) as client:  # noqa: S501  (there is nothing to verify on loopback)
        while not process.ended() and time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                if client.get(url).is_success:
                    return
            time.sleep(0.1)
    raise RuntimeError("it did not get ready")


def _figures(name: str, waits: Sequence[float]) -> Iterator[Result]:
    yield Result(name.format("p50_ms"), _percentile(waits, 50), "ms")
    yield Result(name.format("p99_ms"), _percentile(waits, 99), "ms")
    yield Result(name.format("max_ms"), max(waits) * 1e3, "ms")


def _percentile(waits: Sequence[float], percent: int) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[percent - 1] * 1e3
