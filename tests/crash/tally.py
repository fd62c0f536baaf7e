"""What a process of the service has with its workers, where whoever kills it can see it afterwards."""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.service.intake import Apart
    from bot.store.rows import Change, Task

_FORM: Final = struct.Struct("<qq")


class Tally:
    """Two counts in a file that processes share: the batches that were handed to workers, and those under way."""

    def __init__(self, path: Path) -> None:
        """Read those at `path`, from nought where there are none."""
        with path.open("a+b") as file:
            file.truncate(_FORM.size)
            self._shared = mmap.mmap(file.fileno(), _FORM.size)

    @property
    def handed(self) -> int:
        """Batches that were handed to workers."""
        return int(_FORM.unpack_from(self._shared)[0])

    @property
    def under_way(self) -> int:
        """Batches that are with workers now, or were when the process died."""
        return int(_FORM.unpack_from(self._shared)[1])

    def count(self, handed: int, under_way: int) -> None:
        """Add to both."""
        before = _FORM.unpack_from(self._shared)
        _FORM.pack_into(self._shared, 0, before[0] + handed, before[1] + under_way)


class Counted:
    """The workers of a process, with a tally of what they are asked."""

    def __init__(self, workers: Apart, tally: Tally) -> None:
        """Count what `workers` are asked."""
        self._workers = workers
        self._tally = tally

    def at_hand(self) -> bool:
        """See `Apart.at_hand`."""
        return self._workers.at_hand()

    async def __call__(self, tasks: Sequence[Task]) -> Sequence[Change | None]:
        """See `Apart.__call__`."""
        if not self._workers.at_hand():
            return await self._workers(tasks)
        self._tally.count(1, 1)
        try:
            return await self._workers(tasks)
        finally:
            self._tally.count(0, -1)
