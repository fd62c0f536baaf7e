"""The seat beside an SQLite file: a lock of the system that one process of a kind holds, and that ends with it.

A lease in the store must run out before it is known that its owner died; the system knows at once. Whoever takes the
seat learns who sat there last, and may end that one's leases: it is gone, or it would still sit there.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bot.store.port import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_NAME_BYTES = 256


class Seat:
    """The lock file at `path`, which stays where it is: removing it would let two sit on it."""

    def __init__(self, path: Path) -> None:
        """Lock nothing yet."""
        self._path = path
        self._file = -1

    def take(self) -> str | None:
        """Sit down, and return who sat here last, "" for nobody; None if somebody does. Raises StoreError."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise StoreError(
                f"{self._path}: {error.strerror}. Does the folder exist, and may this user write to it?"
            ) from error
        if not _lock(file):
            os.close(file)
            return None
        self._file = file
        return os.pread(file, _NAME_BYTES, 0).decode(errors="replace")

    def sign(self, owner: str) -> None:
        """Say who sits here, at most 256 bytes; to be done when the leases of the last one have ended."""
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, owner.encode(), 0)

    def holder(self) -> str:
        """Who sits here, or was the last who did; "" for nobody."""
        try:
            return self._path.read_text("utf-8", "replace")
        except OSError:
            return ""

    def leave(self) -> None:
        """Stand up, if sitting."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        """Lock a byte far behind the name, since nobody else could read a locked one."""
        os.lseek(file, 1 << 20, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
