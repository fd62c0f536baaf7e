"""`make crash`: the long run on both databases, a table, and crash.json."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import platform
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.service.workers import fitting
from bot.store.faults import Point
from tests import servers
from tests.crash.platform import ROUGH
from tests.crash.processes import Nursery
from tests.crash.run import Plan, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.crash.run import Outcome

PROCESSES: Final = {"sqlite": 1, "postgres": 2}


def main() -> int:
    """Run what the command line says; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--database", choices=[*PROCESSES], action="append", help="default: both")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--merchants", type=int, default=300, help="at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, default=Path("crash.json"))
    asked = parser.parse_args()
    databases = asked.database or [*PROCESSES]
    outcomes: dict[str, Outcome] = {}
    for name in databases:
        folder = Path(tempfile.mkdtemp(prefix=f"triage-crash-{name}-"))
        with _database(name, folder) as url:
            plan = Plan(
                asked.seed,
                url,
                PROCESSES[name],
                asked.kills,
                asked.merchants,
                ROUGH,
                thinks_s=0.03,
                workers=max(1, fitting()),
                speed=2.0,
            )
            print(f"{name}: {asked.kills} kills, seed {asked.seed}, in {folder} …", flush=True)
            outcomes[name] = asyncio.run(_run(plan, folder))
        told = {each: figures(outcome) for each, outcome in outcomes.items()}
        report = {"python": platform.python_version(), **told}
        asked.report.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    print(_table(told))
    for name, outcome in outcomes.items():
        for each in outcome.broken:
            print(f"{name}: {each.rule}: {each.what}")
    return 1 if any(outcome.broken for outcome in outcomes.values()) else 0


@contextlib.contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{folder / 'triage.db'}"
        return
    with servers.postgres(folder / "postgres") as server:
        servers.execute(server, "CREATE DATABASE triage_crash")
        yield servers.database(server, "triage_crash")


async def _run(plan: Plan, folder: Path) -> Outcome:
    nursery = Nursery()
    await nursery.open()
    try:
        return await run(plan, folder, nursery)
    finally:
        await nursery.close()


def figures(outcome: Outcome) -> dict[str, Any]:
    """What a run is reported with."""
    shown = Counter(each.outbox for each in outcome.truth.shown)
    return {
        "seed": outcome.plan.seed,
        "processes": outcome.plan.processes,
        "workers of each": outcome.plan.workers,
        "seconds": round(outcome.seconds, 1),
        "kills": outcome.kills.total(),
        "conversations": len(outcome.talks),
        "events": len(outcome.truth.posted),
        "events brought": sum(each.tries for each in outcome.truth.posted),
        "duplicates refused": outcome.results["duplicate"],
        "parked": len(outcome.stored.parked),
        "messages": len(outcome.stored.outbox),
        **{f"messages {state}": outcome.states[state] for state in ("sent", "refused", "uncertain", "suppressed")},
        "messages repeated": sum(n - 1 for n in shown.values()),
        "timers fired": sum(row["key"].startswith("due:") for row in outcome.stored.events),
        "platform": dict(sorted(outcome.truth.counts.items())),
        "kills at": dict(sorted({**{point.value: 0 for point in Point}, **outcome.kills}.items())),
        "kills with a batch at a worker": dict(sorted(outcome.with_workers.items())),
        "violations": [f"{each.rule}: {each.what}" for each in outcome.broken],
    }


def _table(figures: dict[str, dict[str, Any]]) -> str:
    rows: list[Sequence[str]] = [("", *figures)]
    for name in next(iter(figures.values())):
        values = [figure[name] for figure in figures.values()]
        if name == "violations":
            rows.append((name, *(str(len(value)) for value in values)))
        elif isinstance(values[0], dict):
            rows.append((name, *("" for _ in values)))
            rows += [
                (f"  {key}", *(str(value.get(key, 0)) for value in values))
                for key in sorted({k for v in values for k in v})
            ]
        else:
            rows.append((name, *map(str, values)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows)


if __name__ == "__main__":
    sys.exit(main())
