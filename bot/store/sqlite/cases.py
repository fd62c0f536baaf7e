"""Finding cases, and the copies of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.store.cases import COLUMNS, UPSERT, listed, listing, values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from bot.store.rows import CaseFilter, CaseRow, Listed, Place

_PUT: Final = f"INSERT INTO cases ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) {UPSERT}"


def put(db: sqlite3.Connection, rows: Sequence[tuple[int, CaseRow]], now: int) -> None:
    """Write cases of conversations, those that are new and those that have changed."""
    db.executemany(_PUT, [values(conversation, case, now) for conversation, case in rows])


def cases(db: sqlite3.Connection, wanted: CaseFilter, limit: int, after: Place | None) -> list[Listed]:
    """See `Store.cases`."""
    statement, given = listing(wanted, limit, after)
    return [listed(row) for row in find(db, statement, *given)]


def find(db: sqlite3.Connection, statement: str, *given: object) -> list[Any]:
    """The rows that a statement of `bot.store.cases` finds."""
    return db.execute(statement.replace("$", "?"), given).fetchall()
