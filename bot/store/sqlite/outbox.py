"""Taking messages up and recording what became of them, within a transaction of the writer thread."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import msgspec

from bot.store.rows import CARD, LOST, PRIORITIES, SHUT, Backlog, Delivery, Level, Queue, messages
from bot.store.turns import in_turn

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from bot.store.rows import Ration, Settlement


class _Found(NamedTuple):
    """What matters of a message until it is taken up; see `in_turn` for the places of `carrier` and `priority`."""

    id: int
    conversation: int
    destination: str
    carrier: str
    kind: str
    ref: str | None
    priority: int
    needless: str


# One statement for all rows: each time SQLite is entered, the interpreter's lock is let go of, and waited for again.
# What is read comes as rows all the same: to make JSON of them, and read it, takes longer than that.
_ENCODER: Final = msgspec.json.Encoder()
_NATIVES: Final = msgspec.json.Decoder(list[str])
_IDS: Final = msgspec.json.Decoder(list[int])

_NEEDLESS: Final = f"""
CASE WHEN o.epoch < (SELECT c.epoch FROM conversations c WHERE c.id = o.conversation) THEN 'epoch'
  WHEN o.kind = '{CARD}' AND EXISTS (
    SELECT 1 FROM outbox n WHERE n.conversation = o.conversation AND n.destination = o.destination
      AND n.done IS NULL AND n.kind = '{CARD}' AND n.id > o.id) THEN 'newer'
  ELSE '' END"""
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
_QUEUED: Final = f"""
SELECT o.id, o.conversation, o.destination, o.carrier, o.kind, o.ref, o.priority, {_NEEDLESS} AS needless
FROM outbox o WHERE o.state = 'queued' AND o.carrier = ?1 AND o.priority = ?2 AND {_FIRST}"""
_FIND: Final = f"""
SELECT * FROM ({_QUEUED} AND o.not_before > 0 AND o.not_before <= ?3 ORDER BY o.not_before, o.id LIMIT ?4)
UNION ALL SELECT * FROM ({_QUEUED} AND o.not_before = 0 ORDER BY o.id LIMIT ?4) LIMIT ?4"""
"""The queue of a carrier: what was put off till now, then what is new."""
_INTERRUPTED: Final = """
SELECT json_group_array(f.id) FROM (
  SELECT o.id FROM json_each(?1) k CROSS JOIN outbox o
  WHERE o.state = 'sending' AND o.carrier = k.value AND NOT EXISTS (
    SELECT 1 FROM leases l WHERE l.name = o.owner AND l.until > ?2)
  ORDER BY o.id LIMIT ?3) f"""
_DELIVERIES: Final = """
SELECT o.id, o.conversation, c.address, o.carrier, o.destination, o.kind, o.payload, o.attempts, coalesce(o.ref, ''),
  CASE WHEN o.edits IS NOT NULL THEN (
    SELECT json_group_array(t.native) FROM (
      SELECT l.native FROM links l WHERE l.conversation = o.conversation AND l.ref = o.edits
        AND l.destination = o.destination ORDER BY l.outbox, l.native) t) END
FROM json_each(?) a CROSS JOIN outbox o JOIN conversations c ON c.id = o.conversation WHERE o.id = a.value"""
_UNSENT: Final = """
UPDATE outbox SET state = 'queued', owner = NULL, attempts = attempts - 1
WHERE id = ? AND state = 'sending' AND owner = ?"""
_LEFT: Final = "UPDATE outbox SET owner = NULL WHERE id = ? AND state = 'sending' AND owner = ?"
_NEXT: Final = f"""
SELECT min((SELECT min(o.not_before) FROM outbox o
  WHERE o.state = 'queued' AND o.carrier = k.value AND o.priority = r.value AND {_FIRST}))
FROM json_each('{list(PRIORITIES)}') r CROSS JOIN json_each(?) k"""
_QUEUES: Final = """
SELECT carrier, count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'sending'),
  count(DISTINCT conversation || ' ' || destination)
FROM outbox WHERE state IN ('queued', 'sending') GROUP BY carrier ORDER BY carrier"""

_OURS: Final = "state = 'sending' AND owner = ?"
_OF_OURS: Final = f"SELECT id FROM outbox WHERE id IN (SELECT value FROM json_each(?)) AND {_OURS}"
_SETTLE: Final = f"""
UPDATE outbox SET state = ?, not_before = ?, owner = NULL, done = ?,
  reason = CASE WHEN ? AND reason = '{LOST}' THEN reason ELSE nullif(?, '') END
WHERE id IN (SELECT value FROM json_each(?)) AND {_OURS}"""
_PUT_OFF: Final = f"""
UPDATE outbox AS o SET not_before = ? FROM outbox p WHERE p.id = ? AND o.done IS NULL AND o.state = 'queued'
  AND o.conversation = p.conversation AND o.destination = p.destination AND (o.kind = '{CARD}' OR p.kind <> '{CARD}')"""
_FORGET_TARGET: Final = """
DELETE FROM links WHERE (conversation, destination, ref) =
  (SELECT conversation, destination, edits FROM outbox WHERE id = ?)"""
_LINK: Final = f"""
INSERT OR IGNORE INTO links (conversation, outbox, native, destination, ref)
SELECT o.conversation, o.id, json_extract(a.value, '$[1]'), o.destination,
  CASE WHEN json_extract(a.value, '$[3]') THEN o.edits
    WHEN instr(o.ref, char(10)) THEN nullif(json_extract(a.value, '$[2]'), '') ELSE o.ref END
