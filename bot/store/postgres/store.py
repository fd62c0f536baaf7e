"""The `Store` on a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.cases import COPIES, FIND, OPENING, SOURCE, TEXTS, WHOSE, listed, listing
from bot.store.handover import Handover
from bot.store.postgres import intake, outbox
from bot.store.postgres.server import columns
from bot.store.rows import Alarm, Backlog, Drop, Kept, Parked, Queue, Stored
from bot.store.steps import here
from bot.store.texts import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.postgres.server import Connection, Server
    from bot.store.rows import Arrival, CaseFilter, Delivery, Listed, Place, Ration, Settlement, Step, Steps, Verdict


class PostgresStore:
    """A store on a server, whose database is migrated already."""

    committers = 2

    def __init__(self, server: Server, url: str) -> None:
        """Take over the server at `url`."""
        self.url = url
        self._server = server
        self._sending = Handover()
        self._adopting = Handover()

    async def close(self) -> None:
        """See `Store.close`."""
        await self._server.close()

    async def _first(self, statement: str, *values: object) -> str | None:
        """The text that a statement finds."""
        return next((str(text) for (text,) in await self._server.fetch(statement, *values)), None)

    # --- in -------------------------------------------------------------------------------------------------------

    async def commit(self, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        """See `Store.commit`."""
        return await self.commit_apart(batch, here(step), now)

    async def commit_apart(self, batch: Sequence[Arrival], steps: Steps, now: int) -> list[Verdict]:
        """See `Store.commit_apart`."""
        return await self._server.insist(intake.Commit(batch, steps, now)) if batch else []

    async def park(self, arrival: Arrival, payload: str, reason: str, now: int) -> None:
        """See `Store.park`."""
        alarm = arrival.alarm or Alarm("", "", 0)
        await self._server.fetch(
            "WITH stopped AS (DELETE FROM timers t USING conversations c"
            "   WHERE c.id = t.conversation AND c.address = $1 AND t.name = $6 AND t.due = $7)"
            " INSERT INTO parked (address, key, reason, payload, at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            arrival.address, arrival.key, storable(reason), storable(payload), now, alarm.name, alarm.due,
        )  # fmt: skip

    async def parked(self, limit: int = 100) -> list[Parked]:
        """See `Store.parked`."""
        rows = await self._server.fetch(
            "SELECT id, at, address, key, reason, payload FROM parked ORDER BY id LIMIT $1", limit
        )
        return [Parked(*row) for row in rows]

    async def unpark(self, id: int) -> None:  # noqa: A002
        """See `Store.unpark`."""
        await self._server.fetch("DELETE FROM parked WHERE id = $1", id)

    # --- out ------------------------------------------------------------------------------------------------------

    async def exchange(
        self,
        owner: str,
        carriers: Sequence[str],
        settlements: Sequence[Settlement],
        limit: int,
        now: int,
        ration: Ration,
    ) -> list[Delivery]:
        """See `Store.exchange`."""

        async def take(unheard: set[int]) -> list[Delivery]:
            async def work(connection: Connection) -> list[Delivery]:
                taken = await outbox.exchange(
                    connection, owner, carriers, settlements, limit, now, ration, frozenset(unheard)
                )
                unheard.update(each.id for each in taken)
                return taken

            return await self._server.transact(work)

        return await self._sending.take(owner, carriers, take)

    async def spend(self, destination: str, ration: Ration, now: int) -> bool:
        """See `Store.spend`."""
        return await self._server.transact(lambda connection: outbox.spend(connection, destination, ration, now))

    async def adopt(self, owner: str, carriers: Sequence[str], limit: int, now: int) -> list[Delivery]:
        """See `Store.adopt`."""

        async def take(unheard: set[int]) -> list[Delivery]:
            async def work(connection: Connection) -> list[Delivery]:
                taken = await outbox.adopt(connection, owner, carriers, limit, now, frozenset(unheard))
                unheard.update(each.id for each in taken)
                return taken

            return await self._server.transact(work)

        return await self._adopting.take(owner, carriers, take)

    async def next_delivery(self, carriers: Sequence[str]) -> int | None:
        """See `Store.next_delivery`."""
        rows = await self._server.fetch(outbox.NEXT, carriers)
        return min((each for (each,) in rows), default=None)

    async def backlog(self) -> Backlog:
        """See `Store.backlog`."""
        ((parked,),) = await self._server.fetch("SELECT count(*) FROM parked")
        return Backlog(parked, [Queue(*row) for row in await self._server.fetch(outbox.QUEUES)])

    # --- time -----------------------------------------------------------------------------------------------------

    async def due(self, now: int, limit: int, address: str = "") -> list[Alarm]:
        """See `Store.due`."""
        rows = await self._server.fetch(
            "SELECT c.address, t.name, t.due FROM timers t JOIN conversations c ON c.id = t.conversation"
            " WHERE t.due <= $1 AND (c.address = $3 OR $3 = '') ORDER BY t.due LIMIT $2",
            now, limit, address,
        )  # fmt: skip
        return [Alarm(*row) for row in rows]

    async def acquire(self, lease: str, owner: str, now: int, ttl: int) -> bool:
        """See `Store.acquire`."""
        rows = await self._server.fetch(
            "INSERT INTO leases AS l (name, owner, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE"
            " SET owner = excluded.owner, until = excluded.until WHERE l.owner = excluded.owner OR l.until <= $4"
            " RETURNING 1",
            lease, owner, now + ttl, now,
        )  # fmt: skip
        return bool(rows)

    async def release(self, lease: str, owner: str) -> None:
        """See `Store.release`."""
        await self._server.fetch("DELETE FROM leases WHERE name = $1 AND owner = $2", lease, owner)

    # --- documents ------------------------------------------------------------------------------------------------

    async def conversation(self, address: str) -> Stored | None:
        """See `Store.conversation`."""
        rows = await self._server.fetch(
            "SELECT id, rev, convert_to(document, 'UTF8') FROM conversations WHERE address = $1", address
        )
        return Stored(*rows[0]) if rows else None

    async def sent(self, address: str, limit: int) -> list[str]:
        """See `Store.sent`."""
        rows = await self._server.fetch(
            "SELECT o.payload FROM conversations c JOIN links l ON l.conversation = c.id AND l.destination = c.address"
            " JOIN outbox o ON o.id = l.outbox WHERE c.address = $1 GROUP BY o.id ORDER BY o.id DESC LIMIT $2",
            address, limit,
        )  # fmt: skip
        return [payload for (payload,) in reversed(rows)]

    async def held(self, merchant: str, limit: int) -> list[tuple[str, str]]:
        """See `Store.held`."""
        rows = await self._server.fetch(
            "SELECT address, document FROM conversations WHERE merchant = $1 ORDER BY updated DESC, id DESC LIMIT $2",
            merchant, limit,
        )  # fmt: skip
        return [(address, document) for address, document in rows]

    async def asked(self, address: str, ref: str) -> str | None:
        """See `Store.asked`."""
        rows = await self._server.fetch(
            "SELECT o.payload FROM outbox o WHERE o.id = (SELECT max(id) FROM ("
            " SELECT l.outbox AS id FROM conversations c JOIN links l ON l.conversation = c.id"
            " WHERE c.address = $1 AND l.ref = $2"
            " UNION ALL SELECT o.id FROM conversations c JOIN outbox o ON o.conversation = c.id"
            " WHERE c.address = $1 AND o.ref = $2 AND o.done IS NULL) a)",
            address, ref,
        )  # fmt: skip
        return rows[0][0] if rows else None

    # --- cases ----------------------------------------------------------------------------------------------------

    async def case(self, id: str) -> str | None:  # noqa: A002
        """See `Store.case`."""
        return await self._first(FIND, id)

    async def cases(self, wanted: CaseFilter, limit: int, after: Place | None = None) -> list[Listed]:
        """See `Store.cases`."""
        statement, values = listing(wanted, limit, after)
        return [listed(row) for row in await self._server.fetch(statement, *values)]

    async def whose(self, destination: str, native: str) -> str | None:
        """See `Store.whose`."""
        return await self._first(WHOSE, destination, native)

    async def opening(self, destination: str) -> bool:
        """See `Store.opening`."""
        return await self._first(OPENING, destination) is not None

    async def copies(self, address: str, ref: str) -> list[tuple[str, str]]:
        """See `Store.copies`."""
        return [(destination, native) for destination, native in await self._server.fetch(COPIES, address, ref)]

    async def texts(self, address: str, destination: str, ref: str) -> list[tuple[str, str]]:
        """See `Store.texts`."""
        return [(native, payload) for native, payload in await self._server.fetch(TEXTS, address, destination, ref)]

    async def source(self, address: str, destination: str, native: str) -> str | None:
        """See `Store.source`."""
        return await self._first(SOURCE, address, destination, native)

    # --- flows ----------------------------------------------------------------------------------------------------

    async def keep(self, flows: Sequence[Kept], now: int) -> None:
        """See `Store.keep`."""
        await self._server.fetch(
            "INSERT INTO flows (flow, hash, document, at)"
            " SELECT a.*, $1 FROM unnest($2::text[], $3::text[], $4::bytea[]) a ORDER BY 1, 2 ON CONFLICT DO NOTHING",
            now,
            *columns(flows, 3),
        )

    async def kept(self) -> list[Kept]:
        """See `Store.kept`."""
        return [
            Kept(*row)
            for row in await self._server.fetch("SELECT flow, hash, document FROM flows ORDER BY at, flow, hash")
        ]

    # --- installations --------------------------------------------------------------------------------------------

    async def install(self, account: str, sealed: str, now: int) -> None:
        """See `Store.install`."""
        await self._server.fetch(
            "INSERT INTO installations (account, sealed, at) VALUES ($1, $2, $3) ON CONFLICT (account) DO UPDATE"
            " SET sealed = excluded.sealed, at = excluded.at",
            account, sealed, now,
        )  # fmt: skip

    async def installed(self, account: str) -> str | None:
        """See `Store.installed`."""
        rows = await self._server.fetch("SELECT sealed FROM installations WHERE account = $1", account)
        return str(rows[0][0]) if rows else None

    async def uninstall(self, account: str, until: int) -> None:
        """See `Store.uninstall`."""
        await self._server.fetch("DELETE FROM installations WHERE account = $1 AND at <= $2", account, until)

    # --- drops ----------------------------------------------------------------------------------------------------

    async def drop(self, id: str, address: str, sealed: str, until: int) -> None:  # noqa: A002
        """See `Store.drop`."""
        await self._server.fetch(
            "INSERT INTO drops (id, address, sealed, until) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
            id, address, sealed, until,
        )  # fmt: skip

    async def take_drop(self, id: str, person: str) -> str | None:  # noqa: A002
        """See `Store.take_drop`."""
        return await self._first(
            "UPDATE drops SET sealed = '', person = $2"
            " FROM (SELECT id, sealed FROM drops WHERE id = $1 AND sealed <> '' FOR UPDATE) kept"
            " WHERE drops.id = kept.id RETURNING kept.sealed",
            id,
            person,
        )

    async def drops(self) -> list[Drop]:
        """See `Store.drops`."""
        return [
            Drop(*row) for row in await self._server.fetch("SELECT id, address, until, person FROM drops ORDER BY id")
        ]

    async def wipe_drop(self, id: str) -> None:  # noqa: A002
        """See `Store.wipe_drop`."""
        await self._server.fetch("DELETE FROM drops WHERE id = $1", id)

    # --- landmarks ------------------------------------------------------------------------------------------------

    async def landmark(self, name: str) -> str | None:
        """See `Store.landmark`."""
        return await self._first("SELECT place FROM landmarks WHERE name = $1", name)

    async def set_landmark(self, name: str, place: str) -> None:
        """See `Store.set_landmark`."""
        await self._server.fetch(
            "INSERT INTO landmarks (name, place) VALUES ($1, $2)"
            " ON CONFLICT (name) DO UPDATE SET place = excluded.place",
            name,
            place,
        )

    async def claim_landmark(self, name: str, place: str) -> str:
        """See `Store.claim_landmark`."""
        await self._server.fetch(
            "INSERT INTO landmarks (name, place) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, place
        )
        return await self.landmark(name) or place
