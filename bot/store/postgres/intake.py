"""Applying a batch of arrivals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from asyncpg import DivisionByZeroError, UniqueViolationError

from bot.store.cases import COLUMNS, UPSERT, values
from bot.store.rows import Stored, Task
from bot.store.steps import Again, checked
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.store.postgres.server import Connection
    from bot.store.rows import Arrival, Change, Steps, Verdict

    _Written = tuple[Task, Change | None]
    """An arrival that counts: it is for a conversation that there is, or begins one."""

_BYTES: Final = {"records", "document", "payload"}
"""Columns of JSON text, which are given as arrays of bytes: written already, they are copied as they are."""
_FOUND: Final = ("address", "key", "event", "alarm", "due")
_PLACED: Final = (
    "id", "before", "key", "origin", "records", "document", "status", "control", "epoch", "address", "merchant",
)  # fmt: skip
_SENT: Final = ("place", "carrier", "destination", "kind", "payload", "priority", "epoch", "ref", "edits")
_STARTED: Final = ("place", "name", "due")
_CASED: Final = ("place", *COLUMNS[1:])
_TYPES: Final = {"place": "int", "rank": "smallint", "updated": "bigint", "due": "bigint", "opened": "bigint"}

_ENCODE: Final = msgspec.json.Encoder().encode


def _rows(first: int, names: Sequence[str]) -> str:
    """The rows of columns that are given as the values from `$first` on, see `_given`; `n` numbers them from 1."""
    each = (
        f"unnest(${number}::bytea[])" if name in _BYTES else f"json_array_elements_text(${number})"
        for number, name in enumerate(names, first)
    )
    return f"ROWS FROM ({', '.join(each)}) WITH ORDINALITY a({', '.join(names)}, n)"


def _given(names: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Any]:
    """Rows as `_rows` takes them; a column of nothing is not given, as NULL stands for what a column has not.

    Most columns are JSON arrays: the driver needs three times as long for the same ones as arrays of PostgreSQL's, most
    of it to ask of each value whether it is an array.
    """
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    held = [() if column.count(None) == len(column) else column for column in columns]
    return [column if name in _BYTES else _json(column) for name, column in zip(names, held, strict=True)]


def _json(rows: Sequence[object]) -> str:
    return _ENCODE(rows).decode()


_FIND: Final = f"""
WITH a AS (SELECT n, address, key, event, alarm, due::bigint FROM {_rows(1, _FOUND)})
SELECT a.n, c.id, c.rev, convert_to(c.document, 'UTF8'),
  EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.id AND e.key = a.key OFFSET 0) AS seen,
  a.alarm IS NOT NULL AND EXISTS (
    SELECT 1 FROM timers t WHERE t.conversation = c.id AND t.name = a.alarm AND t.due = a.due OFFSET 0) AS fired
FROM a JOIN conversations c ON c.address = a.address
UNION ALL
SELECT a.n, NULL, NULL, NULL, true, false FROM a JOIN parked p ON p.address = a.address AND p.key = a.key
WHERE EXISTS (SELECT 1 FROM parked WHERE id > 0)
UNION ALL
SELECT a.n, NULL, NULL, NULL, true, false FROM a JOIN forgotten f ON f.event = a.event
WHERE EXISTS (SELECT 1 FROM forgotten WHERE event > '')"""
"""What there is of a batch. Nothing is locked: what has changed by then is found out by `_WRITE`.

