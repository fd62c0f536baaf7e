"""What operators remove: all of one conversation, or what has been kept for long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, delete, exists, func, insert, literal, not_, or_, select, text

from bot.store.tables import (
    BUCKETS,
    CASES,
    CONVERSATIONS,
    DROPS,
    EVENTS,
    FLOWS,
    FORGOTTEN,
    LEASES,
    LINKS,
    OUTBOX,
    PARKED,
    TIMERS,
)
from bot.store.texts import fingerprint

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.admin import Row

DAY_MS: Final = 86_400_000
_SOME: Final = 500
"""Conversations that are named in one statement."""
_OF_A_CONVERSATION: Final = (EVENTS, LINKS, OUTBOX, CASES, TIMERS)
"""Tables whose rows belong to a conversation, and are found by it."""


class Retention(NamedTuple):
    """How many days what is kept; each class has its reason.

    `events`: keys of events that changed nothing, kept to know them when a platform brings them again (Slack and
    Telegram do within a day). `messages`: what was sent, kept to edit it and to show it again. `failures`: what was
    refused, is uncertain or was parked, kept for whoever looks into it. `conversations`: those that ended, with their
    log, counted from their last event. One that has not ended is never removed.
    """

    events: int = 7
    messages: int = 30
    failures: int = 90
    conversations: int = 365


async def erase(connection: AsyncConnection, conversation: Row, now: int) -> dict[str, int]:
    """Remove everything of a conversation; how many rows of which table. It counts as one that never was.

    Only an event that a platform may still bring again (`Retention.events`) stays known, by its fingerprint.
    """
    await _overwrite(connection)
    await _lock(connection, CONVERSATIONS.c.id == conversation.id)
    await _remember(connection, conversation, now)
    counts: dict[str, int] = {}
    for table in _OF_A_CONVERSATION:
        counts[table.name] = await _delete(connection, table, table.c.conversation == conversation.id)
    counts["drops"] = await _delete(connection, DROPS, DROPS.c.address == conversation.address)
    counts["parked"] = await _delete(connection, PARKED, PARKED.c.address == conversation.address)
    counts["conversations"] = await _delete(connection, CONVERSATIONS, CONVERSATIONS.c.id == conversation.id)
    return counts


async def prune(connection: AsyncConnection, keep: Retention, now: int) -> dict[str, int]:
    """Remove what was kept for long enough; how many rows of which class. To look without doing, roll it back."""
    await _overwrite(connection)
    ended = and_(CONVERSATIONS.c.status != "active", CONVERSATIONS.c.control == "bot")
    old = and_(ended, CONVERSATIONS.c.updated < now - keep.conversations * DAY_MS)
    gone = await _lock(connection, old, not_(_pending(CONVERSATIONS.c.id)), not_(_worked_on(CONVERSATIONS.c.id)))
    counts = {"rows of ended conversations": 0, "ended conversations": len(gone)}
    for some in (gone[start : start + _SOME] for start in range(0, len(gone), _SOME)):
        for table in (EVENTS, LINKS, OUTBOX, CASES):
            counts["rows of ended conversations"] += await _delete(connection, table, table.c.conversation.in_(some))
        await _delete(connection, TIMERS, TIMERS.c.conversation.in_(some))
        await _delete(connection, CONVERSATIONS, CONVERSATIONS.c.id.in_(some))
    counts["keys of events that changed nothing"] = await _delete(
        connection, EVENTS, and_(EVENTS.c.records.is_(None), EVENTS.c.at < now - keep.events * DAY_MS)
    )
    sent = and_(OUTBOX.c.state.in_(("sent", "suppressed")), OUTBOX.c.done < now - keep.messages * DAY_MS)
    failed = and_(OUTBOX.c.state.in_(("refused", "uncertain")), OUTBOX.c.done < now - keep.failures * DAY_MS)
    outbox = select(OUTBOX.c.id)
    counts["links to sent messages"] = await _delete(connection, LINKS, LINKS.c.outbox.in_(outbox.where(sent)))
    counts["sent messages"] = await _delete(connection, OUTBOX, sent)
    counts["messages that failed"] = await _delete(connection, OUTBOX, failed)
    counts["fingerprints of removed events"] = await _delete(
        connection, FORGOTTEN, FORGOTTEN.c.at < now - keep.events * DAY_MS
    )
    counts["parked events"] = await _delete(connection, PARKED, PARKED.c.at < now - keep.failures * DAY_MS)
    counts["versions of flows"] = await _unused_flows(connection)
    counts["leases and rates of the past"] = await _delete(
        connection, LEASES, LEASES.c.until < now - DAY_MS
    ) + await _delete(connection, BUCKETS, BUCKETS.c.at < now - DAY_MS)
    return counts


async def _remember(connection: AsyncConnection, conversation: Row, now: int) -> None:
    """Keep the fingerprints of the events of a conversation that may come again."""
    events = select(EVENTS.c.key).where(
        EVENTS.c.conversation == conversation.id, EVENTS.c.at >= now - Retention().events * DAY_MS
    )
    parked = select(PARKED.c.key).where(PARKED.c.address == conversation.address)
    keys = [key for (key,) in await connection.execute(events.union(parked))]
    known = {fingerprint(conversation.address, each) for each in keys}
    if known:  # none of them is known already: it would have been refused
        await connection.execute(insert(FORGOTTEN), [{"event": each, "at": now} for each in sorted(known)])


async def size(connection: AsyncConnection) -> int:
    """Bytes that the database takes."""
    if connection.dialect.name == "postgresql":
        return int((await connection.execute(select(func.pg_database_size(func.current_database())))).scalar_one())
    pages, each = [
        (await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in ("page_count", "page_size")
    ]
    return int(pages) * int(each)


async def _unused_flows(connection: AsyncConnection) -> int:
    """Versions that a newer one has replaced and no conversation can be on.

    One that began before the newer version was kept may have its older one in its ways back, where no query sees it;
    the hash is looked for too, because a version may have come into force again.
    """
    later = FLOWS.alias()
    conversation = CONVERSATIONS.c
    replaced = select(func.min(later.c.at)).where(later.c.flow == FLOWS.c.flow, later.c.at > FLOWS.c.at)
    used = exists().where(
        or_(
            conversation.created <= replaced.scalar_subquery(),
            conversation.document.contains(literal('"hash":"') + FLOWS.c.hash + literal('"')),
        )
    )
    query = select(FLOWS.c.flow, FLOWS.c.hash).where(replaced.scalar_subquery().is_not(None), not_(used))
    unused = (await connection.execute(query)).all()
    for flow, structure in unused:
        await _delete(connection, FLOWS, and_(FLOWS.c.flow == flow, FLOWS.c.hash == structure))
    return len(unused)


async def _lock(connection: AsyncConnection, *which: ColumnElement[bool]) -> list[int]:
    """The ids of conversations, to which nobody writes from now on: PostgreSQL keeps to that by their lock alone.

    It is the lock that intake takes. Delivery, which notes what became of their messages, is not held up by it: it has
    those messages, for which removing waits.
    """
    query = select(CONVERSATIONS.c.id).where(*which).order_by(CONVERSATIONS.c.id).with_for_update(key_share=True)
    return [id_ for (id_,) in await connection.execute(query)]


def _pending(id_: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether something of a conversation is still to be sent."""
    return exists().where(OUTBOX.c.conversation == id_, OUTBOX.c.done.is_(None))


def _worked_on(id_: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a case of a conversation is not closed."""
    return exists().where(CASES.c.conversation == id_, CASES.c.status != "closed")


async def _overwrite(connection: AsyncConnection) -> None:
    """On a file, have what is removed overwritten: its pages are not given back at once."""
    if connection.dialect.name == "sqlite":
        await connection.execute(text("PRAGMA secure_delete = ON"))


async def _delete(connection: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    return (await connection.execute(delete(table).where(which))).rowcount
