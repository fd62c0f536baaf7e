"""The audit: what operators and staff did, a row each, sealed over the one before it.

Rows are only ever added. Whoever changes or takes one out breaks every seal after it, which `broken` finds.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from sqlalchemy import insert, select, text

from bot.store.tables import AUDIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

_LOCK: Final = 0x5452494147454155
"""Of PostgreSQL's advisory locks, ours for the audit: rows are sealed one after the other."""
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class Deed(NamedTuple):
    """What was done: by whom (`actor`), to what (`subject`), with which figures. It never holds what people wrote."""

    at: int
    actor: str
    action: str
    subject: str
    data: Mapping[str, Any]


async def append(connection: AsyncConnection, deed: Deed) -> None:
    """Write a deed down, in the transaction of `connection`: it is recorded if and only if it was done."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    last = (await connection.execute(select(AUDIT.c.seal).order_by(AUDIT.c.id.desc()).limit(1))).scalar()
    data = _ENCODER.encode(deed.data).decode()
    values = deed._replace(data={})._asdict() | {"data": data}
    seal = _seal(last or "", deed.at, deed.actor, deed.action, deed.subject, data)
    await connection.execute(insert(AUDIT).values(**values, seal=seal))


async def broken(connection: AsyncConnection) -> int | None:
    """The id of the first row whose seal does not fit; None if all do."""
    before = ""
    query = select(AUDIT.c.id, *(AUDIT.c[name] for name in Deed._fields), AUDIT.c.seal).order_by(AUDIT.c.id)
    for id_, *deed, seal in await connection.execute(query):
        if _seal(before, *deed) != seal:
            return int(id_)
        before = seal
    return None


def _seal(before: str, *deed: int | str) -> str:
    return blake2b(_ENCODER.encode([before, *deed]), digest_size=16).hexdigest()
