"""Reports: the conversation learns how the copies of what staff wrote have ended, before anything is written down."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.chat.events import Message
from bot.chat.places import Places
from bot.service.intake import Intake
from bot.service.port import Later, Lost, Refused, Shut
from bot.service.reporting import bring, report
from bot.store.opening import open_store
from bot.store.rows import Change, Settlement
from bot.store.sqlite.store import SqliteStore
from tests.service.outage import Outage
from tests.service.world import PATIENCE_S, Clock, Delivering, Hanging, StandIn, Taken, until
from tests.store.made import A, B, arrival, change, commit, exchange, message, rows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.port import Store
    from bot.store.rows import Arrival, Delivery, Stored

STAFF = Places((A, "slack:T1:C1:"))
STATES = "SELECT payload, state FROM outbox ORDER BY id"


class Told:
    """A step that notes what it is told, and keeps it."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.events: list[Any] = []

    def __call__(self, arrival: Arrival, _: Stored | None) -> Change:
        """Keep the event."""
        self.events.append(arrival.payload.event)  # type: ignore[attr-defined]
        return change()

    @property
    def ends(self) -> list[tuple[str, str, str]]:
        """What was said of which message."""
        return [(each.ref, each.state, each.reason) for each in self.events]


@contextlib.asynccontextmanager
async def taking_in(store: Store, told: Told, clock: Clock, *, waiting: int = 64) -> AsyncIterator[Intake]:
    """An intake at work."""
    intake = Intake(store, told, clock, lambda _: "", waiting=waiting)
    run = asyncio.create_task(intake.run())
    try:
        yield intake
    finally:
        intake.close()
        async with asyncio.timeout(PATIENCE_S):
            await run


def reporting(store: Store, channel: StandIn, clock: Clock, intake: Intake, owner: str = "me") -> Delivering:
    """A deliverer that reports to that intake."""
    at_work = Delivering(store, channel, clock, owner)
    at_work.deliverer.report = partial(report, intake, STAFF)
    return at_work


async def reply(store: Store, *texts: str, to: str = A) -> None:
    """Commit replies of staff."""
    await commit(store, arrival(to, texts[0], change(*(message(each, to=to, ref=f"reply:{each}") for each in texts))))


async def test_every_end_is_reported(store: Store) -> None:
    """Sent, refused and uncertain, with the reason, once each; what is put off is reported when it has ended.

    But of a place that somebody has to open again it is told at once that words wait for that.
    """
    channel, clock, told = StandIn(finds=False), Clock(), Told()
    channel.outcomes["put off"] = [Later("busy"), RuntimeError("a defect")]
    channel.outcomes["shut out"] = [Shut("is_archived")]
    channel.outcomes["refused"] = [Refused("bot was blocked")]
    channel.outcomes["lost"] = [Lost()]
    await reply(store, "sent", "refused", "lost", "put off", "shut out")
    async with taking_in(store, told, clock) as intake, reporting(store, channel, clock, intake) as at_work:
        for _ in range(3):
            await at_work.pass_(1_000)
        await at_work.pass_(61_000)
    assert told.ends == [
        ("reply:sent", "sent", ""),
        ("reply:refused", "refused", "bot was blocked"),
        ("reply:lost", "uncertain", "the answer was lost"),
        ("reply:put off", "sent", ""),
        ("relay:", "waiting", "the place takes no messages: is_archived"),
        ("reply:shut out", "sent", ""),
    ]
    assert {(each.ref, each.at, each.others) for each in told.events if each.at} == {("relay:", "console", ("slack",))}


async def test_what_is_found_later_is_reported(store: Store) -> None:
    """A message whose answer was lost and which is found on the platform is reported as sent."""
    channel, clock, told = StandIn(), Clock(), Told()
    channel.outcomes["1"] = [Taken()]
    await reply(store, "1")
    async with taking_in(store, told, clock) as intake, reporting(store, channel, clock, intake) as at_work:
        await at_work.empty()
    assert told.ends == [("reply:1", "sent", "")]


async def test_other_messages_are_not_reported(store: Store) -> None:
    """What the bot says, and copies of what the merchant wrote, end as they always did."""
    channel, clock, told = StandIn(), Clock(), Told()
    others = [message("1"), message("2", ref="relay:9"), message("3", ref="ask:reply:")]
    await commit(store, arrival(A, "1", change(*others)))
    async with taking_in(store, told, clock) as intake, reporting(store, channel, clock, intake) as at_work:
        await at_work.empty()
    assert (channel.taken, told.events) == (["1", "2", "3"], [])


