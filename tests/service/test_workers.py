"""Workers: what they answer is what a step here comes to, and none of them is needed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from itertools import count
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.chat.events import Command, Message
from bot.chat.people import CONSOLE, Person, User
from bot.desk.office import Office
from bot.service import workers as module
from bot.service.intake import FEW, Intake
from bot.service.outgoing import Routes, whole
from bot.service.step import Received, Stepper, Unlearned
from bot.service.workers import Workers, fitting
from bot.store.opening import open_store
from bot.store.rows import Arrival, Poisoned, Stored, Task
from bot.store.steps import take
from tests.engine.talk import CALLING, library
from tests.service.world import PATIENCE_S, Clock, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store.rows import Change

OTHER = CALLING.replace("Is that", "Was that")


def stepper() -> Stepper:
    """A step with seeds that are numbers."""
    numbers = count()
    routes = Routes({"console": "console"}, {"console": whole})
    return Stepper(library(CALLING), "test", routes, {"console": CONSOLE}, Clock(), lambda: str(next(numbers)))


def said(who: str, text: str, place: int = 0, change: Change | None = None) -> Task:
    """Somebody says something, at first or after a change."""
    received = Received(Message(f"{who} {text}", text), User(who, "Ana"), "en")
    stored = Stored(1, 1, change.document) if change is not None else None
    return Task(place, Arrival(f"console:{who}:chat:", received.event.key, received, origin="1"), stored)


@contextlib.asynccontextmanager
async def working(workers: Workers) -> AsyncIterator[None]:
    """Run them, and begin when one is ready."""
    async with asyncio.TaskGroup() as group:
        group.create_task(workers.run())
        await until(workers.at_hand)
        yield
        workers.close()


async def test_a_worker_comes_to_the_same() -> None:
    """Elsewhere steps come to what they come to here, by the flows and settings that are in force when they are asked.

    One that fails is taken here again, so that whoever asks learns what it fails on, and at which place.
    """
    near, far, times = stepper(), stepper(), list[float]()
    workers = Workers(far, 1, timed=times.append)
    async with working(workers):
        first = [said("ana", "/start"), said("bea", "hello", 1)]
        changes = take(first, near)
        # a conversation that begins takes two seeds
        assert await workers(first) == changes
        assert len(times) == 2
        eve = Person("eve", "Eve")
        office = Office(people={"console:1:eve": eve})
        for each in (near, far):
            each.grounds = each.grounds._replace(library=library(OTHER), office=office)
        wrote = Arrival("console:bea:chat:", "c", Received(Command("c", Person("console:1:eve"), "claim"), User("")))
        second = [
            said("ana", "Ana", 0, changes[0]),
            Task(1, wrote, Stored(1, 1, changes[1].document if changes[1] else b"")),
        ]
        assert msgspec.to_builtins(await workers(second)) == msgspec.to_builtins(take(second, near))
        assert "Was that all" in str(take(second, near))
        assert len(times) == 4
        poison = Arrival("console:bea:chat:", "p", None)
        with pytest.raises(Poisoned) as caught:
            await workers([second[0], Task(7, poison, None)])
        assert caught.value.index == 7
        assert isinstance(caught.value.__cause__, TypeError)
        far.grounds = far.grounds._replace(library=library(CALLING.replace("id: end", "id: last")), lost=frozenset())
        with pytest.raises(Poisoned) as caught:
            await workers(second[:1])
        assert isinstance(caught.value.__cause__, Unlearned)
        assert await workers(first[:1])
        assert len(times) == 5


@pytest.mark.parametrize("end", ["killed", "hanging"])
async def test_a_worker_that_ends_in_the_middle_of_a_batch(
    sqlite: str, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Killed or hanging with a batch, it takes nothing along: each event is kept once. Then there is another one."""
    monkeypatch.setattr(module, "PAUSE_S", 0.01)
    if end == "hanging":
        monkeypatch.setattr(module, "LIMIT_S", 0.2)
    step, times, store = stepper(), list[float](), await open_store(sqlite)
    workers = Workers(step, 1, timed=times.append)
    intake = Intake(store, step, Clock(), lambda _: "")
    intake.apart = workers
    people = [f"m{number}" for number in range(2 * FEW)]
    async with working(workers), asyncio.TaskGroup() as group:
        group.create_task(intake.run(1, 1))
        (worker,) = workers._alive
        assert worker._process is not None
        os.kill(worker._process.pid, signal.SIGSTOP)
        sending = [group.create_task(intake.submit(said(who, "/start").arrival)) for who in people]
        await until(lambda: worker.waiting > 0)
        if end == "killed":
            os.kill(worker._process.pid, signal.SIGKILL)
        assert {await each for each in sending} == {"applied"}
        assert not times
        await until(lambda: worker not in workers._alive)
        monkeypatch.setattr(module, "LIMIT_S", PATIENCE_S)  # the next one does not hang, however busy the machine is
        await until(workers.at_hand)
        again = [
            await asyncio.gather(*(intake.submit(said(who, text).arrival) for who in people))
            for text in ("/start", "Ana")
        ]
        assert [set(each) for each in again] == [{"duplicate"}, {"applied"}]
        assert len(times) == len(people)
        found = [await store.conversation(f"console:{who}:chat:") for who in people]
        assert {each.rev for each in found if each} == {2}
        intake.close()
    await store.close()


def test_as_many_as_there_are_processors_for() -> None:
    """One processor is for the process that has them; where there is no other, everything is done there."""
    assert fitting() in range(3)
