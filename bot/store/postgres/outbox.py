"""Taking messages up and recording what became of them.

A row is claimed if, at the beginning of the statement, nothing before it in its lane was still to be sent, and if it is
still queued once it is locked. That is enough for the order: rows of a lane are numbered under the lock of their
conversation, so nothing can turn up before a row later, and what is settled for good never comes back. A row that
another process holds at this moment is skipped, and those behind it are not the first of their lane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.store.postgres.server import columns
from bot.store.rows import CARD, LOST, PRIORITIES, SHUT, Delivery, Level, messages
from bot.store.steps import Again
from bot.store.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.store.postgres.server import Connection
    from bot.store.rows import Ration, Settlement

_PRIORITIES: Final = f"'{{{', '.join(map(str, PRIORITIES))}}}'::smallint[]"

_COLUMNS: Final = f"""
o.id, o.conversation, c.address, o.carrier, o.destination, o.kind, o.payload, o.attempts,
CASE WHEN o.edits IS NULL THEN '{{}}' ELSE ARRAY(
  SELECT l.native FROM links l WHERE l.conversation = o.conversation AND l.ref = o.edits
    AND l.destination = o.destination ORDER BY l.outbox, l.native) END AS target,
coalesce(o.ref, '') AS ref, o.priority,
CASE WHEN o.epoch < c.epoch THEN 'epoch'
  WHEN o.kind = '{CARD}' AND EXISTS (
    SELECT 1 FROM outbox n WHERE n.conversation = o.conversation AND n.destination = o.destination
      AND n.done IS NULL AND n.kind = '{CARD}' AND n.id > o.id) THEN 'newer'
  ELSE '' END AS needless"""
_LANE: Final = """
{1}.conversation = {0}.conversation AND {1}.destination = {0}.destination AND {1}.done IS NULL"""
"""What is still to be sent in the lane of a row.

Read within a subquery that has an `OFFSET`, it is looked up for each row. Without one it may be joined, by a plan that
was made while nothing waited: that reads all that waits for each row, and is kept when much does.
"""
_BEHIND: Final = f"{_LANE} AND ({{1}}.kind = '{CARD}' OR {{0}}.kind <> '{CARD}')"
"""What is put off with a row; a card puts off no others."""
_FIRST: Final = f"""
NOT EXISTS (
  SELECT 1 FROM outbox p WHERE {_LANE.format("o", "p")}
    AND p.id < o.id AND (p.kind <> '{CARD}' OR p.state = 'sending' OR o.kind = '{CARD}') OFFSET 0)
AND NOT (o.kind = '{CARD}' AND EXISTS (
  SELECT 1 FROM outbox p WHERE {_LANE.format("o", "p")} AND p.id > o.id AND p.kind <> '{CARD}' OFFSET 0))"""
"""The first of its lane that is still to be sent. A card holds nothing up: it waits until it is alone."""
_QUEUED: Final = "o.done IS NULL AND o.owner IS NULL"
"""What is in state `queued`, in words that do not offer the index of all that is."""

NEXT: Final = f"""
SELECT f.not_before FROM unnest($1::text[]) k(carrier) CROSS JOIN unnest({_PRIORITIES}) r(priority)
CROSS JOIN LATERAL (
  SELECT o.not_before FROM outbox o
  WHERE o.state = 'queued' AND o.carrier = k.carrier AND o.priority = r.priority AND {_FIRST}
  ORDER BY o.not_before LIMIT 1) f"""

QUEUES: Final = """
SELECT carrier, count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'sending'),
  count(DISTINCT (conversation, destination))
FROM outbox WHERE state IN ('queued', 'sending') GROUP BY carrier ORDER BY carrier"""

_CLAIM: Final = " UNION ALL ".join(
    f"""