async def test_a_crash_before_it_was_written_down_tells_again(store: Store) -> None:
    """Told and not written down, the next process finds the message, and the same report changes nothing."""
    channel, clock, told = StandIn(), Clock(), Told()
    await reply(store, "1")
    async with taking_in(store, told, clock) as intake:
        (delivery,) = await exchange(store, owner="dead")
        await channel.send(delivery)
        await report(intake, STAFF, delivery, Settlement(delivery.id, "sent", ("m1",)))
        async with reporting(store, channel, clock, intake) as at_work:
            await at_work.pass_(1_000)
            await until(lambda: channel.asked == ["1"])
            await at_work.empty()
    assert (channel.taken, told.ends) == (["1"], [("reply:1", "sent", "")])


async def test_a_report_waits_for_room_and_nothing_is_sent_twice(store: Store, database: str) -> None:
    """While intake is busy the message counts as under way; other lanes go on, and it is told once there is room."""
    channel, clock, told = StandIn(), Clock(), Told()
    await reply(store, "1", "2")
    await commit(store, arrival(B, "1", change(message("other", to=B))))
    async with taking_in(store, told, clock) as intake, reporting(store, channel, clock, intake) as at_work:
        room, intake._room = intake._room, 0
        at_work.deliverer.wake()
        await until(lambda: sorted(channel.taken) == ["1", "other"])
        await asyncio.sleep(0.05)
        assert [state for text, state in await rows(database, STATES) if text != "other"] == ["sending", "queued"]
        intake._room = room
        await until(lambda: len(told.ends) == 2)
    assert [each[0] for each in told.ends] == ["reply:1", "reply:2"]
    assert [state for _, state in await rows(database, STATES)] == ["sent"] * 3


async def test_delivery_ends_before_intake(store: Store, database: str) -> None:
    """What is being sent while the service stops is still reported: closing waits for it, and for nothing else."""
    channel, clock, told = StandIn(), Clock(), Told()
    channel.outcomes["1"] = [Hanging()]
    await reply(store, "1", "2")
    async with taking_in(store, told, clock) as intake, reporting(store, channel, clock, intake) as at_work:
        await until(lambda: channel.attempts == ["1"])
        at_work.deliverer.close()
        channel.go_on()
    assert told.ends == [("reply:1", "sent", "")]
    assert await rows(database, STATES) == [("1", "sent"), ("2", "queued")]


async def test_what_cannot_be_kept_now_is_brought_again(sqlite: str) -> None:
    """A store that is away for a moment costs a pause, not the report."""
    store, told = await open_store(sqlite), Told()
    answers: list[str] = []
    async with taking_in(store, told, Clock()) as intake:
        intake.told = lambda _, answer: answers.append(answer)
        with Outage(store, sqlite):
            bringing = asyncio.create_task(bring(intake, A, Message("k", "hello")))
            await until(lambda: answers)
        await bringing
    assert (answers, [each.key for each in told.events]) == (["failed", "applied"], ["k"])
    await store.close()


async def test_a_database_that_needs_help_is_waited_for(sqlite: str) -> None:
    """One that refuses to be written to until somebody mends it gets the report then: its lane does not stand still."""
    store, told = await open_store(sqlite), Told()
    assert isinstance(store, SqliteStore)
    answers: list[str] = []
    async with taking_in(store, told, Clock()) as intake:
        intake.told = lambda _, answer: answers.append(answer)
        store._db.execute("PRAGMA query_only = 1")
        bringing = asyncio.create_task(bring(intake, A, Message("k", "hello")))
        await until(lambda: answers)
        store._db.execute("PRAGMA query_only = 0")
        await bringing
    assert (answers[0], answers[-1]) == ("failed", "applied")
    await store.close()


async def test_a_defect_of_reporting_stops_no_lane(store: Store, database: str) -> None:
    """What became of a message is written down even if it could not be told; the log says so, without its words."""
    channel = StandIn()
    await reply(store, "opensesame", "2")

    async def broken(delivery: Delivery, _: Settlement) -> None:
        raise RuntimeError(delivery.payload)

    with structlog.testing.capture_logs() as logs:
        async with Delivering(store, channel, Clock()) as at_work:
            at_work.deliverer.report = broken
            await at_work.empty()
    assert await rows(database, STATES) == [("opensesame", "sent"), ("2", "sent")]
    assert [each["event"] for each in logs] == ["report_failed"] * 2
    assert "opensesame" not in repr(logs)
