"""The service put together: its parts on one store, run as one, stopped in an order in which nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import structlog

from bot.desk.office import PLAIN
from bot.service.delivery import Deliverer
from bot.service.desk import Desk
from bot.service.drops import Drops
from bot.service.forgetting import Eraser
from bot.service.hooks import Hooks
from bot.service.intake import Intake
from bot.service.joining import Joiner
from bot.service.keeping import library_on
from bot.service.leases import Keeper, Lease
from bot.service.meters import Meters
from bot.service.outgoing import HOOKS
from bot.service.parking import write_down
from bot.service.ration import Rations
from bot.service.recall import Recall
from bot.service.reporting import report
from bot.service.seat import Seat
from bot.service.step import Stepper, Unlearned
from bot.service.timers import Timers
from bot.service.webhooks import WEBHOOK, Webhooks
from bot.service.workers import Workers
from bot.store.faults import Point, reached
from bot.store.opening import open_store
from bot.store.port import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping

    from bot.chat import people
    from bot.desk.office import Office
    from bot.flow.library import Library
    from bot.flow.loader import Loaded
    from bot.service.hooks import Hook
    from bot.service.outgoing import Routes
    from bot.service.port import Channel
    from bot.service.step import Version
    from bot.store.port import Store

TIMERS: Final = "timers"
"""The lease of the process that fires timers."""
STOP_S: Final = 20.0
"""How long what is under way may take to finish; platforms answer sooner, and supervisors wait longer."""
_STAND_BY_S: Final = 0.25
_FILE: Final = "sqlite:///"
_NO_SECRETS: Final[Mapping[str, str]] = MappingProxyType({})

_LOG: Final = structlog.get_logger(__name__)


class Setup(NamedTuple):
    """What a service is made of, beside its store and its flows.

    `flow` is what a new conversation begins with; `routes` and `abilities` are of every channel, by its name;
    `office` is what the desk's settings say;
    `channels` makes those this process delivers to, by the name that their addresses begin with. `clock` tells
    milliseconds since 1970 UTC, `random` numbers from 0 to 1, `seeds` what nobody can guess.
    """

    flow: str
    routes: Routes
    abilities: Mapping[str, people.Channel]
    channels: Callable[[Recall], Mapping[str, Channel]]
    hooks: Mapping[str, Hook]
    clock: Callable[[], int]
    random: Callable[[], float]
    seeds: Callable[[], str]
    office: Office = PLAIN
    webhook_secrets: Mapping[str, str] = _NO_SECRETS
    """By the name of the webhook, as `Webhooks` takes them."""
    drop_key: str = ""
    """As `Drops` takes it; "" for no one-time forms, which are at `office.drops` otherwise."""
    workers: int = 0
    """Processes that take steps for this one."""


class Service:
    """The parts of a service on `store`, which `running` runs.

    `intake` is where a channel's inbound brings events; `channels` names those that it delivers to.
    """

    def __init__(self, store: Store, loaded: Loaded, library: Library, setup: Setup, owner: str) -> None:
        """`library` is that of `loaded` on the store; `owner` is a name that no other process has."""
        clock = setup.clock
        self._store = store
        self._loaded = loaded
        self._lost: set[Version] = set()
        self._clock = clock
        self._stepper = Stepper(library, setup.flow, setup.routes, setup.abilities, clock, setup.seeds)
        self._stepper.grounds = self._stepper.grounds._replace(lost=frozenset(), office=setup.office)
        self._meters = Meters()
        step = self._meters.timed(self._stepper)
        self._workers = Workers(self._stepper, setup.workers, step, self._meters.turn)
        self.intake = Intake(store, step, clock, write_down, after=self._wake, mend=self._learn)
        self.intake.apart = self._workers
        self._staff = setup.routes.staff
        self._meters.watch_intake(self.intake)
        self._owner = owner
        self._leases: list[Lease] = []
        self._keeper = Keeper(self._leases)
        alive, timing = self.lease(owner, "process"), self.lease(TIMERS)
        self._timers = Timers(store, self.intake, timing, clock)
        self.drops = Drops(store, self.intake, self._stepper, setup.drop_key, clock) if setup.drop_key else None
        channels = setup.channels(Recall(store, self._stepper, self.drops))
        self.channels = sorted(channels)
        self._webhooks = Webhooks(lambda: self._stepper.office, setup.webhook_secrets, clock)
        self._rations = Rations({**channels, WEBHOOK: self._webhooks})
        # one for each, so that a platform that is away takes no room from the others
        self._deliverers = [
            Deliverer(
                store,
                {channel.carrier: channel},
                self._rations,
                alive,
                clock,
                setup.random,
                after=partial(self._meters.settled, channel.carrier),
            )
            for channel in (
                *channels.values(),
                Hooks(setup.hooks, self.intake),
                Eraser(store, self.intake, clock),
                Joiner(store, self.intake),
                self._webhooks,
            )
        ]
        for each in self._deliverers:
            each.report = partial(report, self.intake, self._staff)

    def lease(self, name: str, shown: str = "") -> Lease:
        """A lease of that name, which is taken as soon as it can be and kept as long as this runs.

        `shown` is what it is called among the figures, if its own name tells too much.
        """
        lease = Lease(self._store, name, self._owner, self._clock)
        self._leases.append(lease)
        self._keeper.wake()
        self._meters.watch_lease(lease, shown or name)
        return lease

    def desk(self, channel: str) -> Desk:
        """See `Host.desk`."""
        return Desk(self._store, self.intake, self._staff, channel)

    async def admits(self, destination: str) -> bool:
        """See `Host.admits`."""
        return await self._store.spend(destination, self._rations, self._clock())

    async def probe(self) -> None:
        """Ask the store for anything. Raises StoreError if it cannot be reached."""
        await self._store.next_delivery([HOOKS])

    async def figures(self) -> bytes:
        """What happens here, in Prometheus' text format; without what the store could tell, if it cannot be reached."""
        try:
            backlog = await self._store.backlog()
        except StoreError:
            backlog = None
        return self._meters.text(backlog)

    async def reload(
        self, loaded: Loaded, flow: str, office: Office = PLAIN, secrets: Mapping[str, str] = _NO_SECRETS
    ) -> None:
        """Go on with these flows, settings of the desk and secrets of its webhooks; conversations stay on their flows.

        New ones begin with `flow`. Raises FlowError and StoreError.
        """
        library = await library_on(self._store, loaded, self._clock())
        self._stepper.grounds = self._stepper.grounds._replace(library=library, flow=flow, office=office)
        self._webhooks.sign_with(secrets)
        self._loaded = loaded

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the parts as long as the context lasts, and then finish what is under way.

        A part that fails ends all: what is within is cancelled, and the failure raised in an ExceptionGroup.
        """
        try:
            for lease in self._leases:
                await lease.keep()
            async with asyncio.TaskGroup() as group:

                def start(part: str, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
                    return group.create_task(_named(part, work))

                start("leases", self._keeper.run())
                start("timers", self._timers.run())
                if self.drops is not None:
                    start("drops", self.drops.run())
                start("workers", self._workers.run())
                intake = start("intake", self.intake.run(self._store.committers, self._workers.count))
                delivery = [start("delivery", each.run()) for each in self._deliverers]
                try:
                    yield
                finally:
                    await self._stop(intake, delivery)
        finally:
            for lease in self._leases:
                with contextlib.suppress(StoreError):
                    await lease.release()

    async def _stop(self, intake: asyncio.Task[None], delivery: list[asyncio.Task[None]]) -> None:
        """Finish what is under way. Intake comes last, because delivery reports through it."""
        self._timers.close()
        if self.drops is not None:
            self.drops.close()
        for each in self._deliverers:
            each.close()
        reached(Point.STOPPING)
        now = asyncio.get_running_loop().time
        until = now() + STOP_S
        _, unsent = await asyncio.wait(delivery, timeout=STOP_S)
        self.intake.close()
        _, unkept = await asyncio.wait([intake], timeout=max(0.0, until - now()))
        for task in unsent | unkept:
            task.cancel()
        if unsent or unkept:
            # what was being sent is looked for by whoever comes next; what was not kept was not acknowledged either
            _LOG.warning("stopped_before_all_was_done", after_s=STOP_S)
        self._workers.close()
        self._keeper.close()

    async def _learn(self, failure: BaseException | None) -> bool:
        """Learn the versions of flows that another process has brought meanwhile, if that was the failure."""
        if not isinstance(failure, Unlearned):
            return False
        library = await library_on(self._store, self._loaded, self._clock())
        self._lost |= {each for each in failure.versions if library.pinned(*each) is None}
        self._stepper.grounds = self._stepper.grounds._replace(library=library, lost=frozenset(self._lost))
        return True

    def _wake(self, carriers: Collection[str]) -> None:
        for each in self._deliverers:
            each.wake(carriers)


@contextlib.asynccontextmanager
async def serving(url: str, loaded: Loaded, setup: Setup) -> AsyncIterator[Service]:
    """The service on the database at `url`, running. On a file it stands by as long as another process serves it.

    Raises StoreError, FlowError and, when a part fails, an ExceptionGroup.
    """
    owner = f"{platform.node()}.{os.getpid()}.{setup.seeds()[:8]}"
    async with contextlib.AsyncExitStack() as stack:
        seat = Seat(Path(f"{url.removeprefix(_FILE)}.serve")) if url.startswith(_FILE) else None
        former = await _sit_down(seat, stack) if seat is not None else ""
        store = await open_store(url)
        stack.push_async_callback(store.close)
        if seat is not None:
            # it is gone, or it would sit here: what it was sending can be looked for at once
            for name in (former, TIMERS):
                await store.release(name, former)
            seat.sign(owner)
        library = await library_on(store, loaded, setup.clock())
        service = Service(store, loaded, library, setup, owner)
        await stack.enter_async_context(service.running())
        _LOG.info("serving", owner=owner, channels=service.channels, hooks=sorted(setup.hooks))
        yield service


async def _sit_down(seat: Seat, stack: contextlib.AsyncExitStack) -> str:
    """Wait for the seat; who sat there last."""
    standing = False
    while (former := seat.take()) is None:
        if not standing:
            _LOG.info("standing_by", serving=seat.holder(), until="it ends")
        standing = True
        await asyncio.sleep(_STAND_BY_S)
    stack.callback(seat.leave)
    return former


async def _named(part: str, work: Coroutine[None, None, None]) -> None:
    """Do the work of a part, and say which one it was that failed."""
    try:
        await work
    except Exception as failure:
        said = str(failure) if isinstance(failure, StoreError) else type(failure).__name__
        _LOG.error("part_failed", part=part, error=said)
        raise
