"""How long starting takes: reading flows and catalogs, proving them, importing the core. Each sample is a process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tests.bench.flows import write_catalogs, write_many
from tests.bench.results import Result
from tests.bench.sample import ROOT

if TYPE_CHECKING:
    from tests.bench.starting import Start

_CORE: Final = "import bot; bot.collect_seldom(); import bot.engine.turn"
"""As `triage` begins."""

_NOTHING: Final = "pass"

LANGUAGES: Final = ("de", "es", "fr", "it", "nl", "pt")
"""Those that generated flows are translated into."""


def shipped(samples: int, start: Start) -> list[Result]:
    """Milliseconds from the shipped files to a library, and to prove their largest flow, with all modules imported."""
    loaded = _medians(samples, start, ROOT / "flows", ROOT / "locales")
    checked = _medians(samples, start, ROOT / "flows" / "help_us_help_you.yaml", ROOT / "locales")
    return [
        Result("flow.load_ms", loaded["load"], "ms", "<= 150"),
        Result("flow.load_ms.cpu", loaded["load.cpu"], "ms"),
        Result("flow.check_ms", loaded["check"], "ms"),
        Result("flow.check_ms.cpu", loaded["check.cpu"], "ms"),
        Result("check.one_flow_ms", checked["check"], "ms", "<= 100"),
        Result("check.one_flow_ms.cpu", checked["check.cpu"], "ms"),
    ]


def generated(samples: int, files: int, steps: int, start: Start) -> list[Result]:
    """Milliseconds from many long flow files to a library, and to prove them in as many languages as are shipped."""
    with TemporaryDirectory() as folder:
        flows, catalogs = Path(folder, "flows"), Path(folder, "locales")
        flows.mkdir()
        write_many(flows, files, steps)
        loaded = _medians(samples, start, flows)
        write_catalogs(catalogs, flows, LANGUAGES)
        checked = _medians(samples, start, flows, catalogs)
    load, check = f"flow.load_{files}x{steps}_ms", f"check.{files}x{steps}x{len(LANGUAGES) + 1}_ms"
    return [
        Result(load, loaded["load"], "ms", "<= 2000"),
        Result(f"{load}.cpu", loaded["load.cpu"], "ms"),
        Result(check, checked["check"], "ms", "<= 2000"),
        Result(f"{check}.cpu", checked["check.cpu"], "ms"),
    ]


def imports(samples: int) -> list[Result]:
    """Milliseconds that importing the core adds to starting Python; every bare start has its pair."""
    _start(_CORE)
    pairs = [(_start(_NOTHING), _start(_CORE)) for _ in range(samples)]
    return [Result("import_ms", statistics.median(core - bare for bare, core in pairs), "ms", "<= 150")]


def _start(code: str) -> float:
    """Milliseconds a new interpreter takes from its start to its end; it keeps what it compiles.

    The environment may forbid Python to do so, but nobody's second start is slowed by compiling.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    return 1e3 * (time.perf_counter() - began)


def _medians(samples: int, start: Start, *what: Path) -> dict[str, float]:
    """The median of each figure that `tests.bench.sample` prints."""
    found: list[dict[str, float]] = [
        json.loads(start("tests.bench.sample", *map(str, what)).output()) for _ in range(samples)
    ]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}
