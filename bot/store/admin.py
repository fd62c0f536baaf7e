"""What operators read: conversations with all that belongs to them, on a file or on PostgreSQL. No hot path.

Everything is asked of a connection of `administered`, within one transaction.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError

from bot.chat.addresses import parse
from bot.store.cases import listed, read
from bot.store.migrating import engine
from bot.store.opening import open_store
from bot.store.port import StoreError
from bot.store.rows import CaseRow, Kept, Listed, Parked
from bot.store.sqlite import file
from bot.store.tables import CASES, CONVERSATIONS, DROPS, EVENTS, FLOWS, INSTALLATIONS, OUTBOX, PARKED, TIMERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection


class Row(NamedTuple):
    """A conversation as it stands. Times are milliseconds since 1970 UTC."""

    id: int
    address: str
    document: str
    rev: int
    status: str
    control: str
    epoch: int
    created: int
    updated: int


class Entry(NamedTuple):
    """What one event brought about: `records` is a JSON array."""

    rev: int
    at: int
    records: str


class Sent(NamedTuple):
    """A message and what became of it; `done` is when that was known."""

    id: int
    destination: str
    kind: str
    payload: str
    state: str
    reason: str | None
    attempts: int
    not_before: int
    created: int
    done: int | None


class Timer(NamedTuple):
    """A timer that is set."""

    name: str
    due: int


_COLUMNS: Final = [CONVERSATIONS.c[name] for name in Row._fields]


def exists(url: str) -> None:
    """Raise StoreError if `url` names a file that is not there: whoever looks at a database does not want a new one."""
    path = Path(url.removeprefix(file.URL))
    if url.startswith(file.URL) and not path.is_file():
        raise StoreError(f"{path}: there is no such file. Is it the one that `triage serve` or `triage chat` uses?")


@asynccontextmanager
async def administered(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to the database at `url`; what is changed within is kept together at the end. Raises StoreError."""
    exists(url)
    await (await open_store(url)).close()  # ours, and up to date
    made = engine(url)
    try:
        async with made.begin() as connection:
            yield connection
    except DBAPIError as failure:
        raise StoreError(f"the database says: {failure.orig}") from failure
    finally:
        await made.dispose()


async def find(connection: AsyncConnection, reference: str) -> list[Row]:
    """Conversations by address, by the reference of a case, or by the id of a session, also of an earlier one.

    An address may be written as it is read (console:zoé:chat:): what is stored is quoted.
    """
    if not reference.isprintable():  # such as what a terminal could not decode; no database takes it
        return []
    for written in (reference, f"{reference}:"):
        with suppress(ValueError):
            there = CONVERSATIONS.c.address == str(parse(written))
            if found := await _rows(connection, select(*_COLUMNS).where(there)):
                return found
    if not reference.replace("-", "").isalnum():
        return []
    of_case = select(CASES.c.conversation).where(CASES.c.id == reference.upper())
    if found := await _rows(connection, select(*_COLUMNS).where(CONVERSATIONS.c.id.in_(of_case))):
        return found
    # a document or log is one text for the database, and holds these two in just this form
    parts = [f'"case":"{reference.upper()}"', f'"id":"{reference.lower()}"', f'"session":"{reference.lower()}"']
    document = or_(*(CONVERSATIONS.c.document.contains(part, autoescape=True) for part in parts[:2]))
    records = or_(*(EVENTS.c.records.contains(part, autoescape=True) for part in (parts[0], parts[2])))
    return await _rows(connection, select(*_COLUMNS).where(document)) or await _rows(
        connection, select(*_COLUMNS).where(CONVERSATIONS.c.id.in_(select(EVENTS.c.conversation).where(records)))
    )


async def ids(connection: AsyncConnection) -> list[int]:
    """Every conversation, oldest first."""
    return [id_ for (id_,) in await connection.execute(select(CONVERSATIONS.c.id).order_by(CONVERSATIONS.c.id))]


async def row(connection: AsyncConnection, id: int) -> Row | None:  # noqa: A002
    """The conversation with that id."""
    found = await _rows(connection, select(*_COLUMNS).where(CONVERSATIONS.c.id == id))
    return found[0] if found else None


async def of_merchant(connection: AsyncConnection, merchant: str) -> list[Row]:
    """The conversations with a merchant, oldest first."""
    return await _rows(connection, select(*_COLUMNS).where(CONVERSATIONS.c.merchant == merchant))


async def waits(connection: AsyncConnection, ids: Sequence[int], but: int) -> bool:
    """Whether those conversations have anything to be sent yet, but for one message."""
    pending = (OUTBOX.c.conversation.in_(ids), OUTBOX.c.done.is_(None))
    query = select(OUTBOX.c.id).where(*pending, OUTBOX.c.id != but).limit(1)
    return (await connection.execute(query)).first() is not None


async def drops(connection: AsyncConnection, addresses: Sequence[str]) -> int:
    """How many one-time forms of those conversations hold something."""
    query = select(func.count()).select_from(DROPS).where(DROPS.c.address.in_(addresses), DROPS.c.sealed != "")
    return int((await connection.execute(query)).scalar_one())


