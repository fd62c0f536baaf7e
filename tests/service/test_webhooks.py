"""Webhooks against a receiver on loopback, which checks signatures with the library and fails when told to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from time import time
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook as Verifier

from bot.desk.office import Office, Webhook
from bot.service import webhooks
from bot.service.ration import Rations
from bot.service.webhooks import WEBHOOK, Webhooks
from tests.desk.talk import FLOW
from tests.service.core import Core, delivering
from tests.service.world import PATIENCE_S, Clock, until
from tests.store.made import A, rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

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
        self.secret = SECRET

    async def take(self, request: web.Request) -> web.Response:
        """Check who it is from, and answer as told. Raises what the library does."""
        self.attempts += 1
        body = await request.text()
        event = Verifier(self.secret).verify(body, dict(request.headers))
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


def telling(
    core: Core, office: Office, clock: Clock, owner: str = "me"
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Deliver events."""
    core.step.grounds = core.step.grounds._replace(office=office)
    channel = Webhooks(lambda: core.step.office, {"crm": SECRET}, clock)
    return delivering(core, channel, Rations({WEBHOOK: channel}), clock, owner)


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
            core.intake._after({WEBHOOK})
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
            core.intake._after({WEBHOOK})
            await settled(database, "sent")
    first, second = receiver.heard
    assert first == second


async def test_it_waits_as_long_as_it_is_asked_to_by_a_date_and_for_no_answer(
    store: Store, database: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A date is waited for, a time in the past or without sense is not; silence is given up and tried again."""
    clock = present()
    start = clock.now
    later = format_datetime(datetime.fromtimestamp(start // 1000 + 40, UTC), usegmt=True)
    receiver.answers = [(503, {"retry-after": later}), (429, {"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"})]
    async with Core(store, FLOW, clock) as core, telling(core, of(receiver), clock):
        await core.send(A, "/start", "Ana")

        async def waits() -> list[int]:
            """Until when it is to wait, if it does."""
            query = "SELECT not_before FROM outbox WHERE carrier = 'webhook' AND state = 'queued'"
            return [int(each) for (each,) in await rows(database, query)]

        async def waits_for() -> int:
            """How long it is to wait, once it does."""
            await settled(database, "queued")
            return (await waits())[0] - clock.now

        async def again() -> None:
            """It is tried once more: on a busy machine one that may not take long is given up before it arrives."""
            before = receiver.attempts
            async with asyncio.timeout(PATIENCE_S):
                while receiver.attempts == before:
                    waiting = await waits()
                    if waiting and receiver.attempts == before:
                        clock.now = waiting[0] + 100  # until there is a token again
                        core.intake._after({WEBHOOK})
                    await asyncio.sleep(0.01)

        await until(lambda: receiver.attempts == 1)
        assert 38_000 <= await waits_for() <= 40_000
        await again()
        assert 0 < await waits_for() <= 3_000
        receiver.silent.clear()
        with monkeypatch.context() as patch:
            patch.setattr(webhooks, "TIME_S", 0.1)
            await again()
            assert 0 < await waits_for() <= 3_000
        receiver.silent.set()
        await again()
        await settled(database, "sent")
    assert len({id_ for id_, _ in receiver.heard}) == 1


async def test_new_secrets_and_endpoints_count_for_what_waits_as_well(
    store: Store, database: str, receiver: Receiver
) -> None:
    """An event that waits goes to where the endpoint is now, with the signature that it knows now."""
    clock = present()
    receiver.answers = [(500, {})]
    async with Core(store, FLOW, clock) as core:
        core.step.grounds = core.step.grounds._replace(office=of(receiver))
        channel = Webhooks(lambda: core.step.office, {"crm": SECRET}, clock)
        async with delivering(core, channel, Rations({WEBHOOK: channel}), clock):
            await core.send(A, "/start", "Ana")
            await until(lambda: receiver.attempts == 1)
            await settled(database, "queued")
            receiver.secret = "whsec_" + "c2VjcmV0" * 4
            core.step.grounds = core.step.grounds._replace(
                office=Office(webhooks={"crm": Webhook(f"{receiver.url}?new", ())})
            )
            channel.sign_with({"crm": receiver.secret})
            clock.move(3_000)
            core.intake._after({WEBHOOK})
            await settled(database, "sent")
    assert len(receiver.heard) == 2
