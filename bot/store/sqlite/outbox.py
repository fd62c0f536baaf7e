"""Taking messages up and recording what became of them, within a transaction of the writer thread."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

import msgspec

from bot.store.rows import CARD, LOST, PRIORITIES, SHUT, Backlog, Delivery, Level, Queue, messages
from bot.store.turns import in_turn

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from bot.store.rows import Ration, Settlement

_ENCODER: Final = msgspec.json.Encoder()

_COLUMNS: Final = f"""
SELECT o.id, o.conversation, c.address, o.carrier, o.destination, o.kind, o.payload, o.attempts, o.edits,
       coalesce(o.ref, ''), o.priority,
       CASE WHEN o.epoch < c.epoch THEN 'epoch'
         WHEN o.kind = '{CARD}' AND EXISTS (
           SELECT 1 FROM outbox n WHERE n.conversation = o.conversation AND n.destination = o.destination
             AND n.done IS NULL AND n.kind = '{CARD}' AND n.id > o.id) THEN 'newer'
         ELSE '' END
FROM outbox o JOIN conversations c ON c.id = o.conversation"""
_FIRST: Final = f"""
NOT EXISTS (
  SELECT 1 FROM outbox p
  WHERE p.conversation = o.conversation AND p.destination = o.destination AND p.done IS NULL
    AND p.id < o.id AND (p.kind <> '{CARD}' OR p.state = 'sending' OR o.kind = '{CARD}'))
AND NOT (o.kind = '{CARD}' AND EXISTS (
  SELECT 1 FROM outbox p
  WHERE p.conversation = o.conversation AND p.destination = o.destination AND p.done IS NULL
    AND p.id > o.id AND p.kind <> '{CARD}'))"""
"""The first of its lane that is still to be sent. A card holds nothing up: it waits until it is alone."""
_QUEUED: Final = f"{_COLUMNS} WHERE o.state = 'queued' AND o.carrier = ? AND o.priority = ? AND {_FIRST}"
_RESUMED: Final = f"{_QUEUED} AND o.not_before > 0 AND o.not_before <= ? ORDER BY o.not_before, o.id LIMIT ?"
_FRESH: Final = f"{_QUEUED} AND o.not_before = 0 AND ? >= 0 ORDER BY o.id LIMIT ?"
_INTERRUPTED: Final = f"""{_COLUMNS} WHERE o.state = 'sending' AND o.carrier = ? AND NOT EXISTS (
  SELECT 1 FROM leases l WHERE l.name = o.owner AND l.until > ?) ORDER BY o.id LIMIT ?"""
_UNSENT: Final = """
UPDATE outbox SET state = 'queued', owner = NULL, attempts = attempts - 1
WHERE id = ? AND state = 'sending' AND owner = ?"""
_LEFT: Final = "UPDATE outbox SET owner = NULL WHERE id = ? AND state = 'sending' AND owner = ?"
_TARGET: Final = """
SELECT native FROM links WHERE conversation = ? AND ref = ? AND destination = ? ORDER BY outbox, native"""
_NEXT: Final = (
    f"SELECT min(o.not_before) FROM outbox o WHERE o.state = 'queued' AND o.carrier = ? AND o.priority = ? AND {_FIRST}"
)
_QUEUES: Final = """
SELECT carrier, count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'sending'),
  count(DISTINCT conversation || ' ' || destination)
FROM outbox WHERE state IN ('queued', 'sending') GROUP BY carrier ORDER BY carrier"""

# One statement for all rows: each time SQLite is entered, the interpreter's lock is let go of, and waited for again.
_SETTLE: Final = f"""
UPDATE outbox SET state = a.state, not_before = a.not_before, owner = NULL,
  done = CASE WHEN a.state = 'queued' THEN NULL ELSE ?2 END,
  reason = CASE WHEN a.state = 'queued' AND outbox.reason = '{LOST}' THEN outbox.reason ELSE nullif(a.reason, '') END
FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS state,
    json_extract(value, '$[2]') AS reason, json_extract(value, '$[3]') AS not_before FROM json_each(?1)) a
WHERE outbox.id = a.id AND outbox.state = 'sending' AND outbox.owner = ?3
RETURNING outbox.id"""
_FORGET_TARGET: Final = """
DELETE FROM links WHERE (conversation, destination, ref) =
  (SELECT conversation, destination, edits FROM outbox WHERE id = ?)"""
_LINK: Final = """
INSERT OR IGNORE INTO links (conversation, outbox, native, destination, ref)
SELECT o.conversation, o.id, json_extract(a.value, '$[1]'), o.destination,
  CASE WHEN o.state = 'queued' THEN o.edits
    WHEN instr(o.ref, char(10)) THEN nullif(json_extract(a.value, '$[2]'), '') ELSE o.ref END
FROM json_each(?) a CROSS JOIN outbox o WHERE o.id = json_extract(a.value, '$[0]') ORDER BY a.key"""
_SEND: Final = """
UPDATE outbox SET state = 'sending', owner = ?, attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(?))"""
_BEHIND: Final = f"done IS NULL AND state = 'queued' AND (kind = '{CARD}' OR ? <> '{CARD}')"
"""What waits with one of that kind that was put off: with a card, cards alone."""
_SUPPRESS: Final = f"""
UPDATE outbox SET done = ?1, state = CASE WHEN reason = '{LOST}' THEN 'uncertain' ELSE 'suppressed' END,
  reason = CASE WHEN reason = '{LOST}' THEN reason ELSE ?2 END
WHERE id = ?3"""
_SUPPRESS_CARDS: Final = f"""
UPDATE outbox SET done = ?1, state = CASE WHEN reason = '{LOST}' THEN 'uncertain' ELSE 'suppressed' END,
  reason = CASE WHEN reason = '{LOST}' THEN reason ELSE 'newer' END
