"""Large flows are proved by several processes, which find what one finds."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bot.cli import proving
from bot.cli.proving import prove
from bot.flow.checks import check, proofs
from bot.flow.loader import load
from tests.bench.flows import write_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.flow.checks.view import World
    from bot.flow.loader import Loaded
    from bot.flow.problems import Problem

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are forked on Linux alone; everywhere else one process proves everything"
)


@pytest.fixture
def several(tmp_path: Path) -> Loaded:
    """Three flows, each with problems of its own."""
    write_many(tmp_path, 3, 12)
    for file in tmp_path.iterdir():
        file.write_text(file.read_text().replace("a0: {type: choice", "a0: {type: text"))
    return load([tmp_path])


@pytest.mark.parametrize("workers", [2, 5])
def test_several_processes_find_what_one_finds(several: Loaded, workers: int) -> None:
    """All problems, in the same order, however the flows are shared among them: also more processes than flows."""
    found = check(several, ["human"])
    assert len({problem.file for problem in found}) == 3
    assert prove(several, ["human"], workers=workers) == found


def test_small_flows_are_proved_at_once(several: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started for them; for larger ones there are as many as there are processors."""
    monkeypatch.setattr(os, "fork", lambda: 1 / 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # whatever tests before this one have left running
    assert prove(several) == check(several)
    monkeypatch.setattr(proving, "SMALL", 10)
    with pytest.raises(ZeroDivisionError):
        prove(several)


def test_a_process_that_dies_loses_nothing(several: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it was to prove is proved here."""
    here = os.getpid()

    def dying(world: World, flows: Iterable[str]) -> Iterator[Problem]:
        if os.getpid() != here:
            os._exit(1)
        return proofs(world, flows)

    monkeypatch.setattr(proving, "proofs", dying)
    assert prove(several, workers=2) == check(several)
