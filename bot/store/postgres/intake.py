"""Applying a batch of arrivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from asyncpg import DivisionByZeroError, UniqueViolationError

from bot.store.cases import COLUMNS, UPSERT, values
from bot.store.faults import Point, reached
from bot.store.postgres.server import columns
from bot.store.rows import Alarm, Stored, Task
from bot.store.steps import Again, checked
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.postgres.server import Connection
    from bot.store.rows import Arrival, Change, Steps, Verdict

_FIND: Final = """
SELECT a.n, c.id, c.rev, convert_to(c.document, 'UTF8'),
  EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = a.key OFFSET 0) AS seen,
  a.alarm <> '' AND EXISTS (
    SELECT 1 FROM timers t WHERE t.conversation = c.id AND t.name = a.alarm AND t.due = a.due OFFSET 0) AS fired
FROM unnest($1::text[], $2::text[], $4::text[], $5::bigint[]) WITH ORDINALITY a(address, key, alarm, due, n)
JOIN conversations c ON c.address = a.address
UNION ALL
SELECT a.n, NULL, NULL, NULL, true, false
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY a(address, key, n)
JOIN parked p ON p.address = a.address AND p.key = a.key
UNION ALL
SELECT a.n, NULL, NULL, NULL, true, false
FROM unnest($3::text[]) WITH ORDINALITY a(event, n) JOIN forgotten f ON f.event = a.event"""
"""What there is of a batch. Nothing is locked: what has changed by then is found out by `_WRITE`.

With their OFFSETs events and timers are looked up by their keys: without, a plan made while there were none would read
them all."""

_BEGIN: Final = """
INSERT INTO conversations (address, document, rev, status, control, epoch, created, updated, merchant)
SELECT address, convert_from(document, 'UTF8'), 1, status, control, epoch, $7, $7, nullif(merchant, '')
FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::text[])
  a(address, document, status, control, epoch, merchant)
ORDER BY address ON CONFLICT (address) DO NOTHING RETURNING address, id"""

_WRITE: Final = f"""
WITH unchanged AS (
  SELECT c.id FROM unnest($2::bigint[], $42::bigint[]) a(id, rev) JOIN conversations c ON c.id = a.id AND c.rev = a.rev
  ORDER BY c.id FOR NO KEY UPDATE OF c
), changed AS (
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
SELECT conversation, key, rev / checked.same, $1, convert_from(records, 'UTF8'), nullif(origin, '')
FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bytea[])
  a(conversation, key, rev, origin, records)
CROSS JOIN (SELECT (count(*) = cardinality($2))::int AS same FROM unchanged) checked"""
"""All that a batch brings about, in one statement: each further one would cost another way to the server and back.

Where another process has changed one of the conversations since `_FIND`, it divides by zero, and nothing is kept: the
batch begins anew. The key of an event that came in meanwhile is refused by the primary key of `events`, to that end."""


class _Written(NamedTuple):
    """An arrival that counts: its conversation, 0 for a new one, its revisions, and the change, if there was one."""

    arrival: Arrival
    id: int
    before: int
    rev: int
    change: Change | None


class Commit:
    """A batch on its way in; called with a connection it is applied there: read, and written if nothing has changed.

    It may be called again after a transaction whose end is unknown: if its keys are there, it was kept; if that is
    still under way, writing waits for its end, and then begins anew. Either all of them are there or none, but for what
    another process applied meanwhile.
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
        due: set[int] = set()
        arrivals = [
            (each.address, each.key, fingerprint(each.address, each.key), *(each.alarm or Alarm("", "", 0))[1:])
            for each in self._batch
        ]
        for n, id_, rev, document, is_seen, is_due in await connection.fetch(_FIND, *columns(arrivals, 5)):
            if is_seen:
                seen.add(n - 1)
            if is_due:
                due.add(n - 1)
            if id_ is not None:
                found[n - 1] = Stored(id_, rev, document)
        if self._kept and self._kept <= seen:
            return self._verdicts
        verdicts: list[Verdict] = [
            "duplicate" if i in seen else "stale" if arrival.alarm is not None and i not in due else "applied"
            for i, arrival in enumerate(self._batch)
        ]
        tasks = [Task(i, self._batch[i], found.get(i)) for i, verdict in enumerate(verdicts) if verdict == "applied"]
        changes = checked(tasks, await self._steps(tasks)) if tasks else []
        written = {
            task.place: _written(task, change)
            for task, change in zip(tasks, changes, strict=True)
            if task.stored is not None or change is not None
        }
        self._verdicts, self._kept = verdicts, set(written)
        try:
            await _write(connection, list(written.values()), self._now)
        except (Again, UniqueViolationError, DivisionByZeroError) as failure:
            self._kept = set()  # it was not kept
            raise Again from failure
        return verdicts


def _written(task: Task, change: Change | None) -> _Written:
    if task.stored is None:
        return _Written(task.arrival, 0, 1, 1, change)
    rev = task.stored.rev
    return _Written(task.arrival, task.stored.id, rev, rev + (change is not None), change)


async def _write(connection: Connection, written: list[_Written], now: int) -> None:
    """Write a batch, with the conversations that begin with it in one transaction. Raises Again."""
    new = [
        (e.arrival.address, c.document, c.status, c.control, c.epoch, c.merchant)
        for e in written
        if not e.id and (c := e.change) is not None
    ]
    if new:
        async with connection.transaction():
            ids = dict(await connection.fetch(_BEGIN, *columns(new, 6), now))
            if len(ids) < len(new):
                raise Again  # another process began one of these conversations
            await _put(connection, [e._replace(id=e.id or ids[e.arrival.address]) for e in written], now)
            reached(Point.WRITTEN)
    elif written:
        await _put(connection, written, now)


async def _put(connection: Connection, written: list[_Written], now: int) -> None:
    """Write a batch of conversations that are there."""
    changed = [(e, e.change) for e in written if e.change is not None]
    timers = [(e.id, name, due) for e, c in changed for name, due in c.timers.items()]
    fired = [(e.id, a.name) for e in written if (a := e.arrival.alarm) and not (e.change and a.name in e.change.timers)]
    await connection.execute(
        _WRITE,
        now,
        *columns([(e.id, e.arrival.key, e.rev, e.arrival.origin, e.change and e.change.log) for e in written], 5),
        *columns([(e.id, c.document, e.rev, c.status, c.control, c.epoch) for e, c in changed if e.rev > e.before], 6),
        *columns(
            [
                (e.id, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref, o.edits)
                for e, c in changed
                for o in c.outgoing
            ],
            9,
        ),
        *columns([*fired, *(each[:2] for each in timers if each[2] is None)], 2),
        *columns([each for each in timers if each[2] is not None], 3),
        *columns([values(e.id, c.case, now) for e, c in changed if c.case is not None], len(COLUMNS)),
        [e.before for e in written],
    )
