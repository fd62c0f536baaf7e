"""The named moments: whoever listens learns of each, and dies there if it likes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.store.faults import REACHED, Point

ROOT = Path(__file__).parent.parent.parent

DIES = f"""
import os, signal, sys
from bot.store.faults import Point, reached
def die(event, args):
    if event == {REACHED!r} and args == ("sent",):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
reached(Point.CLAIMED)
print("claimed", flush=True)
reached(Point.SENT)
print("sent", flush=True)
"""


def test_a_process_dies_where_it_is_told_to() -> None:
    """A hook added from outside sees the points by name, in the thread that reaches them, and can end the process."""
    done = subprocess.run([sys.executable, "-c", DIES], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (-9, "claimed\n")


def test_every_point_is_reached_somewhere() -> None:
    """No point is named that nothing passes."""
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    assert [point.name for point in Point if f"reached(Point.{point.name})" not in sources] == []