WHERE conversation = ?2 AND destination = ?3 AND done IS NULL AND state = 'queued' AND kind = '{CARD}' AND id < (
  SELECT max(n.id) FROM outbox n WHERE n.conversation = ?2 AND n.destination = ?3
    AND n.done IS NULL AND n.kind = '{CARD}')"""
"""All that lie in the lane at once: each would cost another round."""


def exchange(
    db: sqlite3.Connection,
    owner: str,
    carriers: Sequence[str],
    settlements: Sequence[Settlement],
    limit: int,
    now: int,
    ration: Ration,
    unheard: set[int],
) -> list[Delivery]:
    """See `Store.exchange`; what was taken up for nobody goes back before."""
    db.executemany(_UNSENT, [(id_, owner) for id_ in unheard])
    _settle(db, owner, settlements, now)
    taken = _claim(db, owner, carriers, limit, now, ration) if limit > 0 else []
    unheard.update(each.id for each in taken)
    return taken


def _claim(
    db: sqlite3.Connection, owner: str, carriers: Sequence[str], limit: int, now: int, ration: Ration
) -> list[Delivery]:
    found: list[Any] = []
    for carrier in carriers:
        for priority in PRIORITIES:
            for query in (_RESUMED, _FRESH):
                found += db.execute(query, (carrier, priority, now, limit)).fetchall()
    db.executemany(_SUPPRESS, [(now, row[-1], row[0]) for row in found if row[-1] == "epoch"])
    db.executemany(_SUPPRESS_CARDS, [(now, row[1], row[4]) for row in found if row[-1] == "newer"])
    rows = {row[0]: row for row in in_turn([row for row in found if not row[-1]])[:limit]}
    names = {name for row in rows.values() for name in ration.buckets(row[4])}
    admitted, later, levels = ration.admit(
        [(id_, row[4], messages(row[9])) for id_, row in rows.items()], _levels(db, names), now
    )
    _set_levels(db, levels)
    db.executemany(
        f"UPDATE outbox SET not_before = ? WHERE conversation = ? AND destination = ? AND {_BEHIND}",
        [(until, rows[id_][1], rows[id_][4], rows[id_][5]) for id_, until in later.items()],
    )
    if admitted:
        db.execute(_SEND, (owner, _json(admitted)))
    return [_delivery(db, rows[id_], more=1) for id_ in admitted]


def _settle(db: sqlite3.Connection, owner: str, settlements: Sequence[Settlement], now: int) -> None:
    if not settlements:
        return
    asked = _json([(each.id, each.state, each.reason, each.not_before) for each in settlements])
    done = {id_ for (id_,) in db.execute(_SETTLE, (asked, now, owner))}
    ours = [each for each in settlements if each.id in done]
    later = [each for each in ours if each.state == "queued"]
    db.executemany(
        "UPDATE outbox AS o SET not_before = ? FROM outbox p WHERE p.id = ? AND o.done IS NULL AND o.state = 'queued'"
        " AND o.conversation = p.conversation AND o.destination = p.destination"
        f" AND (o.kind = '{CARD}' OR p.kind <> '{CARD}')",
        [(each.not_before, each.id) for each in later],
    )
    _set_levels(db, {each.bucket: Level(SHUT, each.not_before) for each in later if each.bucket})
    db.executemany(_FORGET_TARGET, [(each.id,) for each in later if each.natives])
    if links := [link for each in ours for link in each.links()]:
        db.execute(_LINK, (_json(links),))


def _json(rows: Sequence[object]) -> str:
    return _ENCODER.encode(rows).decode()


def spend(db: sqlite3.Connection, destination: str, ration: Ration, now: int) -> bool:
    """See `Store.spend`."""
    admitted, _, levels = ration.admit([(0, destination, 1)], _levels(db, ration.buckets(destination)), now)
    if admitted:
        _set_levels(db, levels)
    return bool(admitted)


def adopt(
    db: sqlite3.Connection, owner: str, carriers: Sequence[str], limit: int, now: int, unheard: set[int]
) -> list[Delivery]:
    """See `Store.adopt`; what was taken over for nobody is among them again."""
    db.executemany(_LEFT, [(id_, owner) for id_ in unheard])
    found = [row for carrier in carriers for row in db.execute(_INTERRUPTED, (carrier, now, limit)).fetchall()]
    db.executemany("UPDATE outbox SET owner = ? WHERE id = ?", [(owner, row[0]) for row in found])
    unheard.update(row[0] for row in found)
    return [_delivery(db, row) for row in found]


def next_delivery(db: sqlite3.Connection, carriers: Sequence[str]) -> int | None:
    """See `Store.next_delivery`."""
    times = [db.execute(_NEXT, each).fetchone()[0] for each in product(carriers, PRIORITIES)]
    return min((each for each in times if each is not None), default=None)


def backlog(db: sqlite3.Connection) -> Backlog:
    """See `Store.backlog`."""
    (parked,) = db.execute("SELECT count(*) FROM parked").fetchone()
    return Backlog(parked, [Queue(*row) for row in db.execute(_QUEUES)])


def _delivery(db: sqlite3.Connection, row: Any, *, more: int = 0) -> Delivery:
    id_, conversation, address, carrier, destination, kind, payload, attempts, edits, ref, *_ = row
    target = db.execute(_TARGET, (conversation, edits, destination)).fetchall() if edits else ()
    natives = tuple(native for (native,) in target)
    return Delivery(
        id_, conversation, address, carrier, destination, kind, payload, attempts + more, natives, ref or ""
    )


def _levels(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, Level | None]:
    query = "SELECT tokens, at FROM buckets WHERE name = ?"
    rows = {name: db.execute(query, (name,)).fetchone() for name in names}
    return {name: Level(*row) if row is not None else None for name, row in rows.items()}


def _set_levels(db: sqlite3.Connection, levels: dict[str, Level]) -> None:
    db.executemany(
        "INSERT INTO buckets (name, tokens, at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at",
        [(name, level.tokens, level.at) for name, level in levels.items()],
    )
