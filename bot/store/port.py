"""The store as the service sees it: one contract, kept by `sqlite` and `postgres`, proved by one suite of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.rows import (
        Alarm,
        Arrival,
        Backlog,
        CaseFilter,
        Delivery,
        Drop,
        Kept,
        Listed,
        Parked,
        Place,
        Ration,
        Settlement,
        Step,
        Steps,
        Stored,
        Verdict,
    )


class StoreError(Exception):
    """The store cannot be used; the message says why and what to do, for an operator."""


class Unavailable(StoreError):  # noqa: N818  (a state of the database, which passes)
    """Not now: the database is away, locked or full; the same call may succeed later.

    Nothing of it was kept. Only where the connection broke in the middle of a commit and did not come back nobody
    knows; then the same call again finds out: an event by its key, a settlement by its owner, what was taken up goes
    back.
    """


class Store(Protocol):
    """Conversations and all that belongs to them. Every method is one transaction: all of it is kept, or nothing.

    All raise Unavailable.
    """

    url: str
    """Where it is, for what is done beside it (`bot.store.admin`)."""
    committers: int
    """How many batches it can commit at the same time."""

    # --- in -------------------------------------------------------------------------------------------------------

    async def commit(self, batch: Sequence[Arrival], step: Step, now: int) -> list[Verdict]:
        """Apply arrivals of distinct conversations; what each gave is kept when this returns. Raises Poisoned."""
        ...

    async def commit_apart(self, batch: Sequence[Arrival], steps: Steps, now: int) -> list[Verdict]:
        """The same with steps that are taken elsewhere: other batches are kept meanwhile.

        Where another process changed a conversation by then, they are taken again.
        """
        ...

    async def park(self, arrival: Arrival, payload: str, reason: str, now: int) -> None:
        """Put an arrival aside that cannot be applied; its key counts as seen."""
        ...

    async def parked(self, limit: int = 100) -> list[Parked]:
        """What was put aside, oldest first."""
        ...

    async def unpark(self, id: int) -> None:  # noqa: A002
        """Take an arrival out of what was put aside; its key counts as unseen, so that it can be applied again."""
        ...

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
        """Record what became of deliveries, and take up at most `limit` messages that may leave now.

        At most one of a lane is taken up, the first; the others of the lane wait until it is settled. Each is marked as
        being sent by `owner`. Those whose epoch has passed are never taken up, nor are cards of which the same lane
        holds a newer one: they are suppressed on the way, at the latest when their turn comes. A settlement
        counts only while its delivery still belongs to `owner`. What an earlier call of `owner` took up without
        returning it, because the caller went away or the connection broke, goes back before: it was never sent.
        """
        ...

    async def spend(self, destination: str, ration: Ration, now: int) -> bool:
        """Take the tokens of a call to `destination` that is no message of the outbox; false if they are not there."""
        ...

    async def adopt(self, owner: str, carriers: Sequence[str], limit: int, now: int) -> list[Delivery]:
        """Take over deliveries under way whose owner has no lease any more: sent or not, nobody wrote it down."""
        ...

    async def next_delivery(self, carriers: Sequence[str]) -> int | None:
        """When the next message may leave; None while there is none."""
        ...

    async def backlog(self) -> Backlog:
        """What is not done yet, for whoever watches; it holds up nobody else."""
        ...

    # --- time -----------------------------------------------------------------------------------------------------

    async def due(self, now: int, limit: int, address: str = "") -> list[Alarm]:
        """Timers whose time has come, the earliest first; only those of `address`, if one is named.

        They stay until their arrival is applied.
        """
        ...

    async def acquire(self, lease: str, owner: str, now: int, ttl: int) -> bool:
        """Take or renew a lease for `ttl` milliseconds; false while another owner holds it."""
        ...

    async def release(self, lease: str, owner: str) -> None:
        """Give a lease back."""
        ...

    # --- documents ------------------------------------------------------------------------------------------------

    async def conversation(self, address: str) -> Stored | None:
        """A conversation as it stands."""
        ...

    async def held(self, merchant: str, limit: int) -> list[tuple[str, str]]:
        """The conversations with a merchant as (address, document), the one that something happened in last first."""
        ...

    async def sent(self, address: str, limit: int) -> list[str]:
        """The last messages of a conversation that were sent to its own place, as their payloads, oldest first."""
        ...

    async def asked(self, address: str, ref: str) -> str | None:
        """The newest message with that `ref` of a conversation that was sent or is to be, as its payload."""
        ...

    # --- cases ----------------------------------------------------------------------------------------------------

    async def case(self, id: str) -> str | None:  # noqa: A002
        """The address of the conversation that the case with that reference is in; of several, the newest case's."""
        ...

    async def cases(self, wanted: CaseFilter, limit: int, after: Place | None = None) -> list[Listed]:
        """The first `limit` cases that are wanted, the most urgent first, then what is due first, then the oldest.

        `after`: only those that stand behind that place, the `cases.place` of the last one of the page before.
        """
        ...

    async def whose(self, destination: str, native: str) -> str | None:
        """The address of the conversation of which the message with that id shows the case, or what somebody wrote.

        Those are the messages at `destination` whose ref begins with `case:`, `relay:` or `echo:`.
        """
        ...

    async def opening(self, destination: str) -> bool:
        """Whether a message there that opens a case is under way, or may have arrived: its id is not written down."""
        ...

    async def copies(self, address: str, ref: str) -> list[tuple[str, str]]:
        """Which messages of the platforms those named `ref` in a conversation became: (destination, id), in order."""
        ...

    async def texts(self, address: str, destination: str, ref: str) -> list[tuple[str, str]]:
        """Those of them that are there, each with the payload by which it came to be: (id, payload), in order."""
        ...

    async def source(self, address: str, destination: str, native: str) -> str | None:
        """The other way round: the name of the message that this one is a copy of, None if it has none."""
        ...

    # --- flows ----------------------------------------------------------------------------------------------------

    async def keep(self, flows: Sequence[Kept], now: int) -> None:
        """Keep versions of flows; those kept already stay as they are."""
        ...

    async def kept(self) -> list[Kept]:
        """Every version kept."""
        ...

    # --- installations --------------------------------------------------------------------------------------------

    async def install(self, account: str, sealed: str, now: int) -> None:
        """Keep what opens an account, in place of what did before. It comes sealed, and is not looked into."""
        ...

    async def installed(self, account: str) -> str | None:
        """What opens an account; None if the app is not installed there."""
        ...

    async def uninstall(self, account: str, until: int) -> None:
        """Forget what opens an account, unless it was kept after `until`."""
        ...

    # --- drops ----------------------------------------------------------------------------------------------------

    async def drop(self, id: str, address: str, sealed: str, until: int) -> None:  # noqa: A002
        """Keep what was filled in on a one-time form; what was first stays."""
        ...

    async def take_drop(self, id: str, person: str) -> str | None:  # noqa: A002
        """What was filled in, for `person`: it is kept no more, so that of all who ask one gets it. None for others."""
        ...

    async def drops(self) -> list[Drop]:
        """Every form that was filled in, until it is wiped."""
        ...

    async def wipe_drop(self, id: str) -> None:  # noqa: A002
        """Forget a form, and what was filled in."""
        ...

    # --- landmarks ------------------------------------------------------------------------------------------------

    async def landmark(self, name: str) -> str | None:
        """Where on a platform something is that belongs to no conversation; None if it is nowhere."""
        ...

    async def set_landmark(self, name: str, place: str) -> None:
        """Keep where it is from now on."""
        ...

    async def claim_landmark(self, name: str, place: str) -> str:
        """Keep where it is, unless that is known already; where it is. Of all who ask at once, one says so for all."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...
