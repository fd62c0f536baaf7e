"""The service as one: started, used, stopped, succeeded, and on new flows."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
import pytest
import structlog

from bot.app import Service, Setup, serving
from bot.chat.effects import Ask, Effect, Say
from bot.chat.events import Command, Message, Written
from bot.chat.people import CONSOLE, Person, User
from bot.cli import logs
from bot.cli.shipped import PATTERNS
from bot.flow.loader import load
from bot.service.hooks import Hook
from bot.service.intake import Busy
from bot.service.leases import Lease
from bot.service.outgoing import Routes
from bot.service.ration import Rations
from bot.service.seat import Seat
from bot.service.step import Received
from bot.store.opening import open_store
from bot.store.port import StoreError
from bot.store.rows import Arrival
from bot.text.plain import plain
from tests.service.world import ANY, PATIENCE_S, Clock, Hanging, StandIn, until
from tests.store.made import A, B, arrival, change, commit, message, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.flow.loader import Loaded

FLOW = """
flow: test
version: 1
title: T
slots: {name: {type: text, label: Name}, found: {type: text}, end: {type: text}}
steps:
  - {id: name, collect: name, prompt: "Name?", timeout: {after: 1h, then: nudge}}
  - {id: look, action: look_up, into: {found: found}}
  - {id: end, collect: end, prompt: "Found {{ slots.found }}?"}