async def log(connection: AsyncConnection, id: int) -> list[Entry]:  # noqa: A002
    """The log of a conversation, oldest first."""
    query = (
        select(EVENTS.c.rev, EVENTS.c.at, EVENTS.c.records)
        .where(EVENTS.c.conversation == id, EVENTS.c.records.is_not(None))
        .order_by(EVENTS.c.rev)
    )
    return [Entry(*each) for each in await connection.execute(query)]


async def messages(connection: AsyncConnection, id: int) -> list[Sent]:  # noqa: A002
    """What a conversation sent and will send, oldest first."""
    query = select(*(OUTBOX.c[name] for name in Sent._fields)).where(OUTBOX.c.conversation == id).order_by(OUTBOX.c.id)
    return [Sent(*each) for each in await connection.execute(query)]


async def opened_cases(connection: AsyncConnection, since: int | None, until: int | None) -> AsyncIterator[Listed]:
    """The cases that were opened since and before then, oldest first, one after the other as they are read."""
    columns = (*(CASES.c[name] for name in CaseRow._fields), CONVERSATIONS.c.address, CASES.c.updated)
    query = (
        select(*columns)
        .join(CONVERSATIONS, CONVERSATIONS.c.id == CASES.c.conversation)
        .where(*([CASES.c.opened >= since] if since is not None else []))
        .where(*([CASES.c.opened < until] if until is not None else []))
        .order_by(CASES.c.opened, CASES.c.id)
    )
    async for each in await connection.stream(query):
        yield listed(each)


async def carried(connection: AsyncConnection, carrier: str, number: int | None = None) -> list[tuple[str, Sent]]:
    """What went or will go out by a carrier, with the address of its conversation, oldest first; or one by its id."""
    which = OUTBOX.c.carrier == carrier if number is None else OUTBOX.c.id == number
    query = (
        select(CONVERSATIONS.c.address, *(OUTBOX.c[name] for name in Sent._fields))
        .join(CONVERSATIONS, CONVERSATIONS.c.id == OUTBOX.c.conversation)
        .where(which, OUTBOX.c.carrier == carrier)
        .order_by(OUTBOX.c.id)
    )
    return [(address, Sent(*rest)) for address, *rest in await connection.execute(query)]


async def send_again(connection: AsyncConnection, number: int, carrier: str) -> bool:
    """Have a message of a carrier sent at once, as if for the first time; False for one that is under way."""
    which = (OUTBOX.c.id == number, OUTBOX.c.carrier == carrier, OUTBOX.c.state != "sending")
    anew = {"state": "queued", "reason": None, "attempts": 0, "not_before": 0, "done": None}
    return bool((await connection.execute(update(OUTBOX).where(*which).values(anew))).rowcount)


async def accounts(connection: AsyncConnection, channel: str) -> list[str]:
    """The accounts on a channel that have installed the app themselves, the newest first."""
    which = INSTALLATIONS.c.account.startswith(f"{channel}:", autoescape=True)
    query = select(INSTALLATIONS.c.account).where(which).order_by(INSTALLATIONS.c.at.desc(), INSTALLATIONS.c.account)
    return [account for (account,) in await connection.execute(query)]


async def timers(connection: AsyncConnection, id: int) -> list[Timer]:  # noqa: A002
    """The timers of a conversation, the next one first."""
    query = select(TIMERS.c.name, TIMERS.c.due).where(TIMERS.c.conversation == id).order_by(TIMERS.c.due)
    return [Timer(*each) for each in await connection.execute(query)]


async def cases(connection: AsyncConnection, id: int) -> list[CaseRow]:  # noqa: A002
    """The cases of a conversation, oldest first."""
    query = select(*(CASES.c[name] for name in CaseRow._fields)).where(CASES.c.conversation == id)
    return [read(each) for each in await connection.execute(query.order_by(CASES.c.opened, CASES.c.id))]


async def flows(connection: AsyncConnection) -> list[tuple[int, Kept]]:
    """Every version kept, in the order in which they came, with when that was."""
    query = select(FLOWS.c.at, *(FLOWS.c[name] for name in Kept._fields)).order_by(
        FLOWS.c.at, FLOWS.c.flow, FLOWS.c.hash
    )
    return [(at, Kept(*each)) for at, *each in await connection.execute(query)]


async def settle_parked(connection: AsyncConnection, event: Parked, now: int) -> None:
    """Take an event out of what was put aside, for good: its key still counts as seen."""
    await connection.execute(delete(PARKED).where(PARKED.c.id == event.id))
    conversation = select(CONVERSATIONS.c.id, CONVERSATIONS.c.rev).where(CONVERSATIONS.c.address == event.address)
    found = (await connection.execute(conversation.with_for_update(key_share=True))).first()
    if found is None:
        return
    seen = select(EVENTS.c.key).where(EVENTS.c.conversation == found.id, EVENTS.c.key == event.key)
    if (await connection.execute(seen)).first() is None:
        await connection.execute(insert(EVENTS).values(conversation=found.id, key=event.key, rev=found.rev, at=now))


async def parked(connection: AsyncConnection, **wanted: Any) -> list[Parked]:
    """Events that could not be applied, oldest first; only those with the `wanted` values, if any."""
    query = select(*(PARKED.c[name] for name in Parked._fields)).order_by(PARKED.c.id).filter_by(**wanted)
    return [Parked(*each) for each in await connection.execute(query)]


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[Row]:
    return [Row(*each) for each in await connection.execute(query.order_by(CONVERSATIONS.c.id))]
