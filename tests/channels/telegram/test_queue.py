"""The list of cases in the staff's group."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.channels.telegram.connecting import make
from bot.channels.telegram.moves import Moves
from bot.channels.telegram.queue import Queue
from bot.channels.telegram.topics import Topics
from bot.service.leases import Lease
from bot.service.recall import Recall
from bot.store.opening import open_store
from bot.store.rows import Outgoing, Settlement
from tests.databases import new_file
from tests.service.core import Core
from tests.service.world import START, Clock
from tests.store.made import A, B, arrival, case, change, commit, exchange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.store.port import Store
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group

pytestmark = pytest.mark.anyio

FLOW = """
flow: test
version: 1
title: Test
steps:
  - id: hello
    say: Hello.
"""
EDITS = "editMessageText"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store without cases."""
    made = await open_store(new_file(tmp_path))
    yield made
    await made.close()


@pytest.fixture
def forum(telegram: TelegramStandIn) -> Group:
    """The staff's group."""
    return telegram.forum("Desk", [telegram.user("Noor")])


@pytest.fixture
async def queue(telegram: TelegramStandIn, forum: Group, store: Store) -> AsyncIterator[Callable[[], Queue]]:
    """Makes the list as a process that begins has it."""
    staff = f"telegram:{telegram.world.bot.id}:{forum.id}:"
    recall = Recall(store, Core(store, FLOW, Clock()).step)
    async with make(telegram.token, f"{telegram.url}/bot") as bot:
        yield lambda: Queue(bot, recall, Topics(bot, recall), Moves(store, staff), staff)


def lists(forum: Group) -> list[list[str]]:
    """Every message of the forum, line by line, without what is empty."""
    return [
        [line for line in each["text"].split("\n") if line] for each in forum.chat.messages.values() if "text" in each
    ]


async def test_one_message_follows_the_cases(
    telegram: TelegramStandIn, forum: Group, store: Store, queue: Callable[[], Queue], lawful: Callable[[], None]
) -> None:
    """Made with the first case, in a topic of its own, pinned; edited only as the cases change, by others, too."""
    shown = queue()
    await shown.show()
    assert forum.topics == []
    waits = case("T-1", due=START + 60_000, title="<b>Ana")
    to = shown._staff
    await commit(store, arrival(A, "1", change(Outgoing("telegram", to, "open_case", b"", ref="case:T-1"), case=waits)))
    (opened,) = await exchange(store, carriers=["telegram"])
    await exchange(store, Settlement(opened.id, "sent", ("t77",)), limit=0)
    for _ in range(2):
        await shown.show()
    line = "- T-1 · <b>Ana · new · normal · general · en · Due 2026-01-05 09:01 UTC"
    assert lists(forum) == [["Cases", "With nobody", line, "Due soon", line]]
    (message,) = [each for each in forum.chat.messages.values() if "text" in each]
    links = [each["url"] for each in message["entities"] if each["type"] == "text_link"]
    assert links == [f"https://t.me/c/{str(forum.id).removeprefix('-100')}/77"] * 2
    assert [message["message_thread_id"], forum.chat.pinned] == [forum.topics[0].id, [message["message_id"]]]
    assert telegram.wire.calls(EDITS) == []

    gone = waits._replace(status="pending", assignee="p1", due=None, access="in_use", time_box="running")
    await commit(store, arrival(A, "2", change(case=gone)))
    await queue().show()
    kept = [name for name in lists(forum)[0] if not name.startswith("-")]
    assert kept == ["Cases", "Waiting for the merchant", "Access still open", "Time-boxes running"]
    await commit(store, arrival(A, "3", change(case=gone._replace(status="closed", access="none", time_box="ended"))))
    await queue().show()
    assert lists(forum) == [["Cases", "There is no case in this list."]]
    assert (len(telegram.wire.calls(EDITS)), len(forum.topics)) == (2, 1)
    lawful()


async def test_it_looks_every_half_minute(
    telegram: TelegramStandIn, forum: Group, store: Store, queue: Callable[[], Queue]
) -> None:
    """Only by the one that holds the lease; later where Telegram or its refusals say so; changes between are one."""
    held = Lease(store, "telegram.7", "p1", lambda: START)
    pauses, seen, step = [], [], 0

    async def turn(pause: float) -> None:
        """What happens while it rests."""
        nonlocal step
        pauses.append(pause)
        seen.append([len(telegram.wire.calls(EDITS)), *(len(lines) for lines in lists(forum))])
        step += 1
        match step:
            case 1:
                await commit(store, arrival(A, "1", change(case=case("T-1"))))
            case 2:
                await held.keep()
            case 4:
                for number in range(3):
                    await commit(store, arrival(A, f"2{number}", change(case=case("T-1", queue=f"q{number}"))))
            case 5:
                await commit(store, arrival(B, "1", change(case=case("T-2"))))
                telegram.faults.rate_limit(EDITS, retry_after=70)
            case 7:
                await commit(store, arrival(B, "2", change(case=case("T-2", queue="tech"))))
                telegram.faults.fail(EDITS)
            case 9:
                raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await queue().run(held, turn)
    assert pauses == [30, 30, 30, 30, 30, 70, 30, 300, 30]
    assert seen == [[0], [0], [0, 3], [0, 3], [1, 3], [2, 3], [3, 4], [4, 4], [5, 4]]


async def test_what_was_deleted_comes_again(
    telegram: TelegramStandIn, forum: Group, store: Store, queue: Callable[[], Queue], lawful: Callable[[], None]
) -> None:
    """The message alone comes into its topic, the topic with it as a new one, once each."""
    shown = queue()
    await commit(store, arrival(A, "1", change(case=case("T-1"))))
    await shown.show()
    del forum.chat.messages[forum.chat.pinned[-1]]
    await commit(store, arrival(B, "1", change(case=case("T-2"))))
    await shown.show()
    assert [len(each) for each in lists(forum)] == [4]
    assert len(forum.topics) == 1
    forum.delete_topic(forum.topics[0])
    await commit(store, arrival(B, "2", change(case=case("T-2", queue="tech"))))
    for each in (shown, queue()):
        await each.show()
    assert [len(each) for each in lists(forum)] == [4]
    assert len(telegram.wire.calls("createForumTopic")) == 2
    lawful()
