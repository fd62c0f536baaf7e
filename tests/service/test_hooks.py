"""Hooks: run once for each action, with an answer for the flow in every case."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import structlog

from bot.service.hooks import Hook, HookError, Hooks
from bot.service.outgoing import HOOKS
from bot.service.ration import Rations
from bot.store.faults import REACHED, Point
from bot.store.opening import open_store
from tests.programs import Program
from tests.service.core import Core, delivering
from tests.service.world import PATIENCE_S, Clock, until
from tests.store.made import A, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from bot.store.port import Store

FLOW = """
flow: test
version: 1
title: T
slots:
  name: {type: text, label: Name}
  found: {type: text}
  end: {type: text}
steps:
  - {id: name, collect: name, prompt: "Name?"}
  - {id: look, action: look_up, with: {name: "{{ slots.name }}"}, into: {found: found}, on_error: failed}
  - {id: end, collect: end, prompt: "Found {{ slots.found }}?"}
  - {id: failed, collect: end, prompt: "Failed?"}
"""


class Registry:
    """A deployment's hook, which notes what it was run with, and does what it is told."""

    def __init__(self, outcome: object, *, repeatable: bool = False, time_s: float = 30.0) -> None:
        """`outcome` is returned or raised; "hangs" for neither."""
        self.outcome = outcome
        self.ran: list[tuple[str, dict[str, Any]]] = []
        self.hooks = {"look_up": Hook(self._run, repeatable, time_s)}

    async def _run(self, key: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.ran.append((key, dict(arguments)))
        if self.outcome == "hangs":
            await asyncio.Event().wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome  # type: ignore[return-value]


def performing(
    core: Core, hooks: Mapping[str, Hook], clock: Clock, owner: str = "me", ttl: int = 10**12
) -> AbstractAsyncContextManager[asyncio.Task[None]]:
    """Perform actions."""
    return delivering(core, Hooks(hooks, core.intake), Rations({}), clock, owner, ttl)


async def at(store: Store) -> str:
    """The step where the conversation stands."""
    stored = await store.conversation(A)
    assert stored is not None
    return str(msgspec.json.decode(stored.document)["session"]["stack"][-1]["step"])


async def arrives(store: Store, step: str) -> None:
    """Wait until the conversation stands there."""
    async with asyncio.timeout(PATIENCE_S):
        while await at(store) != step:  # noqa: ASYNC110  (what it waits for announces nothing)
            await asyncio.sleep(0.005)


async def failures(database: str) -> list[str]:
    """The errors that hooks reported, as the log has them."""
    query = "SELECT records FROM events WHERE records IS NOT NULL ORDER BY conversation, rev"
    logs = [msgspec.json.decode(text) for (text,) in await rows(database, query)]
    events = [each["data"]["event"] for log in logs for each in log if each["kind"] == "event_received"]
    return [each["error"] for each in events if each["type"] == "performed" and "error" in each]


async def test_the_flow_goes_on_with_what_a_hook_found(store: Store, database: str) -> None:
    """The hook gets the action's key and arguments, and its values reach the flow; the action ends as sent."""
    registry, clock = Registry({"found": "three"}), Clock()
    async with Core(store, FLOW, clock) as core, performing(core, registry.hooks, clock):
        await core.send(A, "/start", "Bea")
        await arrives(store, "end")
    ((key, arguments),) = registry.ran
    assert (arguments, "." in key) == ({"name": "Bea"}, True)
    assert await failures(database) == []
    assert await rows(database, "SELECT state FROM outbox WHERE carrier = 'hooks'") == [("sent",)]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (HookError("the shop is closed"), "the shop is closed"),
        (HookError(), "HookError"),
        (ValueError("opensesame"), "ValueError"),
        (TimeoutError("opensesame"), "TimeoutError"),
        ("hangs", "no answer within 0.05 s"),
        ([1, 2], "its values have no names"),
        ({"found": object()}, "TypeError"),
    ],
)
async def test_whatever_fails_the_flow_is_told(store: Store, database: str, outcome: object, error: str) -> None:
    """A hook that fails, takes too long or returns what no flow can use leads to `on_error`; its text stays secret."""
    registry, clock = Registry(outcome, time_s=0.05), Clock()
    with structlog.testing.capture_logs() as logs:
        async with Core(store, FLOW, clock) as core, performing(core, registry.hooks, clock):
            await core.send(A, "/start", "Bea")
            await arrives(store, "failed")
    assert await failures(database) == [error]
    assert [(each["event"], each["hook"], each["error"]) for each in logs] == [("hook_failed", "look_up", error)]
    assert len(registry.ran) == 1


