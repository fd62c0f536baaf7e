"""Failures of the server and of the way to it: nothing is lost, nothing done twice, and the operator is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from bot.store.opening import open_store
from bot.store.port import StoreError, Unavailable
from bot.store.postgres import intake, outbox, server
from bot.store.rows import Settlement
from bot.store.tables import METADATA
from tests.store.made import A, B, arrival, change, commit, exchange, message, rows, texts, until_waiting
from tests.store.postgres.proxy import Moment, Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.port import Store

EVENT = arrival(A, "1", change(message("hello"), document="1"))


@pytest.fixture
async def proxy(postgres: str) -> Proxy:
    """The way to the server."""
    return Proxy(postgres)


@pytest.fixture
async def store(proxy: Proxy) -> AsyncIterator[Store]:
    """A store that reaches its server by way of the proxy."""
    async with proxy.open() as url:
        opened = await open_store(url)
        yield opened
        await opened.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(server, "PATIENCE_S", 0.1)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_commit_that_was_cut_off_counts_once(store: Store, proxy: Proxy, postgres: str, moment: Moment) -> None:
    """Where the connection breaks during a commit the keys tell whether it was kept; if not, it is done again."""
    await commit(store, arrival(B, "1", change(document="1")))
    proxy.cut = moment
    batch = [EVENT, arrival(B, "1"), arrival(B, "2", change(document="2"))][::2]
    assert await commit(store, *batch) == ["applied", "applied"]
    assert await rows(postgres, "SELECT address, document, rev FROM conversations ORDER BY 1") == [
        (A, "1", 1),
        (B, "2", 2),
    ]
    assert await rows(postgres, "SELECT count(*) FROM outbox") == [(1,)]
    assert await rows(postgres, "SELECT count(*) FROM events") == [(3,)]


async def test_a_commit_that_was_cut_off_may_meet_another_process(store: Store, proxy: Proxy, postgres: str) -> None:
    """If another process applied a part of the batch meanwhile, the rest of it is not taken for kept."""
    other = await open_store(postgres)
    proxy.cut, proxy.shuts = "before", True

    async def meanwhile() -> None:
        proxy.drop()  # the lost transaction ends first, or the other one waits for it
        await commit(other, EVENT)
        proxy.shut = False

    proxy.meanwhile = meanwhile
    assert await commit(store, EVENT, arrival(B, "1", change(document="b"))) == ["duplicate", "applied"]
    assert await rows(postgres, "SELECT address, rev FROM conversations ORDER BY 1") == [(A, 1), (B, 1)]
    await other.close()


async def test_a_commit_that_goes_on_when_cut_off_counts_once(store: Store, proxy: Proxy, postgres: str) -> None:
    """One that waits for others is done again meanwhile; once it is through it is found to be what was asked for."""
    await commit(store, EVENT)
    holder = await asyncpg.connect(postgres)
    async with asyncio.timeout(20), holder.transaction():
        await holder.execute("SELECT 1 FROM conversations FOR UPDATE")
        kept = asyncio.create_task(commit(store, arrival(A, "2", change(message("again"), document="2"))))
        await until_waiting(postgres, 1)
        proxy.drop()
        await until_waiting(postgres, 2)
    await holder.close()
    assert await kept == ["applied"]
    assert await rows(postgres, "SELECT document, rev FROM conversations") == [("2", 2)]
    assert await rows(postgres, "SELECT payload FROM outbox ORDER BY id") == [("hello",), ("again",)]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_messages_taken_up_as_the_connection_broke_are_not_stuck(
    store: Store, proxy: Proxy, moment: Moment
) -> None:
    """They were handed to nobody, so they are taken up anew, as their first attempt."""
    await commit(store, EVENT)
    proxy.cut = moment
    (delivery,) = await exchange(store)
    assert (delivery.payload, delivery.attempts) == ("hello", 1)
    await exchange(store, Settlement(delivery.id, "sent"))
    assert await exchange(store) == []


@pytest.mark.usefixtures("impatient")
async def test_messages_taken_up_before_an_outage_are_not_stuck(store: Store, proxy: Proxy) -> None:
    """The same, where the server stays away for so long that the call is given up."""
    await commit(store, EVENT)
    proxy.cut, proxy.shuts = "after", True
    with pytest.raises(Unavailable, match=r"cannot be reached|closed in the middle"):
        await exchange(store)
    proxy.shut = False
    (delivery,) = await exchange(store)
    assert (delivery.payload, delivery.attempts) == ("hello", 1)


@pytest.mark.usefixtures("impatient")
async def test_adopted_messages_are_not_stuck(store: Store, proxy: Proxy) -> None:
    """Messages adopted as the server went away are adopted again."""
    await commit(store, EVENT)
    (lost,) = await exchange(store, owner="dead")
    await store.acquire("alive", "alive", 0, 1000)
    proxy.cut, proxy.shuts = "after", True
    with pytest.raises(Unavailable):
        await store.adopt("alive", ["console"], 10, 1)
    proxy.shut = False
    assert await store.adopt("alive", ["console"], 10, 1) == [lost]
    assert await store.adopt("alive", ["console"], 10, 1) == []


@pytest.mark.usefixtures("impatient")
async def test_adopted_messages_are_not_forgotten_for_another_carrier(store: Store, proxy: Proxy) -> None:
    """A process that adopts for each platform on its own finds those again whose adoption it never heard of."""
    await commit(store, EVENT)
    (lost,) = await exchange(store, owner="dead")
    await store.acquire("alive", "alive", 0, 1000)
    proxy.cut, proxy.shuts = "after", True
    with pytest.raises(Unavailable):
        await store.adopt("alive", ["console"], 10, 1)
    proxy.shut = False
    assert await store.adopt("alive", ["hooks"], 10, 1) == []
    assert await store.adopt("alive", ["console"], 10, 1) == [lost]


@pytest.mark.usefixtures("impatient")
async def test_an_outage_passes(store: Store, proxy: Proxy) -> None:
    """While the server is away every call says so, and the next one after it is back goes through."""
    await commit(store, EVENT)
    proxy.shut = True
    proxy.drop()
    with pytest.raises(Unavailable, match="Is it running"):
        await commit(store, arrival(A, "2", change()))
    with pytest.raises(Unavailable):
        await store.due(0, 1)
    proxy.shut = False
    assert await commit(store, arrival(A, "2", change())) == ["applied"]


async def test_a_restart_of_the_server_is_not_noticed(store: Store, postgres: str) -> None:
    """Connections that the server ended are made anew within the call."""
    await commit(store, EVENT)
    connection = await asyncpg.connect(postgres)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'triage'"
    )
    await connection.close()
    assert await texts(store) == ["hello"]


async def test_what_was_planned_while_there_was_nothing_reads_little_later(postgres: str) -> None:
    """Plans are kept: one made on empty tables looks rows up, but for the few that are under way."""

    def read_through(plan: dict[str, Any]) -> set[str]:
        here = {plan["Index Name"]} if "Index Name" in plan and "Index Cond" not in plan else set[str]()
        return here.union(*map(read_through, plan.get("Plans", [])))

    connection = await asyncpg.connect(postgres, server_settings=server.SETTINGS)
    try:
        # as tables are at first: of one that was emptied and looked at since, the server knows that it has no rows
        tables = ", ".join(each.name for each in METADATA.sorted_tables if each.name != "audit")
        await connection.execute(f"TRUNCATE {tables}")
        for statement in (intake._FIND, intake._WRITE, outbox.NEXT, outbox._CLAIM, outbox._SETTLE, outbox._TAKE):
            nulls = ", ".join("NULL" for _ in (await connection.prepare(statement)).get_parameters())
            await connection.execute(f"PREPARE it AS {statement}")
            plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE it({nulls})"))
            await connection.execute("DEALLOCATE it")
            assert "Seq Scan" not in str(plan)
            assert read_through(plan[0]["Plan"]) <= {"ix_outbox_sending"}, statement
    finally:
        await connection.close()


@pytest.mark.usefixtures("impatient")
async def test_what_others_hold_is_waited_for(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation that something else holds for too long makes a call unavailable, with nothing kept."""
    monkeypatch.setitem(server.SETTINGS, "lock_timeout", "50ms")
    store = await open_store(postgres)
    await commit(store, EVENT)
    connection = await asyncpg.connect(postgres)
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM conversations FOR UPDATE")
        with pytest.raises(Unavailable, match="lock timeout"):
            await commit(store, arrival(A, "2", change()))
    await connection.close()
    assert await commit(store, arrival(A, "2", change())) == ["applied"]
    await store.close()


