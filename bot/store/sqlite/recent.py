"""Conversations as this process left them in the file: while nobody else writes to it, they need not be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from bot.store.rows import Stored

MOST: Final = 512
"""Conversations that are remembered: those whose merchants are just talking."""
KEYS: Final = 4
"""Events of each that are known to have been seen: what a platform brings again is mostly one of the last."""


class Left(NamedTuple):
    """A conversation as it stands, and the keys of its last events."""

    stored: Stored
    keys: tuple[str, ...]


class Recent:
    """What is remembered by the one thread that writes on `db`; it only saves reading. Another one may only look."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Remember nothing."""
        self._db = db
        self.last_version = 0
        """What `version` was when it was last asked for."""
        self._left: dict[str, Left] = {}

    def version(self) -> int:
        """Within a transaction: a number that is another one as soon as anybody else has written to the file.

        Then nothing is remembered any more.
        """
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version != self.last_version:
            self.last_version = version
            self._left.clear()
        return self.last_version

    def find(self, address: str) -> Left | None:
        """The conversation there, as long as `version` is what it was before this; None if it is to be read."""
        return self._left.get(address)

    def leave(self, address: str, stored: Stored, key: str) -> None:
        """Remember a conversation as an event left it, which is committed, in place of the one that was left first."""
        left = self._left.pop(address, None)
        self._left[address] = Left(stored, (*left.keys[1 - KEYS :], key) if left is not None else (key,))
        if len(self._left) > MOST:
            del self._left[next(iter(self._left))]

    def drop(self, addresses: Iterable[str]) -> None:
        """Forget these: they are not as they are remembered, or nobody knows."""
        for address in addresses:
            self._left.pop(address, None)
