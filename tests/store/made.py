"""Arrivals, changes and rations for the tests of the store, and a look at its rows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.service.port import Rate
from bot.service.ration import filled, wait
from bot.store.migrating import engine
from bot.store.rows import Alarm, Arrival, CaseRow, Change, Delivery, Level, Outgoing, Settlement, Stored, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.store.port import Store

A, B, C = "console:1:a:", "console:1:b:", "console:1:c:"
CARRIERS = ["console", "hooks"]
OWNER = "owner"
FAR = 10**15


def change(
    *outgoing: Outgoing, document: str = "{}", epoch: int = 0, case: CaseRow | None = None, **timers: int | None
) -> Change:
    """What a step makes of a conversation."""
    return Change(document.encode(), "open", "bot", epoch, b"[]", outgoing, timers, case)


def case(id: str, **more: Any) -> CaseRow:  # noqa: A002
    """A case that is as it begins, but for what is said."""
    made = CaseRow(id, "new", "", "general", "normal", "en", "none", "none", None, 0, "Ana")
    return made._replace(**more)


def message(text: str, to: str = A, carrier: str = "console", **more: Any) -> Outgoing:
    """An outgoing message."""
    return Outgoing(carrier, to, more.pop("kind", "say"), text.encode(), **more)


def arrival(address: str, key: str, payload: object = None, **more: Any) -> Arrival:
    """An event whose step does what `payload` says: gives that change, or fails with that error."""
    return Arrival(address, key, payload, **more)


def step(arrival: Arrival, _: Stored | None) -> Change | None:
    """See `arrival`."""
    if isinstance(arrival.payload, Exception):
        raise arrival.payload
    assert arrival.payload is None or isinstance(arrival.payload, Change)
    return arrival.payload


def appending(arrival: Arrival, stored: Stored | None) -> Change:
    """A step that writes the keys of its conversation one behind the other; what is called poison fails."""
    if "poison" in arrival.key:
        raise ValueError(f"cannot apply {arrival.key}")
    before = stored.document.decode() if stored is not None else ""
    return change(document=f"{before}{arrival.key} ")


async def commit(store: Store, *batch: Arrival, now: int = 0) -> list[Verdict]:
    """Commit a batch."""
    return await store.commit(batch, step, now)


class Unlimited:
    """No limit."""

    def buckets(self, _: str) -> Sequence[str]:
        """No buckets."""
        return ()

    def admit(
        self, candidates: Iterable[tuple[int, str, int]], _: Mapping[str, Level | None], __: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """All of them."""
        return [id_ for id_, *_ in candidates], {}, {}


class Bucket:
    """One bucket for all, of `burst` tokens, which gains `per_second`."""

    def __init__(self, burst: float, per_second: float, name: str = "all") -> None:
        """Full at first."""
        self.rate = Rate(name, burst, per_second)

    def buckets(self, _: str) -> Sequence[str]:
        """Its name."""
        return (self.rate.bucket,)

    def admit(
        self, candidates: Iterable[tuple[int, str, int]], levels: Mapping[str, Level | None], now: int
    ) -> tuple[list[int], dict[int, int], dict[str, Level]]:
        """As many as there are tokens."""
        admitted: list[int] = []
        later: dict[int, int] = {}
        left: dict[str, Level] = {}
        for id_, *_ in candidates:
            level = left.get(self.rate.bucket) or filled(levels[self.rate.bucket], self.rate, now)
            if pause := wait(level, self.rate, now):
                later[id_] = now + pause
            else:
                admitted.append(id_)
                level = Level(level.tokens - 1, level.at)
            left[self.rate.bucket] = level
        return admitted, later, left


async def exchange(
    store: Store,
    *settlements: Settlement,
    owner: str = OWNER,
    limit: int = 100,
    now: int = 0,
    ration: Unlimited | Bucket | None = None,
    carriers: Sequence[str] = CARRIERS,
) -> list[Delivery]:
    """Exchange."""
    return await store.exchange(owner, carriers, settlements, limit, now, ration or Unlimited())


async def texts(store: Store, *settlements: Settlement, **options: Any) -> list[str]:
    """Exchange; the payloads of what was taken up."""
    return [each.payload for each in await exchange(store, *settlements, **options)]


async def rows(database: str, query: str) -> list[tuple[Any, ...]]:
    """What a query finds in the database itself."""
    made = engine(database)
    try:
        async with made.begin() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    finally:
        await made.dispose()


async def until_waiting(database: str, count: int) -> None:
    """Return when so many connections to a database of PostgreSQL wait for what another one has locked.

    The server has databases of other tests, too, which run meanwhile.
    """
    waiting = "datname = current_database() AND wait_event_type = 'Lock'"
    query = f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}"
    while await rows(database, query) != [(count,)]:  # noqa: ASYNC110  (the server announces nothing)
        await asyncio.sleep(0.01)


def alarm(address: str, name: str, due: int) -> Arrival:
    """The event of a timer."""
    return Arrival(address, f"due:{name}:{due}", change(), alarm=Alarm(address, name, due))
