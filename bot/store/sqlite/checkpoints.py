"""Writing the log of the file back into it beside the writer, so that no event waits for it and the log stays short."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import structlog

from bot.store.port import StoreError
from bot.store.sqlite import file

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

EVERY: Final = 256
"""Transactions after which the log is written back: while much comes in, most pages are written again meanwhile."""
FEW: Final = 64
"""Rows of a transaction that leaves the disk time: the log is written back after a quarter as many of these.

A commit waits for the disk while that writes back, so four times for a moment is better than once for long.
"""
LONGEST: Final = 8_192
"""Pages after which the writer itself writes the rest back, so that the log can begin anew: 32 MiB."""

_WRITE_BACK: Final = "PRAGMA wal_checkpoint(PASSIVE)"
_LOG: Final = structlog.get_logger(__name__)


class Checkpoints:
    """Has a thread and a connection of its own; `written` is called by the thread that writes."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises StoreError."""
        self._path = path
        self._db = file.connect(path)
        self._thread = ThreadPoolExecutor(1, "sqlite-checkpoints")
        self._written = 0
        self._is_long = False

    def written(self, db: sqlite3.Connection, rows: int) -> None:
        """A transaction was committed on `db`, which changed so many rows.

        While transactions follow one another the thread never reaches the end of the log. So it leaves the last few
        pages of a long one to the writer: nothing is written meanwhile, and the next transaction begins the log anew.
        """
        self._written += 4 if rows <= FEW else 1
        if self._is_long:
            self._is_long = False
            self._write_back(db)
        if self._written >= EVERY:
            self._written = 0
            self._thread.submit(self._look_after)

    def close(self) -> None:
        """Finish what is under way."""
        self._thread.shutdown()
        self._db.close()

    def _look_after(self) -> None:
        self._is_long = self._write_back(self._db) > LONGEST

    def _write_back(self, db: sqlite3.Connection) -> int:
        """Write back what nobody reads any more; how many pages the log has. A reader or a full disk only delays it."""
        try:
            with file.errors(self._path):
                _, pages, _ = db.execute(_WRITE_BACK).fetchone()
        except StoreError as failure:
            _LOG.warning("checkpoint_failed", error=str(failure))
            return 0
        return int(pages)
