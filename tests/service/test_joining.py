"""Joining cases on real stores: both learn of it, once, and nobody's case is joined with a stranger's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.chat.effects import Join
from bot.chat.events import Command, Message
from bot.chat.people import Person, User
from bot.conversation import decode
from bot.service.joining import Joiner
from bot.service.outgoing import JOINER
from bot.service.ration import Rations
from bot.service.step import Received
from bot.store.rows import Arrival, Delivery
from tests.desk.talk import FLOW
from tests.service.core import Core, delivering
from tests.service.world import PATIENCE_S, Clock

if TYPE_CHECKING:
    from bot.desk.case import Case
    from bot.store.port import Store

pytestmark = pytest.mark.anyio

HERE, THERE, OTHER = "console:a:1:", "console:a:2:", "console:b:1:"
NOOR = Person("console:desk:noor", "Noor")


async def case(store: Store, address: str) -> Case:
    """The case there."""
    stored = await store.conversation(address)
    assert stored is not None
    found = decode(stored.document).case
    assert found is not None
    return found


async def called(core: Core) -> None:
    """Two conversations of one merchant and one of another, each with an open case."""
    for address in (HERE, THERE):
        await core.send(address, "/start", "Ana")
    stranger = User("u2", "Bo")
    for number, words in enumerate(("/start", "Bo")):
        event = Received(Message(f"b{number}", words), stranger, "en")
        await core.intake.submit(Arrival(OTHER, f"b{number}", event))


async def test_a_duplicate_is_closed_and_the_other_case_hears_of_it(store: Store) -> None:
    """However often the order is carried out; whoever is not the merchant's is refused, and stays as it was."""
    clock = Clock()
    async with Core(store, FLOW, clock) as core:
        await called(core)
        there, other = await case(store, THERE), await case(store, OTHER)
        joiner = Joiner(store, core.intake)
        async with delivering(core, joiner, Rations({}), clock):
            await core.send(HERE, Command("m1", NOOR, "merge", {"into": other.id}))
            await core.send(HERE, Command("m2", NOOR, "merge", {"into": there.id}))
            async with asyncio.timeout(PATIENCE_S):
                while not (await case(store, THERE)).duplicates:  # noqa: ASYNC110  (a database tells nobody)
                    await asyncio.sleep(0.02)
        here = await case(store, HERE)
        assert (here.reason, here.duplicate_of) == ("duplicate", there.id)
        assert (await case(store, THERE)).duplicates == (here.id,)
        assert (await case(store, OTHER)).duplicates == ()
        payload = msgspec.json.encode(Join(here.id, there.id, "Noor")).decode()
        again = Delivery(99, 1, HERE, JOINER, f"{JOINER}:", "join", payload, 2)
        await joiner.send(again)
        assert (await case(store, THERE)).duplicates == (here.id,)


async def test_what_comes_in_the_way_leaves_both_as_they_are(store: Store) -> None:
    """An account is asked for after the order was given: the case goes on, and the other never counts it."""
    async with Core(store, FLOW, Clock()) as core:
        await called(core)
        here, there = await case(store, HERE), await case(store, THERE)
        await core.send(HERE, Command("m1", NOOR, "claim"))
        await core.send(HERE, Command("m2", NOOR, "access", {"to": "requested", "environment": "staging"}))
        payload = msgspec.json.encode(Join(here.id, there.id, "Noor")).decode()
        await Joiner(store, core.intake).send(Delivery(99, 1, HERE, JOINER, f"{JOINER}:", "join", payload, 1))
        assert (await case(store, HERE)).status != "closed"
        assert (await case(store, THERE)).duplicates == ()