SELECT found.* FROM unnest($1::text[]) k(carrier) CROSS JOIN unnest({_PRIORITIES}) r(priority)
CROSS JOIN LATERAL (
  SELECT {_COLUMNS} FROM outbox o JOIN conversations c ON c.id = o.conversation
  WHERE o.state = 'queued' AND o.carrier = k.carrier AND o.priority = r.priority AND {condition} AND {_FIRST}
  ORDER BY o.not_before, o.id LIMIT $2 FOR UPDATE OF o SKIP LOCKED) found"""
    for condition in ("o.not_before > 0 AND o.not_before <= $3", "o.not_before = 0")
)

_SETTLE: Final = f"""
WITH settled AS (
  UPDATE outbox o SET state = a.state,
    reason = CASE WHEN a.state = 'queued' AND o.reason = '{LOST}' THEN o.reason ELSE nullif(a.reason, '') END,
    not_before = a.not_before, owner = NULL,
    done = CASE WHEN a.state = 'queued' THEN NULL ELSE $2::bigint END
  FROM unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[]) a(id, state, reason, not_before)
  WHERE o.id = a.id AND o.state = 'sending' AND o.owner = $1
  RETURNING o.id, o.conversation, o.destination, o.kind, o.ref, o.edits, o.state, o.not_before
), put_off AS (
  UPDATE outbox o SET not_before = (
    SELECT max(s.not_before) FROM settled s WHERE s.state = 'queued' AND {_BEHIND.format("s", "o")})
  WHERE {_QUEUED} AND o.id = ANY(ARRAY(
    SELECT l.id FROM settled s
    CROSS JOIN LATERAL (SELECT q.id FROM outbox q WHERE {_BEHIND.format("s", "q")} OFFSET 0) l
    WHERE s.state = 'queued'))
), forgotten AS (
  DELETE FROM links l USING settled s
  WHERE s.state = 'queued' AND s.id = ANY($7::bigint[])
    AND l.conversation = s.conversation AND l.destination = s.destination AND l.ref = s.edits
), linked AS (
  INSERT INTO links (conversation, outbox, native, destination, ref)
  SELECT s.conversation, s.id, a.native, s.destination, CASE WHEN s.state = 'queued' THEN s.edits
    WHEN strpos(s.ref, chr(10)) > 0 THEN nullif(a.ref, '') ELSE s.ref END
  FROM settled s JOIN unnest($7::bigint[], $8::text[], $9::text[]) a(id, native, ref) ON a.id = s.id
  ON CONFLICT DO NOTHING
)
SELECT id FROM settled WHERE state = 'queued'"""

_UNSENT: Final = """
UPDATE outbox SET state = 'queued', owner = NULL, attempts = attempts - 1
WHERE id = ANY($2::bigint[]) AND state = 'sending' AND owner = $1"""

_LEVELS: Final = "SELECT name, tokens, at FROM buckets WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE"
_NEW_LEVELS: Final = """
INSERT INTO buckets (name, tokens, at) SELECT * FROM unnest($1::text[], $2::float8[], $3::bigint[]) ORDER BY 1
ON CONFLICT DO NOTHING"""
_SET_LEVELS: Final = """
UPDATE buckets b SET tokens = a.tokens, at = a.at
FROM unnest($1::text[], $2::float8[], $3::bigint[]) a(name, tokens, at) WHERE b.name = a.name"""

_TAKE: Final = f"""
WITH lacking AS (
  SELECT * FROM unnest($4::bigint[], $5::text[], $6::bigint[], $10::text[]) a(conversation, destination, until, kind)
), suppressed AS (
  UPDATE outbox SET done = $2::bigint, state = CASE WHEN reason = '{LOST}' THEN 'uncertain' ELSE 'suppressed' END,
    reason = CASE WHEN reason = '{LOST}' THEN reason ELSE 'epoch' END
  WHERE id = ANY($3::bigint[])
), cards AS (
  UPDATE outbox o SET done = $2::bigint, state = CASE WHEN reason = '{LOST}' THEN 'uncertain' ELSE 'suppressed' END,
    reason = CASE WHEN reason = '{LOST}' THEN reason ELSE 'newer' END
  WHERE {_QUEUED} AND o.id = ANY(ARRAY(
    SELECT l.id FROM unnest($8::bigint[], $9::text[]) a(conversation, destination) CROSS JOIN LATERAL (
      SELECT q.id FROM outbox q WHERE {_LANE.format("a", "q")} AND q.kind = '{CARD}' ORDER BY q.id DESC OFFSET 1) l))
), put_off AS (
  UPDATE outbox o SET not_before = (SELECT max(a.until) FROM lacking a WHERE {_BEHIND.format("a", "o")})
  WHERE {_QUEUED} AND o.id = ANY(ARRAY(
    SELECT l.id FROM lacking a
    CROSS JOIN LATERAL (SELECT q.id FROM outbox q WHERE {_BEHIND.format("a", "q")} OFFSET 0) l))
)
UPDATE outbox SET state = 'sending', owner = $1, attempts = attempts + 1 WHERE id = ANY($7::bigint[])"""

_INTERRUPTED: Final = """
WITH found AS MATERIALIZED (
  SELECT o.id, o.owner FROM outbox o
  WHERE o.state = 'sending' AND o.carrier = ANY($1::text[]) AND (o.id = ANY($5::bigint[]) AND o.owner = $2
    OR NOT EXISTS (SELECT 1 FROM leases l WHERE l.name = o.owner AND l.until > $4))
  ORDER BY o.id LIMIT $3)
