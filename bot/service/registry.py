"""What is kept about a merchant: how much, all of it to read, and its removal.

Alone with the bot a merchant sees and removes all of their conversations on that platform; where others read what is
said, the conversation that they are in alone.
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.chat.addresses import parse, private
from bot.conversation import decode
from bot.service.outgoing import ERASER, HOOKS, JOINER
from bot.service.step import merchant
from bot.service.transcript import as_text, exported
from bot.store import admin, erasing
from bot.store.audit import Deed, append
from bot.store.compacting import flush

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.flow.library import Library
    from bot.store.admin import Row, Sent

_OURS: Final = frozenset({HOOKS, ERASER, JOINER})
_LEFT: Final = frozenset({"sent", "sending", "uncertain"})
"""States of messages that are, or may be, where they were sent."""


class Kept(NamedTuple):
    """How much there is: conversations, messages that were sent, cases; and the messages by the place they went to."""

    conversations: tuple[str, ...]
    messages: int
    cases: tuple[str, ...]
    elsewhere: dict[str, int]
    forms: int = 0
    """One-time forms that were filled in and not opened yet."""


class Registry:
    """What the database at `url` keeps. Everything raises StoreError."""

    def __init__(self, url: str) -> None:
        """Connect to nothing yet."""
        self._url = url

    async def theirs(self, address: str) -> list[tuple[str, str]]:
        """The conversations of whoever talks at `address`, as (address, document)."""
        async with admin.administered(self._url) as connection:
            return [(each.address, each.document) for each in await _theirs(connection, address)]

    async def kept(self, address: str) -> Kept:
        """How much is kept about them."""
        async with admin.administered(self._url) as connection:
            rows = await _theirs(connection, address)
            sent = [each for row in rows for each in await admin.messages(connection, row.id)]
            cases = [each.id for row in rows for each in await admin.cases(connection, row.id)]
            forms = await admin.drops(connection, [each.address for each in rows])
        places = elsewhere(sent)
        return Kept(tuple(each.address for each in rows), sum(places.values()), tuple(cases), places, forms)

    async def text(self, address: str, library: Library) -> str:
        """All of it, to read."""
        async with admin.administered(self._url) as connection:
            found = [await exported(connection, each, library) for each in await _theirs(connection, address)]
        return "\n\n".join("\n".join(as_text(each)) for each in found)

    async def forget(self, address: str, but: int, now: int, *, patient: bool) -> bool:
        """Remove all of it; false if something is still to be sent, beside the message `but`, and that can be awaited.

        What is removed and that it was, in the audit, are one transaction.
        """
        async with admin.administered(self._url) as connection:
            rows = await _theirs(connection, address)
            if patient and await admin.waits(connection, [each.id for each in rows], but):
                return False
            for row in rows:
                await forget(connection, row, "merchant", now)
        await flush(self._url)
        return True


async def forget(connection: AsyncConnection, row: Row, actor: str, now: int) -> dict[str, int]:
    """Remove a conversation for good, and write down that `actor` did; how many rows of which table."""
    removed = await erasing.erase(connection, row, now)
    await append(connection, Deed(now, actor, "conversation_forgotten", fingerprint(row.address), removed))
    return removed


def fingerprint(address: str) -> str:
    """What the audit calls a conversation that is gone: nobody can read a person out of it."""
    return f"conversation:{blake2b(address.encode(), digest_size=8).hexdigest()}"


def elsewhere(sent: list[Sent]) -> dict[str, int]:
    """How many messages went where, or may have."""
    found = Counter(each.destination for each in sent if each.state in _LEFT)
    return {place: count for place, count in sorted(found.items()) if place.partition(":")[0] not in _OURS}


async def _theirs(connection: AsyncConnection, address: str) -> list[Row]:
    rows = await admin.find(connection, address)
    place = parse(address)
    if not rows or not private(place):
        return rows
    whom = merchant(place.channel, decode(rows[0].document).session.user.id)
    return await admin.of_merchant(connection, whom) or rows