async def test_a_caller_that_goes_away_leaves_nothing_half_done(store: Store, proxy: Proxy, postgres: str) -> None:
    """A call that is called off while the server works is undone, or done with nobody the worse for it."""
    await commit(store, EVENT)
    for call in (lambda: commit(store, arrival(A, "2", change(document="2"))), lambda: exchange(store)):
        proxy.answers.clear()
        task: asyncio.Task[object] = asyncio.create_task(call())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.01)
        proxy.answers.set()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await commit(store, arrival(A, "2", change(document="2")))
    assert await rows(postgres, "SELECT document, rev FROM conversations") == [("2", 2)]
    (delivery,) = await exchange(store)
    assert delivery.attempts == 1


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("postgresql://localhost:1/none", Unavailable, "cannot be reached"),
        ("postgresql://localhost:port/none", StoreError, "URL cannot be used"),
        ("mysql://localhost/none", StoreError, "no database known here"),
        ("sqlite://", StoreError, "no database known here"),
    ],
)
@pytest.mark.usefixtures("impatient")
async def test_a_wrong_url_is_explained(url: str, kind: type[StoreError], says: str) -> None:
    """Whatever is wrong with the URL of a database is said in words."""
    with pytest.raises(kind, match=says):
        await open_store(url)


async def test_a_missing_database_is_explained(postgres_server: str) -> None:
    """A server without the database says how to make it."""
    from tests.servers import database  # noqa: PLC0415

    with pytest.raises(StoreError, match="Create it"):
        await open_store(database(postgres_server, "triage_test_none"))


