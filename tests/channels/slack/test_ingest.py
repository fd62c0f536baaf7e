"""What a merchant and Slack do that is not a plain answer: each once, in its place, with nothing said twice."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.slack import buttons
from bot.chat.events import Message, Reacted
from bot.service.intake import Intake
from tests.channels.slack.test_end_to_end import question, service
from tests.channels.telegram.conftest import anyio_backend
from tests.channels.telegram.test_states import settled
from tests.service.world import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from bot.service.intake import Result
    from bot.store.rows import Arrival
    from tests.platforms.slack import SlackStandIn

    Serving = Callable[..., AbstractAsyncContextManager[None]]

__all__ = ["anyio_backend", "service"]

pytestmark = pytest.mark.anyio


def events(folder: Path) -> list[Any]:
    """The keys of the events that were kept."""
    with closing(sqlite3.connect(folder / "triage.db")) as database:
        return [key for (key,) in database.execute("SELECT key FROM events ORDER BY rev")]


async def test_what_slack_delivers_twice_is_done_once(slack: SlackStandIn, service: Serving, tmp_path: Path) -> None:
    """Each event comes twice, and out of order: one conversation, one answer to each message."""
    ana = slack.user("Ana")
    slack.faults.duplicate(3)
    async with service():
        await ana.send("hello")
        await question(ana)
        await asyncio.sleep(0.5)
        kept = events(tmp_path)
        assert len([each for each in kept if each.startswith("m:")]) == 1


async def test_who_writes_twice_in_a_moment_is_heard_in_order(
    slack: SlackStandIn, service: Serving, tmp_path: Path
) -> None:
    """Who they are is looked up first; the second message, of whom it is known sooner, does not overtake the first."""
    ana = slack.user("Ana")
    slack.faults.lose_answer("users.info", after=0.5)
    async with service():
        for words in ("hello", "WooCommerce"):
            await ana.send(words)
        await ana.until(lambda: len(events(tmp_path)) == 2, "both are kept")
        assert events(tmp_path) == sorted(events(tmp_path))  # Slack names messages by their time


@pytest.mark.usefixtures("brief_holds")
async def test_a_command_and_a_reaction_do_not_overtake_words(
    slack: SlackStandIn, service: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is taken while what was written before them is being kept, though others' words are; all are kept."""
    ana, bea, noor = slack.user("Ana"), slack.user("Bea"), slack.user("Noor")
    desk = slack.channel("desk", [noor], private=True)
    let, taken = asyncio.Event(), list[str]()
    submit = Intake.submit

    async def slowly(self: Intake, arrival: Arrival) -> Result:
        event = getattr(arrival.payload, "event", None)
        if isinstance(event, Message | Reacted):
            taken.append(event.text if isinstance(event, Message) else event.emoji)
            if taken[-1] == "9.1":
                await let.wait()
        return await submit(self, arrival)

    monkeypatch.setattr(Intake, "submit", slowly)
    async with service(staff=f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.send("/human")
        card = await noor.next_message(channel=desk)
        await noor.press(card, "Claim")
        await noor.send("/reply Which version?", channel=desk, thread=card.id)
        asked = await ana.until(
            lambda: next((each for each in ana.messages() if "Which version?" in each.text), None), "she is asked"
        )
        await settled(tmp_path)  # so that it is known what she reacts to
        await ana.send("9.1")
        await until(lambda: "9.1" in taken)
        await ana.slash("/triage", "on Magento")
        await ana.react(asked, "tada")
        await bea.send("hello")
        await question(bea)
        assert "hello" in taken
        assert not {"on Magento", "🎉"} & set(taken)
        let.set()
        await until(lambda: {"on Magento", "🎉"} <= set(taken))


async def test_a_link_that_unfurls_and_a_deleted_message_change_nothing(
    slack: SlackStandIn, service: Serving, tmp_path: Path
) -> None:
    """Slack's own changes are no words of the merchant; what they take back is theirs to take back."""
    ana = slack.user("Ana")
    async with service():
        said = await ana.send("see https://shop.example")
        await question(ana)
        await ana.unfurl(said, "A shop")
        await ana.delete(said)
        await asyncio.sleep(0.5)
        assert len(events(tmp_path)) == 1


async def test_an_edit_of_an_old_message_asks_what_waits_again(slack: SlackStandIn, service: Serving) -> None:
    """It is no answer to the question that waits by now."""
    ana = slack.user("Ana")
    async with service():
        said = await ana.send("hello")
        first = await question(ana)
        await ana.edit(said, "hello there")
        again = await question(ana)
        assert again.text.endswith(first.text)


async def test_every_entrance_leads_to_direct_messages(slack: SlackStandIn, service: Serving) -> None:
    """The global shortcut, and the one of a message in any channel."""
    ana = slack.user("Ana")
    shop = slack.channel("shop", [ana])
    async with service():
        await (await ana.shortcut(buttons.SHORTCUT)).answered()
        await question(ana)
        said = await ana.send("It does not work!", channel=shop)
        await (await ana.message_shortcut(buttons.MESSAGE_SHORTCUT, said)).answered()
        await ana.next_message()


async def test_a_new_kind_of_event_is_acknowledged(slack: SlackStandIn, service: Serving) -> None:
    """Slack repeats nothing of what the bot has no use for."""
    ana = slack.user("Ana")
    async with service():
        said = await ana.send("hello")
        await question(ana)
        await ana.react(said, "tada")
        told = await slack.news.until(
            lambda: slack.wire.deliveries("reaction_added") or None, "the reaction is told of"
        )
    assert [each.status for each in told] == [200]


async def test_a_file_is_an_answer_by_its_name(slack: SlackStandIn, service: Serving, tmp_path: Path) -> None:
    """It is kept with its id; where its bytes are is asked when somebody wants them."""
    ana = slack.user("Ana")
    async with service():
        await ana.send("hello")
        await question(ana)
        await ana.upload("log.txt", b"error", caption="WooCommerce")
        await question(ana)
        with closing(sqlite3.connect(tmp_path / "triage.db")) as database:
            (document,) = database.execute("SELECT document FROM conversations").fetchone()
        assert "log.txt" in document


async def test_nobody_waits_to_be_told_of_again(slack: SlackStandIn, service: Serving) -> None:
    """Who opens the messages is looked up before they write; who is known to their conversation, after it is kept."""
    ana = slack.user("Ana", locale="nl-NL")
    async with service():
        await ana.open_home("messages")
        await slack.news.until(lambda: slack.wire.calls("users.info") or None, "she is looked up")
        await ana.send("hello")
        first = await question(ana)
        assert "Ana" in ana.messages()[1].text
        assert len(slack.wire.calls("users.info")) == 1
    slack.faults.lose_answer("users.info", after=60)  # longer than Slack waits for an acknowledgement
    async with service():
        await ana.choose(first, "WooCommerce")
        await question(ana)
    assert [each.status for each in slack.wire.deliveries("block_actions")] == [200]
    assert slack.wire.calls("users.info")[-1].status == 0
