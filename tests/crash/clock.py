"""The clock of a run, which all its processes read: faster than the wall's, and moved by whoever runs it."""

from __future__ import annotations

import mmap
import struct
import time
from typing import TYPE_CHECKING, Final

from tests.bench.merchants import NOW

if TYPE_CHECKING:
    from pathlib import Path

_EPOCH: Final = int(NOW.timestamp() * 1000)
_FORM: Final = struct.Struct("<dqd")


class Clock:
    """Milliseconds since 1970, from a file that processes share: when the run began, how far it was moved, how fast."""

    def __init__(self, path: Path) -> None:
        """Read the clock at `path`."""
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _FORM.size)

    @classmethod
    def make(cls, path: Path, speed: float) -> Clock:
        """A clock that begins now, at the hour at which all merchants write."""
        path.write_bytes(_FORM.pack(time.monotonic(), 0, speed))
        return cls(path)

    def __call__(self) -> int:
        """Now."""
        began, moved, speed = _FORM.unpack_from(self._shared)
        return _EPOCH + int(moved) + int((time.monotonic() - began) * speed * 1000)

    def move(self, milliseconds: int) -> None:
        """Move it forward, or back."""
        began, moved, speed = _FORM.unpack_from(self._shared)
        _FORM.pack_into(self._shared, 0, began, moved + milliseconds, speed)
