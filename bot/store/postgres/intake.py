"""Applying a batch of arrivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from asyncpg import UniqueViolationError

from bot.store.cases import COLUMNS, UPSERT, values
from bot.store.postgres.server import columns
from bot.store.rows import Stored, Task
from bot.store.steps import Again, checked
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.postgres.server import Connection
    from bot.store.rows import Arrival, Change, Steps, Verdict

_FIND: Final = """
SELECT * FROM (
  SELECT a.n, c.id, c.rev, convert_to(c.document, 'UTF8'),
    EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = a.key OFFSET 0) AS seen
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY a(address, key, n)
  JOIN conversations c ON c.address = a.address
  ORDER BY c.id FOR NO KEY UPDATE OF c) found
UNION ALL
SELECT a.n, NULL, NULL, NULL, true
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY a(address, key, n)
JOIN parked p ON p.address = a.address AND p.key = a.key
UNION ALL
SELECT a.n, NULL, NULL, NULL, true
FROM unnest($3::text[]) WITH ORDINALITY a(event, n) JOIN forgotten f ON f.event = a.event"""
"""Whoever waits for a lock gets the conversation as it is then, but sees the events as they were before. A key that
came in meanwhile is refused by the primary key of `events`, and the transaction begins anew.

With its OFFSET an event is looked up by its key: without, a plan made while there were none would read them all."""

_STOP: Final = """
DELETE FROM timers t USING unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) a(n, conversation, name, due)
WHERE t.conversation = a.conversation AND t.name = a.name AND t.due = a.due RETURNING a.n"""

_BEGIN: Final = """
INSERT INTO conversations (address, document, rev, status, control, epoch, created, updated, merchant)
SELECT address, convert_from(document, 'UTF8'), 1, status, control, epoch, $7, $7, nullif(merchant, '')
FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::text[])
  a(address, document, status, control, epoch, merchant)
