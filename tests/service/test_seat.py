"""The seat beside a file: one sits, and it is free the moment the one who sat is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.service.seat import Seat
from bot.store.port import StoreError

if TYPE_CHECKING:
    from pathlib import Path

SITS = """
import sys, time
from pathlib import Path
from bot.service.seat import Seat
seat = Seat(Path(sys.argv[1]))
print(repr(seat.take()), flush=True)
seat.sign("the other")
print("signed", flush=True)
time.sleep(60)
"""


def test_one_sits(tmp_path: Path) -> None:
    """The second finds it taken, by whom, and sits when the first one leaves, whose name it learns."""
    first, second = Seat(tmp_path / "seat"), Seat(tmp_path / "seat")
    assert (first.holder(), first.take()) == ("", "")
    first.sign("first, with a long name")
    assert (second.take(), second.holder()) == (None, "first, with a long name")
    first.leave()
    assert second.take() == "first, with a long name"
    second.sign("second")
    assert first.holder() == "second"
    second.leave()
    second.leave()


def test_the_dead_do_not_sit(tmp_path: Path) -> None:
    """A process that is killed leaves its seat at that moment, and its name on it."""
    path = tmp_path / "seat"
    with subprocess.Popen([sys.executable, "-c", SITS, path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert [other.stdout.readline(), other.stdout.readline()] == ["''\n", "signed\n"]
        assert Seat(path).take() is None
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    seat = Seat(path)
    assert seat.take() == "the other"
    seat.leave()


def test_no_folder_no_seat(tmp_path: Path) -> None:
    """Where no file can be made the error says what to look at."""
    with pytest.raises(StoreError, match="Does the folder exist"):
        Seat(tmp_path / "nowhere" / "seat").take()
