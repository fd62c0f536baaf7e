"""Reading through all conversations of a database that is in use: nobody is held up, and nothing is changed or made."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from alembic.runtime.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.store import admin, migrations
from bot.store.migrating import engine
from bot.store.opening import refuse_unknown
from bot.store.port import StoreError
from bot.store.postgres import server
from bot.store.sqlite import file
from bot.store.tables import CONVERSATIONS, EVENTS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_PAGE: Final = 500
"""Rows that are read at once."""


class Standing(NamedTuple):
    """A conversation as it stands."""

    id: int
    address: str
    document: str


class Logged(NamedTuple):
    """What one event brought about in a conversation: `records` is a JSON array."""

    conversation: int
    records: str


@asynccontextmanager
async def observed(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection that only reads, and sees the database as it is at one time. Raises StoreError."""
    refuse_unknown(url)
    admin.exists(url)
    made = engine(url, begin="BEGIN")
    try:
        async with AsyncExitStack() as stack:
            connection = await _connected(made, url)
            stack.push_async_callback(connection.close)
            found = await connection.run_sync(_revision)
            if found != migrations.HEAD:
                raise StoreError(_OTHER.format(found or "none"))
            yield connection
    except DBAPIError as failure:
        raise _explained(failure.orig or failure, url) from failure
    except server.DRIVER as failure:
        raise _explained(failure, url) from failure
    finally:
        await made.dispose()


async def _connected(made: AsyncEngine, url: str) -> AsyncConnection:
    """A connection in a transaction that sees nothing of what others commit meanwhile."""
    try:
        if made.dialect.name == "postgresql":
            made = made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return await made.connect()
    except ValueError as failure:  # what the driver says of a URL
        raise _explained(failure, url) from failure


_OTHER: Final = (
    "the tables of this database are not those of this version (they are at: {}). Use the version that serves it; a "
    "start of `triage serve` brings older tables up to date."
)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _explained(failure: BaseException, url: str) -> StoreError:
    if url.startswith(file.URL):
        return file.explained(failure, Path(url.removeprefix(file.URL)))
    return server.explained(failure.__cause__ or failure)


async def conversations(connection: AsyncConnection) -> AsyncIterator[Standing]:
    """Every conversation, oldest first, page by page."""
    columns, last = [CONVERSATIONS.c[name] for name in Standing._fields], 0
    while True:
        query = select(*columns).where(CONVERSATIONS.c.id > last).order_by(CONVERSATIONS.c.id).limit(_PAGE)
        page = [Standing(*each) for each in await connection.execute(query)]
        for each in page:
            yield each
        if len(page) < _PAGE:
            return
        last = page[-1].id


async def log(connection: AsyncConnection) -> AsyncIterator[Logged]:
    """The logs of all conversations, one after the other, each in its order."""
    columns = [EVENTS.c[name] for name in Logged._fields]
    query = select(*columns).where(EVENTS.c.records.is_not(None)).order_by(EVENTS.c.conversation, EVENTS.c.rev)
    async for each in await connection.stream(query):
        yield Logged(*each)
