"""Webhooks against a receiver on loopback, which checks signatures with the library and fails when told to."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook as Verifier

from bot.desk.office import Office, Webhook
from bot.service.delivery import Deliverer
from bot.service.leases import Lease
from bot.service.ration import Rations
from bot.service.webhooks import WEBHOOK, Webhooks
from tests.desk.talk import FLOW
from tests.service.core import Core
from tests.service.world import PATIENCE_S, Clock, until
from tests.store.made import A, rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.port import Store

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """Another system. It answers with `answers` in turn (a status, with headers), then with 204."""

    def __init__(self) -> None:
        """It has heard nothing yet."""
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.attempts = 0
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.silent = asyncio.Event()
        self.silent.set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        """Check who it is from, and answer as told. Raises what the library does."""
        self.attempts += 1
        body = await request.text()
        event = Verifier(SECRET).verify(body, dict(request.headers))
        self.heard.append((request.headers["webhook-id"], event))
        await self.silent.wait()
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        return web.Response(status=status, headers=headers, text="" if status == 204 else "x" * 100_000)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that runs."""
    made, app = Receiver(), web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    made.silent.set()
    await runner.cleanup()


@contextlib.asynccontextmanager
async def telling(core: Core, office: Office, clock: Clock, owner: str = "me") -> AsyncIterator[asyncio.Task[None]]:
    """Deliver events; what is yielded can be cancelled, as in a crash."""
    core.step.grounds = core.step.grounds._replace(office=office)
    lease = Lease(core.store, owner, owner, clock, 10**12)
    await lease.keep()
    channel = Webhooks(lambda: core.step.office, {"crm": SECRET}, clock)
    deliverer = Deliverer(core.store, {WEBHOOK: channel}, Rations({WEBHOOK: channel}), lease, clock, lambda: 0.5)
    core.intake._after = deliverer.wake
    run = asyncio.create_task(deliverer.run())
    yield run
    deliverer.close()
    with contextlib.suppress(asyncio.CancelledError):
        async with asyncio.timeout(PATIENCE_S):
            await run


def present() -> Clock:
    """A clock that shows the real time: the library takes no signature of another."""
    clock = Clock()
    clock.now = int(time() * 1000)
    return clock


def of(receiver: Receiver, *events: str) -> Office:
    """An office that tells it of events."""
    return Office(webhooks={"crm": Webhook(receiver.url, events)})


async def states(database: str) -> list[tuple[Any, ...]]:
    """What became of the events."""
    return await rows(database, "SELECT state, reason FROM outbox WHERE carrier = 'webhook' ORDER BY id")


async def settled(database: str, *wanted: str) -> list[tuple[Any, ...]]:
    """Wait until events stand like this; how they do."""
    found = await states(database)
    async with asyncio.timeout(PATIENCE_S):
        while [state for state, _ in found] != list(wanted):
            await asyncio.sleep(0.005)
            found = await states(database)
    return found


async def test_an_event_arrives_signed_and_again_until_it_is_taken(
    store: Store, database: str, receiver: Receiver
) -> None:
    """After errors and a redirect, which is not followed, the same event comes by the same id, with a new time."""
    clock = present()
    receiver.answers = [(500, {}), (302, {"location": "/elsewhere"}), (503, {"retry-after": "2"})]
    async with Core(store, FLOW, clock) as core, telling(core, of(receiver), clock):
        await core.send(A, "/start", "Ana")
        for count in range(1, 5):
            await until(lambda count=count: receiver.attempts == count)  # type: ignore[misc]
            await settled(database, "sent" if count == 4 else "queued")
            clock.move(3_000)
            core.intake._after()
    assert await states(database) == [("sent", None)]
    ids = {id_ for id_, _ in receiver.heard}
    assert (len(receiver.heard), len(ids)) == (4, 1)
    event = receiver.heard[0][1]
    assert event["type"] == "case.opened"
    assert event["data"]["case"].startswith("T-")
    assert datetime.fromisoformat(event["timestamp"]).tzinfo == UTC
    assert "Ana" not in str(event)


async def test_who_wants_no_more_is_left_alone_and_so_is_who_did_not_ask(
    store: Store, database: str, receiver: Receiver
) -> None:
    """410 ends it, for the operator to see; an event that the filter leaves out is not even written down."""
    clock = present()
    receiver.answers = [(410, {})]
    async with Core(store, FLOW, clock) as core, telling(core, of(receiver, "case.opened"), clock):
        await core.send(A, "/start", "Ana")
        ((_, reason),) = await settled(database, "refused")
    assert "410" in reason
    assert receiver.attempts == 1


async def test_a_crash_between_the_answer_and_the_record_repeats_the_id(
    store: Store, database: str, receiver: Receiver
) -> None:
    """The one that takes over sends it again: at least once, and the receiver can tell."""
    clock = present()
    receiver.silent.clear()
    office = of(receiver)
    async with Core(store, FLOW, clock) as core:
        async with telling(core, office, clock, "killed") as run:
            await core.send(A, "/start", "Ana")
            await until(lambda: receiver.attempts == 1)
            run.cancel()
        receiver.silent.set()
        assert [state for state, _ in await states(database)] == ["sending"]
        await store.release("killed", "killed")
        async with telling(core, office, clock, "next"):
            await settled(database, "queued")
            clock.move(3_000)
            core.intake._after()
            await settled(database, "sent")
    first, second = receiver.heard
    assert first == second