With their OFFSETs events and timers are looked up by their keys: without, a plan made while there were none would read
them all."""

_OWN: Final = "(SELECT ids FROM whose)[place::int]"
_WRITE: Final = f"""
WITH placed AS (
  SELECT n, coalesce(id::bigint, nextval('conversations_id_seq')) AS id, id IS NULL AS begins, before::bigint,
    before::bigint + (document IS NOT NULL)::int AS rev, key, origin, convert_from(records, 'UTF8') AS records,
    convert_from(document, 'UTF8') AS document, status, control, epoch::bigint, address, merchant
  FROM {_rows(2, _PLACED)}
), whose AS (
  SELECT array_agg(id ORDER BY n) AS ids FROM placed
), begun AS (
  INSERT INTO conversations (id, address, document, rev, status, control, epoch, created, updated, merchant)
  SELECT id, address, document, 1, status, control, epoch, $1, $1, merchant FROM placed WHERE begins
  ON CONFLICT (address) DO NOTHING RETURNING 1
), moved AS (
  UPDATE conversations c SET document = coalesce(a.document, c.document), rev = a.rev,
    status = coalesce(a.status, c.status), control = coalesce(a.control, c.control),
    epoch = coalesce(a.epoch, c.epoch), updated = CASE WHEN a.document IS NULL THEN c.updated ELSE $1 END
  FROM placed a WHERE NOT a.begins AND c.id = a.id AND c.rev = a.before RETURNING 1
), sent AS (
  INSERT INTO outbox (conversation, carrier, destination, kind, payload, priority, epoch, ref, edits, state, created)
  SELECT {_OWN}, carrier, destination, kind, convert_from(payload, 'UTF8'), priority::smallint, epoch::bigint,
    ref, edits, 'queued', $1
  FROM {_rows(13, _SENT)} ORDER BY n
), started AS (
  INSERT INTO timers (conversation, name, due) SELECT {_OWN}, name, due::bigint FROM {_rows(22, _STARTED)}
  ON CONFLICT (conversation, name) DO UPDATE SET due = excluded.due
), stopped AS (
  DELETE FROM timers t USING json_to_recordset($25) a(place int, name text)
  WHERE t.conversation = {_OWN} AND t.name = a.name
), cased AS (
  INSERT INTO cases ({", ".join(COLUMNS)}) SELECT {_OWN}, {", ".join(COLUMNS[1:])}
  FROM json_to_recordset($26) a({", ".join(f"{each} {_TYPES.get(each, 'text')}" for each in _CASED)}) {UPSERT}
)
INSERT INTO events (conversation, key, rev, at, records, origin)
SELECT id, key,
  rev / ((SELECT count(*) FROM placed) = (SELECT count(*) FROM begun) + (SELECT count(*) FROM moved))::int,
  $1, records, origin
FROM placed"""
"""All that a batch brings about, in one statement: each further one would cost another way to the server and back.

Each event has a place in it, by which the other rows say whose they are; those that begin conversations come first.

Where another process has changed or begun one of the conversations since `_FIND`, it divides by zero, and nothing is
kept: the batch begins anew. The key of an event that came in meanwhile is refused by the primary key of `events`, to
that end."""


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
            (
                each.address,
                each.key,
                fingerprint(each.address, each.key),
                *(each.alarm[1:] if each.alarm else (None, None)),
            )
            for each in self._batch
        ]
        for n, id_, rev, document, is_seen, is_due in await connection.fetch(_FIND, *_given(_FOUND, arrivals)):
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
        written = [
            (task, change)
            for task, change in zip(tasks, changes, strict=True)
            if task.stored is not None or change is not None
        ]
        if written:
            self._tried.append(({task.place for task, _ in written}, verdicts))
            try:
                await _write(connection, written, self._now)
            except (UniqueViolationError, DivisionByZeroError) as failure:
                self._tried.pop()  # it was not kept
                raise Again from failure
        return verdicts


async def _write(connection: Connection, written: Iterable[_Written], now: int) -> None:
    """Write a batch, in an order in which every process locks: what begins, and then what there is."""
    placed = [*enumerate(sorted(written, key=_rank), 1)]
    changed = [(n, change) for n, (_, change) in placed if change is not None]
    timers = [(n, name, due) for n, c in changed for name, due in c.timers.items()]
    fired = [
        (n, alarm.name)
        for n, (task, change) in placed
        if (alarm := task.arrival.alarm) and not (change and alarm.name in change.timers)
    ]
    await connection.execute(
        _WRITE,
        now,
        *_given(_PLACED, [_row(*each) for _, each in placed]),
        *_given(
            _SENT,
            [
                (n, o.carrier, o.destination, o.kind, o.payload, o.priority, o.epoch, o.ref or None, o.edits or None)
                for n, (_, c) in sorted(placed, key=_came)
                if c is not None
                for o in c.outgoing
            ],
        ),
        *_given(_STARTED, [each for each in timers if each[2] is not None]),
        _json([{"place": n, "name": name} for n, name in (*fired, *(each[:2] for each in timers if each[2] is None))]),
        _json([dict(zip(_CASED, values(n, c.case, now), strict=True)) for n, c in changed if c.case is not None]),
    )


def _came(placed: tuple[int, _Written]) -> int:
    """In which order events came, and what they bring about leaves."""
    return placed[1][0].place


def _rank(written: _Written) -> tuple[bool, int, str]:
    (_, arrival, stored), _ = written
    return (False, 0, arrival.address) if stored is None else (True, stored.id, "")


def _row(task: Task, change: Change | None) -> tuple[object, ...]:
    """An event as `_PLACED` has it."""
    _, arrival, stored = task
    id_, before, address = (None, 0, arrival.address) if stored is None else (stored.id, stored.rev, None)
    head = (id_, before, arrival.key, arrival.origin or None)
    if change is None:
        return *head, None, None, None, None, None, address, None
    document, status, control, epoch, log, *_, merchant = change
    return *head, log, document, status, control, epoch, address, (merchant or None) if stored is None else None
