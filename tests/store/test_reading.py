"""Reading through all conversations of a database that is in use."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from bot.store import reading
from bot.store.admin import administered
from bot.store.migrating import engine
from bot.store.port import StoreError
from bot.store.tables import CONVERSATIONS, EVENTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import NewDatabase

FEW = 3
MANY = 1203
"""More than are read at once."""


async def fill(url: str, number: int) -> None:
    """Make conversations, each with a line of log."""
    row = {"document": "{}", "rev": 1, "status": "active", "control": "bot", "epoch": 0, "created": 0, "updated": 0}
    async with administered(url) as connection:
        rows = [{**row, "id": each, "address": f"console:{each}:chat:"} for each in range(1, number + 1)]
        await connection.execute(insert(CONVERSATIONS), rows)
        event = {"key": "1", "rev": 1, "at": 0}
        logs = [{**event, "conversation": each, "records": f"[{each}]"} for each in range(1, number + 1)]
        await connection.execute(insert(EVENTS), logs)


@pytest.mark.parametrize("number", [0, FEW, MANY])
async def test_all_are_read_in_their_order(database: str, number: int) -> None:
    """However many there are, none is left out and none comes twice."""
    if number:
        await fill(database, number)
    async with reading.observed(database) as connection:
        found = [each.address async for each in reading.conversations(connection)]
        logged = [each.records async for each in reading.log(connection)]
    assert found == [f"console:{each}:chat:" for each in range(1, number + 1)]
    assert logged == [f"[{each}]" for each in range(1, number + 1)]


async def test_others_go_on_meanwhile_and_are_not_seen(database: str) -> None:
    """A transaction that writes is not held up, and what it adds belongs to a later reading."""
    await fill(database, FEW)
    async with reading.observed(database) as connection:
        first = [each.id async for each in reading.conversations(connection)]
        async with asyncio.timeout(30), administered(database) as other:
            await other.execute(text("DELETE FROM conversations WHERE id = 1"))
        assert [each.id async for each in reading.conversations(connection)] == first == [1, 2, 3]


async def test_nothing_can_be_written(postgres: str) -> None:
    """The server itself refuses it."""
    async with reading.observed(postgres) as connection:
        with pytest.raises(DBAPIError, match="read-only"):
            await connection.execute(text("DELETE FROM conversations"))


async def test_a_database_of_another_version_is_left_alone(database: str) -> None:
    """It is not brought up to date by somebody who only looks; the error says what does that."""
    newest = await version(database, "v0000_older")
    try:
        with pytest.raises(StoreError, match=r"they are at: v0000_older.*triage serve"):
            async with reading.observed(database):
                pass
    finally:  # the server's tables are emptied for the next test, and not made anew
        await version(database, newest)


async def version(url: str, named: str) -> str:
    """Say that the tables are at a version; the one before."""
    made = engine(url)
    async with made.begin() as connection:
        (before,) = (await connection.execute(text("SELECT version_num FROM alembic_version"))).one()
        await connection.execute(text("UPDATE alembic_version SET version_num = :named"), {"named": named})
    await made.dispose()
    return str(before)


def test_what_is_no_database_of_ours(tmp_path: Path, new_postgres: NewDatabase) -> None:
    """A file that is none, another program's, and a server's without tables: each says so, and stays as it is."""
    file = tmp_path / "a.db"
    file.write_bytes(b"nothing of the kind" * 100)
    other = tmp_path / "b.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE things (id)")

    async def read(url: str) -> None:
        async with reading.observed(url):
            pass

    for url, reason in (
        (f"sqlite:///{file}", "this is not a database"),
        (f"sqlite:///{other}", "they are at: none"),
        (new_postgres(), "they are at: none"),
    ):
        with pytest.raises(StoreError, match=re.escape(reason)):
            asyncio.run(read(url))
    assert file.read_bytes() == b"nothing of the kind" * 100