"""
CHANGED = FLOW.replace("version: 1", "version: 2").replace("{id: ", "{id: new_").replace("Found", "Now")
"""Without any step at which a conversation may wait, so that it has to go on with what it began with."""


async def look_up(_: str, __: Mapping[str, Any]) -> dict[str, Any]:
    """Find something."""
    return {"found": "three"}


def flows(folder: Path, text: str) -> Loaded:
    """The flows of a deployment whose file holds `text`."""
    file = folder / "flow.yaml"
    file.write_text(text, "utf-8")
    return load([PATTERNS, file])


def setup(channel: StandIn, clock: Clock, seed: int = 1) -> Setup:
    """A service with that channel and one hook."""
    chance = random.Random(seed)  # noqa: S311  (seeds of a test)
    return Setup(
        flow="test",
        routes=Routes({"console": "console"}, {"console": lambda effect: (effect,)}),
        abilities={"console": CONSOLE},
        channels=lambda _: {"console": channel},
        hooks={"look_up": Hook(look_up)},
        clock=clock,
        random=chance.random,
        seeds=lambda: chance.randbytes(16).hex(),
    )


async def say(service: Service, address: str, *texts: str) -> None:
    """Bring messages."""
    for number, text in enumerate(texts):
        key = f"{address}{number}{text}"
        result = await service.intake.submit(Arrival(address, key, Received(Message(key, text), User("u1", "Ana"))))
        assert result == "applied"


def words(channel: StandIn) -> str:
    """All that the platform has taken."""
    effects = [msgspec.json.decode(payload, type=Effect) for payload in channel.taken]
    return "\n".join(plain(each.document) for each in effects if isinstance(each, (Ask, Say)))


async def test_from_the_first_word_to_the_last(database: str, tmp_path: Path) -> None:
    """Events come in, answers go out, the hook is performed; in the end nothing is left undone and no lease held."""
    channel = StandIn()
    async with serving(database, flows(tmp_path, FLOW), setup(channel, Clock())) as service:
        await say(service, A, "/start", "Bea")
        await until(lambda: "Found three?" in words(channel))
        figures = (await service.figures()).decode()
    assert 'triage_lease_held{lease="timers"} 1.0' in figures
    assert 'triage_events_total{channel="console",result="applied"} 3.0' in figures
    assert 'triage_events_total{channel="console",result="parked"}' not in figures
    assert "Name?" in words(channel)
    assert await rows(database, "SELECT DISTINCT state FROM outbox") == [("sent",)]
    assert await rows(database, "SELECT * FROM leases") == []


async def test_staff_learn_what_became_of_a_reply(database: str, tmp_path: Path) -> None:
    """What an assignee writes reaches the merchant after its hold, and its end is shown on it; the lists know the case.

    The report is an event of the conversation like any other, so the mark is in the same lane as everything for staff.
    """
    channel, clock, eve = StandIn(), Clock(), Person("console:1:eve", "Eve")
    async with serving(database, flows(tmp_path, FLOW), setup(channel, clock)) as service:
        await say(service, A, "/start", "/human")
        for event in (Command("claim", eve, "claim"), Written("words", eve, "m9", "Which version is it?")):
            assert await service.intake.submit(Arrival(A, event.key, Received(event, User(eve.id)))) == "applied"
        clock.move(5_000)
        await until(lambda: any('"origin":"m9","state":"sent"' in each for each in channel.taken))
    (reply,) = [each for each in channel.taken if '"by":"Eve"' in each]
    assert "Which version is it?" in reply
    query = "SELECT o.id, k.status, k.assignee FROM outbox o, cases k WHERE o.ref = 'reply:m9'"
    ((id_, *case),) = await rows(database, query)
    assert case == ["pending", eve.id]
    keys = await rows(database, "SELECT key FROM events WHERE key LIKE 'delivered:%'")
    assert keys == [(f"delivered:{id_}:sent",)]


async def test_what_is_under_way_is_finished(database: str, tmp_path: Path) -> None:
    """To stop is to wait for what is being sent; what waits behind it is sent by the next process."""
    channel, clock, loaded = StandIn(), Clock(), flows(tmp_path, FLOW)
    channel.outcomes[ANY].append(Hanging())

    async def serve(*texts: str) -> None:
        async with serving(database, loaded, setup(channel, clock)) as service:
            await say(service, A, *texts)
            await until(lambda: channel.attempts)

    stopping = asyncio.create_task(serve("/start", "/help"))
    await until(lambda: channel.attempts)
    await asyncio.sleep(0.1)
    assert not stopping.done()
    channel.go_on()
    await stopping
    assert len(channel.taken) == 1
    states = "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state DESC"
    assert [state for state, _ in await rows(database, states)] == ["sent", "queued"]
    async with serving(database, loaded, setup(channel, clock)):
        await until(lambda: len(channel.taken) >= 3)
    assert await rows(database, "SELECT count(*) FROM outbox WHERE state = 'sent'") == [(len(channel.taken),)]


async def test_one_at_a_time_on_a_file(sqlite: str, tmp_path: Path) -> None:
    """A second service says that it stands by, and serves as soon as the first has ended."""
    loaded, clock, order = flows(tmp_path, FLOW), Clock(), list[str]()

    async def second() -> None:
        async with serving(sqlite, loaded, setup(StandIn(), clock)):
            order.append("second serves")

    with structlog.testing.capture_logs() as said:
        async with serving(sqlite, loaded, setup(StandIn(), clock)):
            waiting = asyncio.create_task(second())
            await until(lambda: "standing_by" in [each["event"] for each in said])
            await asyncio.sleep(0.05)
            order.append("first ends")
        async with asyncio.timeout(PATIENCE_S):
            await waiting
    assert order == ["first ends", "second serves"]


async def test_any_number_on_a_server(postgres: str, tmp_path: Path) -> None:
    """On PostgreSQL two serve side by side: one conversation through both is one conversation, in order."""
    loaded, clock = flows(tmp_path, FLOW), Clock()
    one, two = StandIn(), StandIn()
    async with (
        serving(postgres, loaded, setup(one, clock)) as first,
        serving(postgres, loaded, setup(two, clock, seed=2)) as second,
    ):
        await say(first, A, "/start")
        await say(second, A, "Bea")
        others = [(each, f"console:1:{each is first}{n}:") for n in range(10) for each in (first, second)]
        await asyncio.gather(*(say(each, address, "/start") for each, address in others))
        await until(lambda: "Found three?" in words(one) + words(two))
        await until(lambda: (words(one) + words(two)).count("Name?") == 21)
    assert await rows(postgres, "SELECT DISTINCT state FROM outbox") == [("sent",)]


async def test_the_dead_are_succeeded_at_once_on_a_file(sqlite: str, tmp_path: Path) -> None:
    """What a killed process was sending is looked for right after the start: nobody waits for its leases to run out."""
    clock, channel = Clock(), StandIn()
    store, seat = await open_store(sqlite), Seat(tmp_path / "triage.db.serve")
    seat.take()
    seat.sign("dead")
    for name in ("dead", "timers"):
        assert await Lease(store, name, "dead", clock).keep()
    await commit(store, arrival(A, "1", change(message("hello"))))
    assert len(await store.exchange("dead", ["console"], [], 1, clock(), Rations({}))) == 1
    seat.leave()
    await store.close()
    async with serving(sqlite, flows(tmp_path, FLOW), setup(channel, clock)):
        await until(lambda: channel.asked == ["hello"])
        owners = dict(await rows(sqlite, "SELECT name, owner FROM leases"))
        assert "dead" not in owners
        assert owners["timers"] in owners
        clock.move(1_000)
        await until(lambda: channel.taken == ["hello"])


async def test_conversations_stay_on_the_flow_they_began_with(database: str, tmp_path: Path) -> None:
    """After a reload, and after a restart on changed files, an old conversation runs as it began; a new one as is."""
    clock, channel = Clock(), StandIn()
    async with serving(database, flows(tmp_path, FLOW), setup(channel, clock)) as service:
        await say(service, A, "/start")
        await service.reload(flows(tmp_path, CHANGED), "test")
        await say(service, B, "/start", "Bea")
        await until(lambda: "Now three?" in words(channel))
    async with serving(database, load([PATTERNS, tmp_path / "flow.yaml"]), setup(channel, clock)) as service:
        await say(service, A, "Ana")
        await until(lambda: "Found three?" in words(channel))


async def test_new_conversations_begin_with_the_flow_that_a_reload_names(database: str, tmp_path: Path) -> None:
    """Even if the one before is there no longer, as after it was renamed; who was in it goes on, nothing is parked."""
    clock, channel = Clock(), StandIn()
    async with serving(database, flows(tmp_path, FLOW), setup(channel, clock)) as service:
        await say(service, A, "/start")
        await service.reload(flows(tmp_path, CHANGED.replace("flow: test", "flow: renamed")), "renamed")
        await say(service, B, "Hello", "Bea")
        await until(lambda: "Now three?" in words(channel))
        await say(service, A, "Ana")
        await until(lambda: "Found three?" in words(channel))
    assert await rows(database, "SELECT count(*) FROM parked") == [(0,)]


async def test_flows_of_a_newer_process_are_learned(postgres: str, tmp_path: Path) -> None:
    """While two versions serve side by side, each takes the conversations of the other on as they began."""
    clock, old, new = Clock(), StandIn(), StandIn()
    async with (
        serving(postgres, flows(tmp_path, FLOW), setup(old, clock)) as before,
        serving(postgres, flows(tmp_path, CHANGED), setup(new, clock, seed=2)) as after,
    ):
        await say(after, A, "/start")
        await say(before, A, "Bea")
        await say(before, B, "/start")
        await say(after, B, "Bea")
        await until(lambda: {"Now three?", "Found three?"} <= set((words(old) + "\n" + words(new)).split("\n")))


async def test_a_version_that_nobody_has_keeps_nobody_waiting(sqlite: str, tmp_path: Path) -> None:
    """If the structure that a conversation runs on is gone for good, it begins anew, and no event is parked."""
    channel = StandIn()
    async with serving(sqlite, flows(tmp_path, FLOW), setup(channel, Clock())) as service:
        await say(service, A, "/start")
    with closing(sqlite3.connect(sqlite.removeprefix("sqlite:///"), isolation_level=None)) as db:
        db.execute("DELETE FROM flows")
    async with serving(sqlite, flows(tmp_path, CHANGED), setup(channel, Clock())) as service:
        await say(service, A, "Bea", "Bea again")
        await until(lambda: "Now three?" in words(channel))
    assert await rows(sqlite, "SELECT count(*) FROM parked") == [(0,)]


async def insist(service: Service, address: str, *texts: str) -> None:
    """Bring messages as a platform does: again and again until they are acknowledged."""
    for text in texts:
        arrival = Arrival(address, f"{address}{text}", Received(Message(f"{address}{text}", text), User("u1", "Ana")))
        while True:
            with contextlib.suppress(StoreError, Busy):
                await service.intake.submit(arrival)
                break
            await asyncio.sleep(0.02)


async def cut(database: str) -> None:
    """End all connections to a database of PostgreSQL, whatever they are at."""
    connection = await asyncpg.connect(database)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def test_connections_that_are_cut(postgres: str, tmp_path: Path) -> None:
    """While the server ends connections again and again: all that was acknowledged is sent, once and in order."""
    channel, clock, places = StandIn(), Clock(), [f"console:1:p{number}:" for number in range(12)]
    async with serving(postgres, flows(tmp_path, FLOW), setup(channel, clock)) as service:
        talks = [asyncio.create_task(insist(service, each, "/start", "/help", "/why", "Bea")) for each in places]
        for _ in range(6):
            await asyncio.sleep(0.05)
            await cut(postgres)
        await asyncio.gather(*talks)
        async with asyncio.timeout(PATIENCE_S):
            while words(channel).count("Found three?") < len(places):
                clock.move(500)
                await asyncio.sleep(0.05)
    wanted = await rows(postgres, "SELECT destination, payload FROM outbox WHERE carrier = 'console' ORDER BY id")
    assert await rows(postgres, "SELECT DISTINCT state FROM outbox") == [("sent",)]
    assert channel.lanes == {each: [payload for place, payload in wanted if place == each] for each in places}


async def serve_with_a_defect(database: str, loaded: Loaded) -> None:
    """Serve, and have a part fail."""

    async def broken() -> int:
        return 1 // 0

    async with serving(database, loaded, setup(StandIn(), Clock())) as service:
        service._timers.fire = broken  # type: ignore[method-assign]
        await asyncio.sleep(PATIENCE_S)


async def test_a_part_that_fails_ends_all(database: str, tmp_path: Path) -> None:
    """When a part fails the process does not go on without it: it says which one, and everything ends."""
    with structlog.testing.capture_logs() as said, pytest.raises(ExceptionGroup):
        await serve_with_a_defect(database, flows(tmp_path, FLOW))
    failed = [each for each in said if each["event"] == "part_failed"]
    assert [(each["part"], each["error"]) for each in failed] == [("timers", "ZeroDivisionError")]
    assert await rows(database, "SELECT * FROM leases") == []


async def test_what_people_write_is_in_no_log(sqlite: str, tmp_path: Path) -> None:
    """At the most talkative level neither words nor names of people reach the log."""
    stream = io.StringIO()
    before = structlog.get_config()
    logs.configure("json", "debug", stream)
    try:
        channel = StandIn()
        channel.outcomes[ANY].append(RuntimeError("opensesame"))
        async with serving(sqlite, flows(tmp_path, FLOW), setup(channel, Clock())) as service:
            await say(service, A, "/start", "opensesame")
            await until(lambda: "sending_failed" in stream.getvalue())
    finally:
        structlog.configure(**before)
    lines = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    assert {"serving", "sending_failed"} <= {line["event"] for line in lines}
    assert "opensesame" not in stream.getvalue()
    assert "Ana" not in stream.getvalue()


async def test_a_merchant_is_forgotten_when_they_say_so(database: str, tmp_path: Path) -> None:
    """All of their conversations go once what is to be said has left; what a platform brings again begins nothing.

    Staff are told and the case ends; while a temporary account may be left, nothing goes.
    """
    channel, clock, eve = StandIn(), Clock(), Person("console:1:eve", "Eve")
    async with serving(database, flows(tmp_path, FLOW), setup(channel, clock)) as service:
        await say(service, B, "/start")
        await say(service, A, "/start", "/human")
        for number, words_ in enumerate(("claim", "access requested", "access removal_requested")):
            name, _, to = words_.partition(" ")
            event = Command(f"c{number}", eve, name, {"to": to})
            await service.intake.submit(Arrival(A, event.key, Received(event, User(eve.id))))
        await say(service, A, "/cases", "/forget", "Remove everything")
        await until(lambda: "cannot remove your data yet" in words(channel))
        assert '"of":"cases"' in "".join(channel.taken)
        assert not any('"to":"staff"' in each for each in channel.taken)
        event = Command("c9", eve, "access", {"to": "removed_confirmed"})
        await service.intake.submit(Arrival(A, event.key, Received(event, User(eve.id))))
        await say(service, A, "/forget ", "remove everything")
        await until(lambda: '"of":"forgotten"' in "".join(channel.taken))
        async with asyncio.timeout(PATIENCE_S):
            while await rows(database, "SELECT 1 FROM conversations"):
                clock.move(1_000)
                await asyncio.sleep(0.1)  # time that runs faster than leases are renewed stops all that needs one
        last = f"{A}1remove everything"
        again = Arrival(A, last, Received(Message(last, "remove everything"), User("u1", "Ana")))
        assert await service.intake.submit(again) == "duplicate"
    assert "had their data removed" in "".join(channel.taken)
    for table in ("conversations", "events", "outbox", "links", "cases", "timers"):
        assert await rows(database, f"SELECT 1 FROM {table}") == []
    assert [actor for (actor,) in await rows(database, "SELECT actor FROM audit")] == ["merchant"] * 2
