"""What merchants handed over by one-time forms, on a file: what is removed of it is overwritten."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bot.store.rows import Drop

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def take(db: sqlite3.Connection, id_: str, person: str) -> str | None:
    """What that drop holds, once: from now on that person has it; None if it holds nothing."""
    row = db.execute("SELECT sealed FROM drops WHERE id = ? AND sealed <> ''", (id_,)).fetchone()
    if row is None:
        return None
    with _overwriting(db):
        db.execute("UPDATE drops SET sealed = '', person = ? WHERE id = ?", (person, id_))
    return str(row[0])


def listed(db: sqlite3.Connection) -> list[Drop]:
    """Every drop there is."""
    return [Drop(*row) for row in db.execute("SELECT id, address, until, person FROM drops ORDER BY id")]


def wipe(db: sqlite3.Connection, id_: str) -> None:
    """Remove a drop."""
    with _overwriting(db):
        db.execute("DELETE FROM drops WHERE id = ?", (id_,))


@contextlib.contextmanager
def _overwriting(db: sqlite3.Connection) -> Iterator[None]:
    """Have what is removed overwritten, and not only let go of."""
    db.execute("PRAGMA secure_delete = ON")
    yield
    db.execute("PRAGMA secure_delete = OFF")
