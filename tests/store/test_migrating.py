"""Tables are made, changed and taken back on both databases; only what is ours is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from bot.store import migrations
from bot.store.migrating import configuration, engine, migrate
from bot.store.opening import open_store
from bot.store.port import StoreError
from bot.store.tables import METADATA
from tests.programs import Program
from tests.store.made import A, B, arrival, case, change, commit, message, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from tests.databases import NewDatabase

T = TypeVar("T")
COLUMNS = "address, document, rev, status, control, epoch, created, updated"
START = """
import asyncio, os, sys
from bot.store.opening import open_store

async def main(url):
    store = await open_store(url)
    print(await store.acquire("first", str(os.getpid()), 0, 1))
    await store.close()

asyncio.run(main(sys.argv[1]))
"""


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables, which may not even be there."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    new: NewDatabase = request.getfixturevalue("new_postgres")
    return new()


async def look(url: str, question: Callable[[Connection], T]) -> T:
    """Ask a connection."""
    made = engine(url)
    try:
        async with made.begin() as connection:
            return await connection.run_sync(question)
    finally:
        await made.dispose()


async def tables(url: str) -> set[str]:
    """The names of the tables."""
    return set(await look(url, lambda connection: inspect(connection).get_table_names())) - {"alembic_version"}


async def execute(url: str, *statements: str) -> None:
    """Execute statements."""

    def each(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    await look(url, each)


async def test_up_down_and_up_again(fresh: str) -> None:
    """Each revision can be made and taken back, one by one, and nothing of it is left."""
    await migrate(fresh)
    assert await tables(fresh) == set(METADATA.tables)
    scripts = await look(fresh, lambda connection: ScriptDirectory.from_config(configuration(connection)))
    revisions = [each.revision for each in scripts.walk_revisions()]
    assert revisions[0] == migrations.HEAD
    for revision in [*revisions[1:], "base"]:
        await migrate(fresh, revision)
    assert await tables(fresh) == set()
    for revision in reversed(revisions):
        await migrate(fresh, revision)
    assert await tables(fresh) == set(METADATA.tables)


async def test_tables_are_as_they_are_described(database: str) -> None:
    """What the migrations make is what `tables.py` says: Alembic finds nothing that differs."""

    def differences(connection: Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, METADATA)

    assert await look(database, differences) == []


async def test_indexes_are_partial_on_both(database: str) -> None:
    """The indexes that delivery looks for work in hold that alone, and that of links what opened a case alone."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if database.startswith("sqlite")
        else "SELECT indexname, indexdef FROM pg_indexes"
    )
    found = {str(name): str(sql).partition("WHERE")[2] for name, sql in await rows(database, query)}
    assert all("state" in found[f"ix_outbox_{name}"] for name in ("queued", "sending"))
    assert "case:" in found["ix_links_case"]


async def test_processes_that_start_together_take_turns(fresh: str) -> None:
    """Of several that find no tables one makes them, and all go on."""
    started = [Program(fresh, code=START) for _ in range(2)]
    ended = [each.communicate() for each in started]
    assert sorted(ended) == [(b"False\n", b""), (b"True\n", b"")]
    assert await tables(fresh) == set(METADATA.tables)


async def test_a_newer_version_is_refused(database: str) -> None:
    """A database of a newer version is left alone, with the advice to update."""
    await execute(database, "UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(StoreError, match=r"made by a newer version.*9999.*Update"):
            await open_store(database)
        assert await tables(database) == set(METADATA.tables)
    finally:
        await execute(database, f"UPDATE alembic_version SET version_num = {migrations.HEAD!r}")


@pytest.fixture
def another(new_postgres: NewDatabase) -> str:
    """The URL of a database without tables."""
    return new_postgres()


async def test_another_programs_tables_are_left_alone(another: str) -> None:
    """A database in which tables of these names are somebody else's is refused, and stays as it is."""
    await execute(another, "CREATE TABLE events (theirs integer)", "INSERT INTO events VALUES (1)")
    with pytest.raises(StoreError, match=r"another program\. Name an empty one"):
        await open_store(another)
    assert await rows(another, "SELECT theirs FROM events") == [(1,)]


async def test_a_failing_migration_leaves_nothing(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies while it makes the tables leaves none: the next one begins anew."""

    def die(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.store.migrating.reached", die)
    with pytest.raises(KeyboardInterrupt):
        await migrate(fresh)
    assert await tables(fresh) == set()
    monkeypatch.undo()
    await (await open_store(fresh)).close()
    assert await tables(fresh) == set(METADATA.tables)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO links (conversation, outbox, native, destination) VALUES (99, 1, 'm', 'd')",
        "INSERT INTO events (conversation, key, rev, at) SELECT conversation, key, rev, at FROM events",
        f"INSERT INTO conversations ({COLUMNS}) SELECT {COLUMNS} FROM conversations",
        "UPDATE conversations SET control = 'nobody'",
        "UPDATE outbox SET state = 'forgotten'",
        "UPDATE audit SET actor = 'somebody else'",
        "DELETE FROM audit",
    ],
)
async def test_the_database_itself_refuses_what_cannot_be(database: str, statement: str) -> None:
    """Keys are unique, states are known, and the audit can only be added to: by constraints."""
    store = await open_store(database)
    await commit(store, arrival(A, "1", change(message("hello"))))
    await store.close()
    await execute(
        database,
        "INSERT INTO audit (at, actor, action, subject, data, seal) VALUES (0, 'a', 'b', 'c', '{}', 'seal')",
    )
    with pytest.raises(DBAPIError):
        await execute(database, statement)


async def test_removing_a_conversation_removes_what_hangs_on_it(database: str) -> None:
    """Events, log, outbox, cases and timers go with their conversation, and nothing of another one."""
    store = await open_store(database)
    for address in (A, B):
        await commit(store, arrival(address, "1", change(message("hello"), case=case("T-1"), tick=1)))
        await commit(store, arrival(address, "2"))
        await commit(store, arrival(address, "3", change()))
    await store.close()
    names = ("events", "outbox", "cases", "timers")
    for left in ([3, 1, 1, 1], [0, 0, 0, 0]):
        await execute(database, "DELETE FROM conversations WHERE id = (SELECT min(id) FROM conversations)")
        assert [(await rows(database, f"SELECT count(*) FROM {name}"))[0][0] for name in names] == left
