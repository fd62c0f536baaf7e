"""The file: opened so that what is committed survives a power cut; its failures as errors an operator understands."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bot.store.faults import Point, reached
from bot.store.port import StoreError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION_ID: Final = 0x54524947
"""`TRIG`: what the header of our files says, so that no other program's file is taken for ours."""

URL: Final = "sqlite:///"
"""How the URL of a file begins; what follows is its path."""

BUSY_MS: Final = 5_000
_AGAIN_S: Final = 0.02
_CACHE_KIB: Final = 32 * 1024
"""Of pages: most of what a process takes for thousands of idle conversations. The system keeps the others at hand."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection for one thread, any one; raises StoreError."""
    with errors(path):
        db = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        _keep_a_log(db)
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        # checkpoints are made by a thread of their own; rows are bound together by how they are written, and foreign
        # keys are enforced where rows are removed
        db.execute("PRAGMA wal_autocheckpoint = 0")
    # SQLite opens a file that may only be read, and says so when it is written to
    if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        db.close()
        raise StoreError(f"{path}: {_ADVICE[sqlite3.SQLITE_READONLY]}")
    return db


def _keep_a_log(db: sqlite3.Connection) -> None:
    """Have the file in WAL mode. SQLite waits for no other process that does the same just now, so this does."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """A writing transaction, committed at the end; whatever is raised within undoes it. Raises StoreError."""
    with errors(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            reached(Point.WRITTEN)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


@contextmanager
def reading(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction that sees the file as it was last committed, and waits for nobody. Raises StoreError."""
    with errors(path):
        db.execute("BEGIN")
        try:
            yield db
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


@contextmanager
def errors(path: Path) -> Iterator[None]:
    """SQLite's failures as StoreError, with what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error, path) from error


def explained(error: BaseException, path: Path) -> StoreError:
    """A failure of SQLite in an operator's words."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind = Unavailable if code in _PASSING else StoreError
    return kind(f"{path}: {_ADVICE.get(code) or error}")


_PASSING: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_ADVICE: Final = {
    sqlite3.SQLITE_BUSY: "another process holds the file for longer than 5 s. Stop it, or wait for it.",
    sqlite3.SQLITE_LOCKED: "another process holds the file for longer than 5 s. Stop it, or wait for it.",
    sqlite3.SQLITE_FULL: "the disk is full. Nothing of this was kept; free some space and it goes on by itself.",
    sqlite3.SQLITE_IOERR: "the disk reports an error. Nothing of this was kept; look at the system's log.",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only. Let this user write to both.",
    sqlite3.SQLITE_PERM: "the file or its folder may not be written to. Let this user write to both.",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened or made. Does its folder exist, and may this user write to it?",
    sqlite3.SQLITE_NOTADB: "this is not a database. Name another file, or move this one away.",
    sqlite3.SQLITE_CORRUPT: "the database is damaged. Restore it from a backup.",
}
