"""What every test can use: golden files, databases, and patience on a busy machine."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.databases import *  # noqa: F403  (its fixtures)
from tests.platforms.fixtures import *  # noqa: F403  (its fixtures)
from tests.remembered import remember
from tests.searching import load_profile

Golden: TypeAlias = Callable[[str | Path, str], None]

LONGEST = (
    ("tests/crash/test_troubles.py",),
    ("tests/crash/test_run.py", "tests/crash/test_judge.py", "tests/test_bench.py"),
)
"""What takes longest, and mostly waits: two chains of about the same length, so that others compute meanwhile."""

MEMORY = Path("/dev/shm")  # noqa: S108  (folders of their own are made in it)
ROOM = 4 * 2**30

gc.set_threshold(20_000, 10, 10)  # to look for garbage as often as Python does takes a tenth of the time

load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def _in_memory() -> None:
    """Have temporary files in memory, where there is room for them: no test waits for the disk at every commit."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return
    if shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_in_memory()
remember()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update, which rewrites golden files, and --record-wire, which writes down what the platforms were asked."""
    parser.addoption("--update", action="store_true", help="rewrite golden files with what the code now says")
    parser.addoption("--record-wire", metavar="FILE", help="append each exchange with the stand-ins to FILE, as JSON")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is made while tests are collected stays to the end: nobody looks for garbage in it then, and seldom later.

    Freezing and thawing makes it old at once. It is not left frozen: whoever loads flows counts what is, which takes
    longer than most of them, and was a third of the time of all tests.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.unfreeze()
        gc.enable()


def pytest_runtest_teardown() -> None:
    """What a test, or a service within it, has frozen is thawed, for the same reason."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end nobody waits for it, and side by side.

    Each of several processes is given an equal part of the list, in this order, and later takes from the ends of the
    others: so what takes longest is dealt to the beginnings of the parts.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    first: list[list[pytest.Item]] = [[] for _ in range(processes)]
    for number, each in enumerate(LONGEST):
        first[number % processes] += [item for item in items if item.nodeid.startswith(each)]
    rest = [item for item in items if not any(item.nodeid.startswith(each) for each in LONGEST)]
    parts, left = [], len(items)
    for number, part in enumerate(first):
        size = left // (processes - number)
        room = max(0, size - len(part))
        parts += part + rest[:room]
        del rest[:room]
        left -= size
    items[:] = parts + rest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """As many processes as there are processors, and two more, because a third of the time is waited for platforms."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the golden file at a path, which is relative to the folder of the test module."""
    update = bool(request.config.getoption("--update"))

    def compare(path: str | Path, text: str) -> None:
        file = request.path.parent / path
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
            return
        assert file.exists(), f"{file.name} does not exist yet; `pytest --update` writes it"
        assert text == file.read_bytes().decode(), f"{file.name} says otherwise; `pytest --update` takes the new text"

    return compare
