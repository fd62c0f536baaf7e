"""What is kept of a conversation, and of what was said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.rows import Stored

if TYPE_CHECKING:
    import sqlite3


def conversation(db: sqlite3.Connection, address: str) -> Stored | None:
    """See `Store.conversation`."""
    row = db.execute(
        "SELECT id, rev, CAST(document AS BLOB) FROM conversations WHERE address = ?", (address,)
    ).fetchone()
    return Stored(*row) if row is not None else None


def sent(db: sqlite3.Connection, address: str, limit: int) -> list[str]:
    """See `Store.sent`."""
    rows = db.execute(
        "SELECT o.payload FROM conversations c JOIN links l ON l.conversation = c.id AND l.destination = c.address"
        " JOIN outbox o ON o.id = l.outbox WHERE c.address = ? GROUP BY o.id ORDER BY o.id DESC LIMIT ?",
        (address, limit),
    )
    return [payload for (payload,) in rows][::-1]


def held(db: sqlite3.Connection, merchant: str, limit: int) -> list[tuple[str, str]]:
    """See `Store.held`."""
    return db.execute(
        "SELECT address, document FROM conversations WHERE merchant = ? ORDER BY updated DESC, id DESC LIMIT ?",
        (merchant, limit),
    ).fetchall()


def asked(db: sqlite3.Connection, address: str, ref: str) -> str | None:
    """See `Store.asked`."""
    row = db.execute(
        "SELECT payload FROM outbox WHERE id = (SELECT max(id) FROM ("
        " SELECT l.outbox AS id FROM conversations c JOIN links l ON l.conversation = c.id"
        " WHERE c.address = ?1 AND l.ref = ?2"
        " UNION ALL SELECT o.id FROM conversations c JOIN outbox o ON o.conversation = c.id"
        " WHERE c.address = ?1 AND o.ref = ?2 AND o.done IS NULL))",
        (address, ref),
    ).fetchone()
    return row[0] if row else None
