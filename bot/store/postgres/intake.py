"""Applying a batch of arrivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from asyncpg import DivisionByZeroError, UniqueViolationError

from bot.store.cases import COLUMNS, UPSERT, values
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
JOIN parked p ON p.address = a.address AND p.key = a.key WHERE EXISTS (SELECT 1 FROM parked WHERE id > 0)
UNION ALL
SELECT a.n, NULL, NULL, NULL, true, false
FROM unnest($3::text[]) WITH ORDINALITY a(event, n) JOIN forgotten f ON f.event = a.event
WHERE EXISTS (SELECT 1 FROM forgotten WHERE event > '')"""
"""What there is of a batch. Nothing is locked: what has changed by then is found out by `_WRITE`.

With their OFFSETs events and timers are looked up by their keys: without, a plan made while there were none would read
them all."""

_OWN: Final = "(SELECT ids FROM whose)"
_WRITE: Final = f"""
WITH whose AS (
  SELECT $2::bigint[] || ARRAY(SELECT nextval('conversations_id_seq') FROM unnest($3::text[])) AS ids
), begun AS (
  INSERT INTO conversations (id, address, document, rev, status, control, epoch, created, updated, merchant)
  SELECT {_OWN}[cardinality($2) + n], address, convert_from(document, 'UTF8'), 1, status, control, epoch, $1, $1,
    nullif(merchant, '')
  FROM unnest($3::text[], $4::bytea[], $5::text[], $6::text[], $7::bigint[], $8::text[]) WITH ORDINALITY
    a(address, document, status, control, epoch, merchant, n)
  ON CONFLICT (address) DO NOTHING RETURNING 1
), moved AS (
  UPDATE conversations c SET document = coalesce(convert_from(a.document, 'UTF8'), c.document), rev = a.rev,
    status = coalesce(a.status, c.status), control = coalesce(a.control, c.control),
    epoch = coalesce(a.epoch, c.epoch), updated = CASE WHEN a.document IS NULL THEN c.updated ELSE $1 END
  FROM unnest($2::bigint[], $9::bigint[], $10::bigint[], $11::bytea[], $12::text[], $13::text[], $14::bigint[])
    a(id, before, rev, document, status, control, epoch)
  WHERE c.id = a.id AND c.rev = a.before RETURNING 1
), sent AS (
  INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state, created)
  SELECT {_OWN}[place], carrier, destination, kind, convert_from(payload, 'UTF8'), priority, epoch, nullif(ref, ''),
    nullif(edits, ''), 'queued', $1
  FROM unnest($19::int[], $20::text[], $21::text[], $22::text[], $23::bytea[], $24::smallint[], $25::bigint[],
    $26::text[], $27::text[]) WITH ORDINALITY
    a(place, carrier, destination, kind, payload, priority, epoch, ref, edits, n)
  ORDER BY n
), stopped AS (
  DELETE FROM timers t USING unnest($28::int[], $29::text[]) a(place, name)
  WHERE t.conversation = {_OWN}[a.place] AND t.name = a.name
), started AS (
  INSERT INTO timers (conversation, name, due)
  SELECT {_OWN}[place], name, due FROM unnest($30::int[], $31::text[], $32::bigint[]) a(place, name, due)
  ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due
), cased AS (
  INSERT INTO cases ({", ".join(COLUMNS)})
  SELECT {_OWN}[a.conversation], {", ".join(f"a.{name}" for name in COLUMNS[1:])}
  FROM unnest($33::int[], $34::smallint[], $35::bigint[], $36::text[], $37::text[], $38::text[], $39::text[],
    $40::text[], $41::text[], $42::text[], $43::text[], $44::bigint[], $45::bigint[], $46::text[], $47::text[])
    a({", ".join(COLUMNS)})
  {UPSERT}
)
INSERT INTO events (conversation, key, rev, at, records, origin)
SELECT {_OWN}[n], key,
  rev / (cardinality($15::text[]) = (SELECT count(*) FROM begun) + (SELECT count(*) FROM moved))::int,
  $1, convert_from(records, 'UTF8'), nullif(origin, '')
FROM unnest($15::text[], $16::bigint[], $17::text[], $18::bytea[]) WITH ORDINALITY a(key, rev, origin, records, n)"""
"""All that a batch brings about, in one statement: each further one would cost another way to the server and back.

Its events are numbered: those of the conversations $2, and then those that begin the conversations $3. All other rows
say by such a number, their place, whose they are.

Where another process has changed or begun one of the conversations since `_FIND`, it divides by zero, and nothing is
kept: the batch begins anew. The key of an event that came in meanwhile is refused by the primary key of `events`, to
that end."""


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
        self._tried: list[tuple[set[int], list[Verdict]]] = []
        """Tries of which nobody knows whether they were kept: by index in the batch whose keys are there then."""

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
        for keys, kept in self._tried:
            if keys <= seen:
                return kept
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
        if written:
            self._tried.append((set(written), verdicts))
            try:
                await _write(connection, list(written.values()), self._now)
            except (UniqueViolationError, DivisionByZeroError) as failure:
                self._tried.pop()  # it was not kept
                raise Again from failure
        return verdicts


def _written(task: Task, change: Change | None) -> _Written:
    if task.stored is None:
        return _Written(task.arrival, 0, 0, 1, change)
    rev = task.stored.rev
    return _Written(task.arrival, task.stored.id, rev, rev + (change is not None), change)


async def _write(connection: Connection, written: list[_Written], now: int) -> None:
    """Write a batch, each kind of conversation in an order in which every process locks them."""
    known = sorted((e for e in written if e.id), key=lambda e: e.id)
    new = sorted((e for e in written if not e.id), key=lambda e: e.arrival.address)
    placed = [*enumerate(known + new, 1)]
    changed = [(n, e, e.change) for n, e in placed if e.change is not None]
    timers = [(n, name, due) for n, _, c in changed for name, due in c.timers.items()]
    fired = [(n, a.name) for n, e in placed if (a := e.arrival.alarm) and not (e.change and a.name in e.change.timers)]
    await connection.execute(
        _WRITE,
        now,
        [e.id for e in known],
        *columns(
            [
                (e.arrival.address, c.document, c.status, c.control, c.epoch, c.merchant)
                for _, e, c in changed
                if not e.id
            ],
            6,
        ),
        *columns(
            [
                (e.before, e.rev, c.document, c.status, c.control, c.epoch)
                if (c := e.change) is not None
                else (e.before, e.rev, None, None, None, None)
                for e in known
            ],
            6,
        ),
        *columns([(e.arrival.key, e.rev, e.arrival.origin, e.change and e.change.log) for _, e in placed], 4),
        *columns(
            [
                (n, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref, o.edits)
                for n, _, c in changed
                for o in c.outgoing
            ],
            9,
        ),
        *columns([*fired, *(each[:2] for each in timers if each[2] is None)], 2),
        *columns([each for each in timers if each[2] is not None], 3),
        *columns([values(n, c.case, now) for n, _, c in changed if c.case is not None], len(COLUMNS)),
    )