FROM json_each(?) a CROSS JOIN outbox o WHERE o.id = json_extract(a.value, '$[0]') AND {_OURS}"""
_SEND: Final = """
UPDATE outbox SET state = 'sending', owner = ?, attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(?))"""
_LEVELS: Final = "SELECT name, tokens, at FROM buckets WHERE name IN (SELECT value FROM json_each(?))"
_SET_LEVEL: Final = """
INSERT INTO buckets (name, tokens, at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET tokens = excluded.tokens, at = excluded.at"""
_BEHIND: Final = f"done IS NULL AND state = 'queued' AND (kind = '{CARD}' OR ? <> '{CARD}')"
"""What waits with one of that kind that was put off: with a card, cards alone."""
_SUPPRESS: Final = f"""
UPDATE outbox SET done = ?1, state = CASE WHEN reason = '{LOST}' THEN 'uncertain' ELSE 'suppressed' END,
  reason = CASE WHEN reason = '{LOST}' THEN reason ELSE 'epoch' END
WHERE id = ?2"""
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
    taken = _claim(db, owner, carriers, limit, now, ration) if limit > 0 and carriers else []
    unheard.update(each.id for each in taken)
    return taken


def _claim(
    db: sqlite3.Connection, owner: str, carriers: Sequence[str], limit: int, now: int, ration: Ration
) -> list[Delivery]:
    found = _found(db, carriers, limit, now)
    db.executemany(_SUPPRESS, [(now, row.id) for row in found if row.needless == "epoch"])
    db.executemany(
        _SUPPRESS_CARDS, [(now, row.conversation, row.destination) for row in found if row.needless == "newer"]
    )
    first = [row for row in found if not row.needless]
    rows = {row.id: row for row in first}
    names = {name for row in first for name in ration.buckets(row.destination)}
    admitted, later, levels = ration.admit(
        [(row.id, row.destination, messages(row.ref)) for row in first], _levels(db, names), now
    )
    _set_levels(db, levels)
    db.executemany(
        f"UPDATE outbox SET not_before = ? WHERE conversation = ? AND destination = ? AND {_BEHIND}",
        [(until, row.conversation, row.destination, row.kind) for id_, until in later.items() for row in (rows[id_],)],
    )
    if not admitted:
        return []
    db.execute(_SEND, (owner, _json(admitted)))
    return _deliveries(db, admitted)


def _found(db: sqlite3.Connection, carriers: Sequence[str], limit: int, now: int) -> list[_Found]:
    """Firsts of lanes as they come next, `limit` of them at most, and besides what is needless.

    No more are looked at than each carrier's share, or as many as there can be where others have less than theirs.
    """
    found, left = list[_Found](), limit
    for priority in PRIORITIES:
        for most in sorted({-(-left // len(carriers)), left}):
            queues = [db.execute(_FIND, (carrier, priority, now, most)).fetchall() for carrier in carriers]
            rows = [_Found._make(row) for queue in queues for row in queue]
            first = in_turn([row for row in rows if not row.needless])[:left]
            if len(first) == left or all(len(queue) < most for queue in queues):
                break
        found += [row for row in rows if row.needless] + first
        left -= len(first)
        if not left:
            break
    return found


def _settle(db: sqlite3.Connection, owner: str, settlements: Sequence[Settlement], now: int) -> None:
    later = [each for each in settlements if each.state == "queued"]
    if later:
        ours = {id_ for (id_,) in db.execute(_OF_OURS, (_json([each.id for each in later]), owner))}
        later = [each for each in later if each.id in ours]
        db.executemany(_PUT_OFF, [(each.not_before, each.id) for each in later])
        db.executemany(_FORGET_TARGET, [(each.id,) for each in later if each.natives])
        _set_levels(db, {each.bucket: Level(SHUT, each.not_before) for each in later if each.bucket})
    if links := [(*link, each.state == "queued") for each in settlements for link in each.links()]:
        db.execute(_LINK, (_json(links), owner))
    ends = defaultdict[tuple[str, str, int], list[int]](list)
    for each in settlements:
        ends[each.state, each.reason, each.not_before].append(each.id)
    for (state, reason, not_before), ids in ends.items():
        again = state == "queued"
        db.execute(_SETTLE, (state, not_before, None if again else now, again, reason, _json(ids), owner))


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
    (found,) = db.execute(_INTERRUPTED, (_json(carriers), now, limit)).fetchone()
    ids = _IDS.decode(found)
    db.executemany("UPDATE outbox SET owner = ? WHERE id = ?", [(owner, id_) for id_ in ids])
    unheard.update(ids)
    return _deliveries(db, ids)


def next_delivery(db: sqlite3.Connection, carriers: Sequence[str]) -> int | None:
    """See `Store.next_delivery`."""
    (due,) = db.execute(_NEXT, (_json(carriers),)).fetchone()
    return cast("int | None", due)


def backlog(db: sqlite3.Connection) -> Backlog:
    """See `Store.backlog`."""
    (parked,) = db.execute("SELECT count(*) FROM parked").fetchone()
    return Backlog(parked, [Queue(*row) for row in db.execute(_QUEUES)])


def _deliveries(db: sqlite3.Connection, ids: Sequence[int]) -> list[Delivery]:
    rows = db.execute(_DELIVERIES, (_json(ids),)).fetchall()
    return [Delivery._make((*row, tuple(_NATIVES.decode(target or "[]")), ref)) for *row, ref, target in rows]


def _levels(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, Level | None]:
    wanted = list(names)
    rows = db.execute(_LEVELS, (_json(wanted),)) if wanted else ()
    return {**dict.fromkeys(wanted), **{name: Level(tokens, at) for name, tokens, at in rows}}


def _set_levels(db: sqlite3.Connection, levels: dict[str, Level]) -> None:
    db.executemany(_SET_LEVEL, [(name, level.tokens, level.at) for name, level in levels.items()])