"""
_ADOPT: Final = "UPDATE outbox SET owner = $1 WHERE id = ANY($2::bigint[])"


async def exchange(
    connection: Connection,
    owner: str,
    carriers: Sequence[str],
    settlements: Sequence[Settlement],
    limit: int,
    now: int,
    ration: Ration,
    unsent: Collection[int],
) -> list[Delivery]:
    """See `Store.exchange`; `unsent` were taken up for nobody and go back before."""
    if unsent:
        await connection.execute(_UNSENT, owner, list(unsent))
    shut = await _settle(connection, owner, settlements, now)
    found: list[Any] = await connection.fetch(_CLAIM, carriers, limit, now) if limit > 0 else []
    by_id = {row["id"]: row for row in in_turn([row for row in found if not row["needless"]])[:limit]}
    names = {name for row in by_id.values() for name in ration.buckets(row["destination"])}
    levels = await _levels(connection, names | shut.keys())
    admitted, later, after = ration.admit(
        [(id_, row["destination"], messages(row["ref"])) for id_, row in by_id.items()],
        {name: levels[name] for name in names} | shut,
        now,
    )
    await _set_levels(connection, levels, shut | after)
    taken = [by_id[id_] for id_ in admitted]
    if found:
        await connection.execute(
            _TAKE,
            owner,
            now,
            [row["id"] for row in found if row["needless"] == "epoch"],
            *columns([(by_id[i]["conversation"], by_id[i]["destination"], at) for i, at in later.items()], 3),
            [row["id"] for row in taken],
            *columns([(row["conversation"], row["destination"]) for row in found if row["needless"] == "newer"], 2),
            [by_id[id_]["kind"] for id_ in later],
        )
    return [_delivery(row, more=1) for row in taken]


async def _settle(connection: Connection, owner: str, settlements: Sequence[Settlement], now: int) -> dict[str, Level]:
    """Record what became of deliveries; the buckets that are shut by it."""
    if not settlements:
        return {}
    later = await connection.fetch(
        _SETTLE,
        owner,
        now,
        *columns([(each.id, each.state, each.reason, each.not_before) for each in settlements], 4),
        *columns([link for each in settlements for link in each.links()], 3),
    )
    put_off = {id_ for (id_,) in later}
    return {e.bucket: Level(SHUT, e.not_before) for e in settlements if e.bucket and e.id in put_off}


async def _levels(connection: Connection, names: Iterable[str]) -> dict[str, Level | None]:
    """The levels of buckets, which are locked; None for one that is not there yet."""
    wanted = sorted(names)
    rows = await connection.fetch(_LEVELS, wanted) if wanted else []
    found = {name: Level(tokens, at) for name, tokens, at in rows}
    return {name: found.get(name) for name in wanted}


async def _set_levels(connection: Connection, before: Mapping[str, Level | None], after: Mapping[str, Level]) -> None:
    new = [(name, *level) for name, level in after.items() if before.get(name) is None]
    changed = [(name, *level) for name, level in after.items() if before.get(name) not in {None, level}]
    if new:
        done = await connection.execute(_NEW_LEVELS, *columns(new, 3))
        if done != f"INSERT 0 {len(new)}":
            raise Again  # another process was the first to use one of these buckets
    if changed:
        await connection.execute(_SET_LEVELS, *columns(changed, 3))


async def spend(connection: Connection, destination: str, ration: Ration, now: int) -> bool:
    """See `Store.spend`."""
    before = await _levels(connection, ration.buckets(destination))
    admitted, _, after = ration.admit([(0, destination, 1)], before, now)
    if admitted:
        await _set_levels(connection, before, after)
    return bool(admitted)


async def adopt(
    connection: Connection, owner: str, carriers: Sequence[str], limit: int, now: int, unheard: Collection[int]
) -> list[Delivery]:
    """See `Store.adopt`; `unheard` were taken over for nobody and are among them again."""
    rows = await connection.fetch(
        f"{_INTERRUPTED} SELECT {_COLUMNS} FROM found JOIN outbox o ON o.id = found.id AND o.state = 'sending'"
        " AND o.owner IS NOT DISTINCT FROM found.owner JOIN conversations c ON c.id = o.conversation"
        " ORDER BY o.id FOR UPDATE OF o SKIP LOCKED",
        carriers, owner, limit, now, list(unheard),
    )  # fmt: skip
    if rows:
        await connection.execute(_ADOPT, owner, [row["id"] for row in rows])
    return [_delivery(row) for row in rows]


def _delivery(row: Any, *, more: int = 0) -> Delivery:
    id_, conversation, address, carrier, destination, kind, payload, attempts, target, ref, *_ = row
    return Delivery(
        id_, conversation, address, carrier, destination, kind, payload, attempts + more, tuple(target), ref
    )
