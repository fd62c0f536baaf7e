"""The status of a thread: shown where an answer takes its time, and never otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.slack.status import Working
from tests.channels.slack.outgoing import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn

pytestmark = pytest.mark.anyio


async def test_a_slow_answer_is_announced(slack: SlackStandIn, tmp_path: Path) -> None:
    """In its thread, in the words of the conversation; once, and where there is no thread not at all."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        working = Working(desk.client, desk.recall, slow_s=0)
        working.begin(desk.place(ana))
        for _ in range(3):
            working.begin(desk.place(ana, said.id))
        await ana.until(lambda: said.conversation.assistant.get(said.id), "the thread shows it")
    (call,) = slack.wire.calls("assistant.threads.setStatus")
    assert call.arguments["loading_messages"] == ["One moment please, I am still looking something up."]


async def test_a_quick_answer_is_not(slack: SlackStandIn, tmp_path: Path) -> None:
    """An answer that is there in time calls it off; a place where it cannot be shown is no failure."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        working = Working(desk.client, desk.recall, slow_s=0)
        working.begin(desk.place(ana, said.id))
        working.end(desk.place(ana, said.id))
        working.end(desk.place(ana, "1.000001"))
        working.begin(desk.place(ana, "1.000001"))
        await ana.until(lambda: slack.wire.calls("assistant.threads.setStatus") or None, "the other one is tried")
    (call,) = slack.wire.calls("assistant.threads.setStatus")
    assert call.answer["error"] == "invalid_thread_ts"