async def test_an_old_server_is_refused(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server older than the oldest that is supported is named with its version."""
    monkeypatch.setattr(server, "OLDEST", 990_000)
    with pytest.raises(StoreError, match=r"PostgreSQL \d\d is too old: this needs 99 or newer"):
        await open_store(postgres)


@pytest.mark.parametrize("arguments", [("a\0b", 0), ("a\ud800b", 0), ("secret", 2**70)])
async def test_a_value_that_cannot_be_kept_is_not_told(postgres: str, arguments: tuple[str, int]) -> None:
    """Where a value does not fit its column the error says so without it."""
    store = await open_store(postgres)
    key, now = arguments
    with pytest.raises(StoreError, match="not of the kind") as caught:
        await commit(store, arrival(A, key, change()), now=now)
    assert "secret" not in str(caught.value)
    assert await commit(store, arrival(A, "1", change())) == ["applied"]
    await store.close()


@pytest.mark.parametrize(
    ("failure", "kind", "says"),
    [
        (asyncpg.DeadlockDetectedError("deadlock detected"), Unavailable, "deadlock detected"),
        (asyncpg.DiskFullError("could not extend file"), Unavailable, "disk is full; free some space"),
        (asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT"), Unavailable, "name the primary"),
        (asyncpg.TooManyConnectionsError("sorry"), Unavailable, "raise max_connections"),
        (asyncpg.AdminShutdownError("terminating connection"), Unavailable, "terminating"),
        (asyncpg.InvalidPasswordError("no"), StoreError, "Check user and password"),
        (asyncpg.InsufficientPrivilegeError("no"), StoreError, "Give the user"),
        (asyncpg.UndefinedTableError("no"), StoreError, "Restart this program"),
        (asyncpg.InterfaceError("connection is closed"), Unavailable, "cannot be reached"),
        (TimeoutError(), Unavailable, "no answer in time"),
        (asyncpg.DataError("invalid input for query argument $1: 'secret'"), StoreError, "not of the kind"),
    ],
)
def test_failures_are_explained(failure: Exception, kind: type[StoreError], says: str) -> None:
    """What passes is Unavailable, what an operator must mend is not; both say what to do, and hold no content."""
    error = server.explained(failure)
    assert type(error) is kind
    assert says in str(error)
    assert "secret" not in str(error)
