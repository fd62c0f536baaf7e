"""What channels look up: questions by their names, words in the language of a conversation, what is open with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.chat.effects import Ask
from bot.chat.events import Message, Tap
from bot.service.recall import Open, Recall
from tests.service.core import Core
from tests.service.world import Clock
from tests.store.made import rows

if TYPE_CHECKING:
    from bot.store.port import Store

pytestmark = pytest.mark.anyio

A, B = "console:1:a:", "console:1:b:"
FLOW = """
flow: test
version: 1
title: A talk
triggers:
  - command: talk
slots:
  size: {type: choice}
  more: {type: text}
steps:
  - {id: size, collect: size, prompt: Which size?, choices: [{id: s, label: Small}, {id: l, label: Large}]}
  - {id: more, collect: more, prompt: What else?}
"""


async def asked(database: str) -> Ask:
    """The only question that is to be put."""
    ((payload,),) = await rows(database, "SELECT payload FROM outbox WHERE kind = 'ask'")
    return msgspec.json.decode(payload, type=Ask)


async def test_questions_are_found_by_name(store: Store, database: str) -> None:
    """The newest with that name; by the token of a choice only as long as it waits."""
    async with Core(store, FLOW, Clock()) as core:
        recall = Recall(store, core.step)
        await core.send(A, "hello")
        first = await asked(database)
        assert await recall.ask(A, first.ref) == first
        assert await recall.question(A, first.ref) == first.document
        assert await recall.ask(A, "another") is None
        assert await recall.question(A, "another") == ()
        token = first.buttons[0].token
        assert await recall.waiting(A, token) == first
        assert [await recall.waiting(A, "no token"), await recall.waiting(B, token)] == [None, None]
        await core.send(A, Tap("t", token))
        assert await recall.waiting(A, token) is None
        assert await recall.ask(A, first.ref) == first


async def test_what_is_open_with_somebody(store: Store) -> None:
    """Conversations that are not over, the latest first, with the person who has them; the words for them."""
    async with Core(store, FLOW, Clock()) as core:
        recall = Recall(store, core.step)
        assert await recall.open_with("console:u1", "en") == []
        assert [await recall.known(A), await recall.merchant(A)] == [False, ""]
        await core.send(A, "hello")
        await core.send(B, "hello", "Small")
        assert [await recall.known(A), await recall.merchant(A)] == [True, "console:u1"]
        assert sorted(await recall.open_with("console:u1", "en")) == [Open(A, "A talk"), Open(B, "A talk")]
        await core.send(A, "/human")
        (called,) = [each for each in await recall.open_with("console:u1", "en") if each.with_person]
        assert called.address == A
        assert called.case
        assert await recall.open_with("console:u2", "en") == []
        await core.send(A, Message("nl", "/language nl"))
        assert await recall.word(A, "yes") == "Ja"
        assert await recall.word("console:1:c:", "yes") == "Yes"
        assert {"start", "talk", "back", "human"} <= recall.commands
        assert recall.wording("home_none", "de") != recall.wording("home_none", "en")
