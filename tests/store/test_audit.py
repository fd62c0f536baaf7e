"""The audit: rows are sealed one over the other, and what was tampered with is found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.store.admin import administered
from bot.store.audit import Deed, append, broken
from bot.store.port import StoreError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def deeds(connection: AsyncConnection, *actions: str) -> None:
    """Write some deeds down."""
    for number, action in enumerate(actions):
        await append(connection, Deed(number, "me@here", action, "conversation:1", {"rows": number}))


async def deed_and(database: str, statement: str) -> None:
    """Write a deed down, and execute a statement in the same transaction."""
    async with administered(database) as connection:
        await deeds(connection, "forgotten")
        await connection.execute(text(statement))


async def test_whole_rows_are_sound(database: str) -> None:
    """None, one and several; also when they were written in several transactions."""
    async with administered(database) as connection:
        assert await broken(connection) is None
        await deeds(connection, "forgotten")
    async with administered(database) as connection:
        await deeds(connection, "dropped", "vacuumed")
        assert await broken(connection) is None


async def test_nothing_in_it_can_be_changed(database: str) -> None:
    """Neither a row's words nor the row itself, by whoever works through the database."""
    for statement in ("UPDATE audit SET actor = 'you'", "DELETE FROM audit"):
        with pytest.raises(StoreError, match="can only be added to"):
            await deed_and(database, statement)


async def test_a_row_with_a_false_seal_is_found(database: str) -> None:
    """Somebody who adds a row past the program cannot seal it, and every row after it is doubted."""
    async with administered(database) as connection:
        await deeds(connection, "forgotten")
        added = "INSERT INTO audit (at, actor, action, subject, data, seal) VALUES (1, 'you', 'x', 'y', '{}', 'z')"
        await connection.execute(text(added))
        number = (await connection.execute(text("SELECT max(id) FROM audit"))).scalar_one()
        await deeds(connection, "dropped")
        assert await broken(connection) == number


async def test_two_at_once_take_turns(database: str) -> None:
    """Each seals over the other's row; neither is lost."""

    async def one(action: str) -> None:
        async with administered(database) as connection:
            await deeds(connection, action)

    await asyncio.gather(*(one(f"deed {number}") for number in range(4)))
    async with administered(database) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit"))).scalar_one() == 4
        assert await broken(connection) is None


async def test_a_deed_that_was_not_done_is_not_recorded(database: str) -> None:
    """What is undone takes its row with it."""
    with pytest.raises(StoreError, match="nowhere"):
        await deed_and(database, "SELECT * FROM nowhere")
    async with administered(database) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit"))).scalar_one() == 0
