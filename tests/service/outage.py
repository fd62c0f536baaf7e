"""A store that is away for a while: somebody else holds the file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from bot.store.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from bot.store.port import Store


class Outage:
    """While the context lasts, nothing can be written to `store`, whose file is at `url`; it finds out at once."""

    def __init__(self, store: Store, url: str) -> None:
        """Nothing is wrong yet."""
        assert isinstance(store, SqliteStore)
        store._db.execute("PRAGMA busy_timeout = 0")
        self._other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)

    def __enter__(self) -> Self:
        """Hold the file."""
        self._other.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self._other.execute("ROLLBACK")
        self._other.close()
