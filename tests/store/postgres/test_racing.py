"""Several processes on one database: each event counts once, each message leaves once, lanes keep their order."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import asyncpg

from bot.store.admin import administered, find
from bot.store.erasing import erase
from bot.store.opening import open_store
from bot.store.rows import Settlement
from tests.store.made import (
    CARRIERS,
    FAR,
    A,
    Bucket,
    Unlimited,
    arrival,
    case,
    change,
    commit,
    message,
    rows,
    until_waiting,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.port import Store
    from bot.store.rows import Change, Delivery, Task

LANES = 150
LENGTH = 8


class Deliverer:
    """Takes messages up as a process does, and notes what it has under way and when it was settled."""

    def __init__(self, store: Store, owner: str, sent: list[str], under_way: list[set[str]]) -> None:
        """`sent` and `under_way` are shared by all."""
        self.store = store
        self.owner = owner
        self.sent = sent
        self.under_way: set[str] = set()
        """Lanes that nobody else may touch: from when a message is taken up until its settlement is on its way."""
        self.all = under_way
        self.all.append(self.under_way)

    async def run(self, total: int, ration: Unlimited | Bucket, now: int) -> None:
        """Until everything is sent."""
        settled: list[Settlement] = []
        turn = 0
        while len(self.sent) < total:
            turn += 1
            self.under_way.clear()
            taken = await self.store.exchange(self.owner, CARRIERS, settled, 16, now, ration)
            settled = [self.send(each, turn) for each in taken]
        await self.store.exchange(self.owner, CARRIERS, settled, 0, now, ration)

    def send(self, delivery: Delivery, turn: int) -> Settlement:
        """Most are sent, some are put off until a moment that has passed already."""
        assert not any(delivery.destination in each for each in self.all), "two of one lane are under way"
        self.under_way.add(delivery.destination)
        if (delivery.id + turn) % 5 == 0:
            return Settlement(delivery.id, "queued", not_before=1)
        self.sent.append(delivery.payload)
        return Settlement(delivery.id, "sent", (delivery.payload,))


async def test_every_message_is_claimed_once_and_in_order(postgres: str) -> None:
    """Four deliverers on two stores share 1,200 messages: each leaves once, and each lane in its order."""
    stores = [await open_store(postgres) for _ in range(2)]
    sent: list[str] = []
    for start in range(0, LANES, 50):
        batch = [
            arrival(f"console:1:{n}:", "1", change(*(message(f"{n}.{i}", to=f"console:1:{n}:") for i in range(LENGTH))))
            for n in range(start, start + 50)
        ]
        await commit(stores[0], *batch)
    under_way: list[set[str]] = []
    deliverers = [Deliverer(stores[n % 2], f"owner{n}", sent, under_way) for n in range(4)]
    async with asyncio.timeout(120):
        await asyncio.gather(*(each.run(LANES * LENGTH, Unlimited(), 10) for each in deliverers))
    assert len(sent) == len(set(sent)) == LANES * LENGTH
    lanes: defaultdict[str, list[int]] = defaultdict(list)
    for text in sent:
        lane, _, number = text.partition(".")
        lanes[lane].append(int(number))
    assert all(numbers == list(range(LENGTH)) for numbers in lanes.values())
    states = await rows(postgres, "SELECT state, count(*) FROM outbox GROUP BY state")
    assert states == [("sent", LANES * LENGTH)]
    for store in stores:
        await store.close()


async def test_a_bucket_holds_across_processes(postgres: str) -> None:
    """Deliverers that race for the same bucket, which is not there at first, get no more than it holds."""
    stores = [await open_store(postgres) for _ in range(3)]
    await commit(stores[0], *(arrival(f"console:1:{n}:", "1", change(message(str(n), to=f"x{n}"))) for n in range(40)))
    bucket = Bucket(burst=7, per_second=0.001)
    taken = await asyncio.gather(
        *(store.exchange(f"owner{n}", CARRIERS, [], 10, 1000, bucket) for n, store in enumerate(stores * 2))
    )
    assert sum(map(len, taken)) == 7
    for store in stores:
        await store.close()


async def test_an_event_brought_to_all_counts_once(postgres: str) -> None:
    """The same events, in batches of different order at the same time, some of new conversations: each counts once."""
    stores = [await open_store(postgres) for _ in range(3)]
    places = [f"console:1:{n}:" for n in range(30)]

    def counting(_: object, stored: object) -> object:
        return change(document=str(int(getattr(stored, "document", 0)) + 1))

    async def bring(store: Store, turn: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for key in range(6):
            batch = [arrival(place, str(key)) for place in places[turn:] + places[:turn]]
            seen.update(await store.commit(batch, counting, 0))  # type: ignore[arg-type]
        return seen

    async with asyncio.timeout(120):
        seen = sum(await asyncio.gather(*(bring(store, 7 * n) for n, store in enumerate(stores * 2))), Counter[str]())
    assert seen == {"applied": 6 * 30, "duplicate": 5 * 6 * 30}
    assert await rows(postgres, "SELECT DISTINCT document, rev FROM conversations") == [("6", 6)]
    assert await rows(postgres, "SELECT count(*) FROM events") == [(180,)]
    for store in stores:
        await store.close()


async def test_the_dead_are_taken_over_from_once(postgres: str) -> None:
    """Several that look after a dead process at the same time adopt each of its messages once."""
    stores = [await open_store(postgres) for _ in range(3)]
    await commit(stores[0], *(arrival(f"console:1:{n}:", "1", change(message(str(n), to=f"x{n}"))) for n in range(40)))
    await stores[0].exchange("dead", CARRIERS, [], 100, 0, Unlimited())
    owners = [f"owner{n}" for n in range(6)]
    for owner in owners:
        await stores[0].acquire(owner, owner, 0, FAR)
    found = await asyncio.gather(
        *(store.adopt(owner, CARRIERS, 15, 10) for owner, store in zip(owners, stores * 2, strict=True))
    )
    ids = [each.id for taken in found for each in taken]
    assert len(ids) == len(set(ids))
    rest = await stores[0].adopt(owners[0], CARRIERS, 100, 10)
    assert len(ids) + len(rest) == 40
    for store in stores:
        await store.close()


async def test_a_lease_is_won_by_one(postgres: str) -> None:
    """Of many who ask at the same time one gets the lease."""
    stores = [await open_store(postgres) for _ in range(2)]
    won = await asyncio.gather(*(store.acquire("poller", f"{n}", 0, 10) for n, store in enumerate(stores * 5)))
    assert sum(won) == 1
    for store in stores:
        await store.close()


async def remove(database: str) -> None:
    """Remove conversation A."""
    async with administered(database) as connection:
        await erase(connection, (await find(connection, A))[0], 9)


async def test_nothing_is_left_of_what_comes_in_while_a_conversation_is_removed(postgres: str) -> None:
    """What came in before goes too; what is kept later, though its step was taken before, begins anew."""
    store = await open_store(postgres)
    came = change(message("hello"), case=case("T-1"), tick=1)
    await commit(store, arrival(A, "1", came))
    stepping, removed = asyncio.Event(), asyncio.Event()
    stepped: list[object] = []

    async def slowly(tasks: Sequence[Task]) -> list[Change | None]:
        stepped.extend(each.stored is not None for each in tasks)
        stepping.set()
        await removed.wait()
        return [came]

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        kept = group.create_task(store.commit_apart([arrival(A, "2")], slowly, 8))
        await stepping.wait()
        await remove(postgres)
        removed.set()
    assert (await kept, stepped) == (["applied"], [True, False])
    assert await commit(store, arrival(A, "1", came)) == ["duplicate"]
    await store.close()
    assert await rows(postgres, "SELECT key, rev FROM events") == [("2", 1)]
    for table in ("conversations", "outbox", "cases", "timers"):
        assert await rows(postgres, f"SELECT count(*) FROM {table}") == [(1,)], table


async def test_nothing_is_left_of_a_message_that_ends_while_its_conversation_is_removed(postgres: str) -> None:
    """Whoever notes what became of it waits for nobody, and what they note goes with the rest."""
    store = await open_store(postgres)
    await commit(store, arrival(A, "1", change(message("hello"))))
    await store.close()
    delivery = await asyncpg.connect(postgres)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group, delivery.transaction():
        await delivery.execute("UPDATE outbox SET state = 'sent', done = 9")
        group.create_task(remove(postgres))
        await until_waiting(postgres, 1)
        columns = "conversation, outbox, native, destination"
        await delivery.execute(f"INSERT INTO links ({columns}) SELECT conversation, id, 'm1', 'd' FROM outbox")
    await delivery.close()
    for table in ("conversations", "events", "outbox", "links"):
        assert await rows(postgres, f"SELECT count(*) FROM {table}") == [(0,)], table