ORDER BY address ON CONFLICT (address) DO NOTHING RETURNING address, id"""

_WRITE: Final = f"""
WITH changed AS (
  UPDATE conversations c SET document = convert_from(a.document, 'UTF8'), rev = a.rev, status = a.status,
    control = a.control, epoch = a.epoch, updated = $1
  FROM unnest($7::bigint[], $8::bytea[], $9::bigint[], $10::text[], $11::text[], $12::bigint[])
    a(id, document, rev, status, control, epoch)
  WHERE c.id = a.id
), sent AS (
  INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state, created)
  SELECT conversation, carrier, destination, kind, convert_from(payload, 'UTF8'), priority, epoch, nullif(ref, ''),
    nullif(edits, ''), 'queued', $1
  FROM unnest($13::bigint[], $14::text[], $15::text[], $16::text[], $17::bytea[], $18::smallint[], $19::bigint[],
    $20::text[], $21::text[]) WITH ORDINALITY
    a(conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, n)
  ORDER BY n
), cased AS (
  INSERT INTO cases ({", ".join(COLUMNS)})
  SELECT * FROM unnest($27::bigint[], $28::smallint[], $29::bigint[], $30::text[], $31::text[], $32::text[],
    $33::text[], $34::text[], $35::text[], $36::text[], $37::text[], $38::bigint[], $39::bigint[], $40::text[],
    $41::text[])
  {UPSERT}
), stopped AS (
  DELETE FROM timers t USING unnest($22::bigint[], $23::text[]) a(conversation, name)
  WHERE t.conversation = a.conversation AND t.name = a.name
), started AS (
  INSERT INTO timers (conversation, name, due)
  SELECT * FROM unnest($24::bigint[], $25::text[], $26::bigint[])
  ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due
)
INSERT INTO events (conversation, key, rev, at, records, origin)
SELECT conversation, key, rev, $1, convert_from(records, 'UTF8'), nullif(origin, '')
FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bytea[])
  a(conversation, key, rev, origin, records)"""
"""All that a batch brings about, in one statement: each further one would cost another way to the server and back."""


class _Written(NamedTuple):
    """An arrival that counts: its conversation, 0 for a new one, what that became, and the change, if there was one."""

    arrival: Arrival
    id: int
    rev: int
    change: Change | None


class Commit:
    """A batch on its way in; called with a connection it is applied there, within a transaction.

    It may be called again after a transaction whose end is unknown: if its keys are there, it was kept. They are looked
    for under the locks of the conversations, so after the old transaction has ended one way or the other. Either all of
    them are there or none, but for what another process applied meanwhile.
    """

    def __init__(self, batch: Sequence[Arrival], steps: Steps, now: int) -> None:
        """Remember what to do."""
        self._batch = batch
        self._steps = steps
        self._now = now
        self._verdicts: list[Verdict] = []
        self._kept: set[int] = set()
        """By index in the batch, whose keys are there if the transaction was kept."""

    async def __call__(self, connection: Connection) -> list[Verdict]:
        """See `Store.commit`."""
        found: dict[int, Stored] = {}
        seen: set[int] = set()
        arrivals = [(each.address, each.key, fingerprint(each.address, each.key)) for each in self._batch]
        for n, id_, rev, document, is_seen in await connection.fetch(_FIND, *columns(arrivals, 3)):
            if is_seen:
                seen.add(n - 1)
            if id_ is not None:
                found[n - 1] = Stored(id_, rev, document)
        if self._kept and self._kept <= seen:
            return self._verdicts
        stale = await self._stop(connection, found, seen)
        verdicts: list[Verdict] = [
            "duplicate" if index in seen else "stale" if index in stale else "applied"
            for index in range(len(self._batch))
        ]
        tasks = [Task(i, self._batch[i], found.get(i)) for i, verdict in enumerate(verdicts) if verdict == "applied"]
        changes = checked(tasks, await self._steps(tasks)) if tasks else []
        written = {
            task.place: _written(task, change)
            for task, change in zip(tasks, changes, strict=True)
            if task.stored is not None or change is not None
        }
        try:
            await _write(connection, list(written.values()), self._now)
        except UniqueViolationError as failure:
            raise Again from failure
        self._verdicts, self._kept = verdicts, set(written)
        return verdicts

    async def _stop(self, connection: Connection, found: dict[int, Stored], seen: set[int]) -> set[int]:
        """Remove the timers that fired; the indices of those that were not there any more."""
        fired = {
            index: (found[index].id if index in found else 0, arrival.alarm.name, arrival.alarm.due)
            for index, arrival in enumerate(self._batch)
            if arrival.alarm is not None and index not in seen
        }
        if not fired:
            return set()
        gone = await connection.fetch(_STOP, list(fired), *columns(list(fired.values()), 3))
        return fired.keys() - {n for (n,) in gone}


def _written(task: Task, change: Change | None) -> _Written:
    if task.stored is None:
        return _Written(task.arrival, 0, 1, change)
    return _Written(task.arrival, task.stored.id, task.stored.rev + (change is not None), change)


async def _write(connection: Connection, written: list[_Written], now: int) -> None:
    if not written:
        return
    new = [
        (e.arrival.address, c.document, c.status, c.control, c.epoch, c.merchant)
        for e in written
        if not e.id and (c := e.change) is not None
    ]
    ids = dict(await connection.fetch(_BEGIN, *columns(new, 6), now)) if new else {}
    if len(ids) < len(new):
        raise Again  # another process began one of these conversations
    changed = [(e.id or ids[e.arrival.address], e, e.change) for e in written if e.change is not None]
    timers = [(id_, name, due) for id_, _, c in changed for name, due in c.timers.items()]
    await connection.execute(
        _WRITE,
        now,
        *columns(
            [
                (e.id or ids[e.arrival.address], e.arrival.key, e.rev, e.arrival.origin, e.change and e.change.log)
                for e in written
            ],
            5,
        ),
        *columns([(e.id, c.document, e.rev, c.status, c.control, c.epoch) for _, e, c in changed if e.id], 6),
        *columns(
            [
                (id_, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref, o.edits)
                for id_, _, c in changed
                for o in c.outgoing
            ],
            9,
        ),
        *columns([each[:2] for each in timers if each[2] is None], 2),
        *columns([each for each in timers if each[2] is not None], 3),
        *columns([values(id_, c.case, now) for id_, _, c in changed if c.case is not None], len(COLUMNS)),
    )