async def test_a_name_nobody_registered_is_told(store: Store, database: str) -> None:
    """A flow that asks for what the deployment does not have goes on by `on_error`."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core, performing(core, {}, clock):
        await core.send(A, "/start", "Bea")
        await arrives(store, "failed")
    assert await failures(database) == ["no such hook"]


async def test_what_failed_can_be_tried_again(store: Store) -> None:
    """Back at the question and answered the same, the action is performed once more, under the same key."""
    registry, clock = Registry(HookError("not now")), Clock()
    async with Core(store, FLOW, clock) as core, performing(core, registry.hooks, clock):
        await core.send(A, "/start", "Bea")
        await arrives(store, "failed")
        registry.outcome = {"found": "three"}
        await core.send(A, "/back", "Bea")
        await arrives(store, "end")
    assert len(registry.ran) == 2
    assert len(set(map(str, registry.ran))) == 1


@pytest.mark.parametrize(("repeatable", "step", "runs"), [(True, "end", 2), (False, "failed", 1)])
async def test_one_that_a_crash_cut_off(store: Store, repeatable: bool, step: str, runs: int) -> None:
    """It is run again only if that does no harm; otherwise the flow learns that it was interrupted."""
    registry, clock = Registry("hangs", repeatable=repeatable), Clock()
    async with Core(store, FLOW, clock) as core:
        async with performing(core, registry.hooks, clock, "dead", ttl=15_000) as run:
            await core.send(A, "/start", "Bea")
            await until(lambda: len(registry.ran) == 1)
            run.cancel()
        registry.outcome = {"found": "three"}
        clock.move(15_000)
        async with performing(core, registry.hooks, clock, "alive"):
            async with asyncio.timeout(PATIENCE_S):
                while await at(store) != step:
                    clock.move(1_000)
                    await asyncio.sleep(0.02)
    assert len(registry.ran) == runs


async def _perform(url: str) -> None:
    """Bring a conversation to its action, and perform that, until something ends the process."""
    store, registry, clock = await open_store(url), Registry({"found": "one"}), Clock()
    async with Core(store, FLOW, clock) as core, performing(core, registry.hooks, clock, "dead", ttl=15_000):
        await core.send(A, "/start", "Bea")
        await asyncio.Event().wait()


def perform_and_die(url: str) -> None:
    """Perform an action, and be killed before anybody hears of it."""

    def die(event: str, args: tuple[object, ...]) -> None:
        if event == REACHED and args == (Point.PERFORMED.value,):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die)
    asyncio.run(_perform(url))


@pytest.mark.parametrize(("repeatable", "step", "runs"), [(True, "end", 1), (False, "failed", 0)])
async def test_one_whose_process_is_killed_when_it_has_run(sqlite: str, repeatable: bool, step: str, runs: int) -> None:
    """What it found is lost with the process; the flow goes on all the same, and no harm is done by a second run."""
    died = Program(sqlite, code=f"from {__name__} import perform_and_die; import sys; perform_and_die(sys.argv[1])")
    assert await asyncio.to_thread(died.wait) == -signal.SIGKILL
    died.close()
    store, registry, clock = await open_store(sqlite), Registry({"found": "three"}, repeatable=repeatable), Clock()
    clock.move(15_000)
    async with Core(store, FLOW, clock) as core, performing(core, registry.hooks, clock, "alive"):
        assert await at(store) == "look"
        async with asyncio.timeout(PATIENCE_S):
            while await at(store) != step:
                clock.move(1_000)
                await asyncio.sleep(0.02)
    await store.close()
    assert len(registry.ran) == runs


async def test_one_that_had_reported_before_the_crash_is_not_told_twice(store: Store, database: str) -> None:
    """If the report was kept and only that was not written down, looking for it changes nothing for the flow."""
    registry, clock = Registry({"found": "three"}), Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start", "Bea")
        (delivery,) = await store.exchange("dead", [HOOKS], [], 1, clock(), Rations({}))
        hooks = Hooks(registry.hooks, core.intake)
        await hooks.send(delivery)
        await arrives(store, "end")
        assert await hooks.find(delivery) == ()
        assert await at(store) == "end"
    assert await failures(database) == []


async def test_a_report_waits_for_room_and_the_hook_does_not_run_again(store: Store) -> None:
    """While intake is busy the outcome is held, and the flow gets it in the end."""
    registry, clock = Registry({"found": "three"}), Clock()
    async with Core(store, FLOW, clock) as core:
        await core.send(A, "/start", "Bea")
        (delivery,) = await store.exchange("me", [HOOKS], [], 1, clock(), Rations({}))
        room, core.intake._room = core.intake._room, 0
        sending = asyncio.create_task(Hooks(registry.hooks, core.intake).send(delivery))
        await until(lambda: registry.ran)
        await asyncio.sleep(0.01)
        assert not sending.done()
        core.intake._room = room
        await sending
        assert (await at(store), len(registry.ran)) == ("end", 1)
