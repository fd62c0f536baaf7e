"""A merchant in Slack, from the first word on, through sockets, store and delivery, in both modes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.cli.serve import serve
from bot.settings import Settings
from tests.channels.telegram.conftest import anyio_backend, ready_at
from tests.databases import new_file
from tests.meanwhile import meanwhile
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.person import Person
    from tests.platforms.slack.shown import Shown

__all__ = ["anyio_backend"]

pytestmark = pytest.mark.anyio


@pytest.fixture
def service(slack: SlackStandIn, tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[None]]:
    """Makes contexts in which the product serves, by "http" or "socket", on one database."""

    @contextlib.asynccontextmanager
    async def run(mode: str = "http", staff: str = "") -> AsyncIterator[None]:
        port = free_port()
        settings = Settings(
            database_url=SecretStr(new_file(tmp_path)),
            slack_bot_token=SecretStr(slack.bot_token),
            slack_signing_secret=SecretStr(slack.access.signing_secret if mode == "http" else ""),
            slack_app_token=SecretStr(slack.access.app_token if mode == "socket" else ""),
            slack_api_url=f"{slack.url}/api/",
            staff=staff,
            http_port=port,
        )
        async with meanwhile(serve(settings)):
            await ready_at(port)
            if mode == "http":
                await slack.set_request_url(f"http://127.0.0.1:{port}/slack/events")
            else:
                await slack.sockets.connected(2)
            yield

    return run


async def question(person: Person) -> Shown:
    """The next message with buttons or a list."""
    while True:
        found = await person.next_message()
        if any(block["type"] == "actions" for block in found.raw.get("blocks", [])):
            return found


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_merchant_answers_by_a_choice_and_by_words(
    mode: str, slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """In both modes: what was chosen stands below its question, and the next question comes."""
    ana = slack.user("Ana")
    async with service(mode):
        await ana.send("hello")
        first = await question(ana)
        text = first.text
        await ana.choose(first, "WooCommerce")
        await ana.until(lambda: "WooCommerce" in first.text[len(text) :] or None, "the choice shows")
        second = await question(ana)
        assert second.id != first.id


async def test_a_mention_begins_a_thread_and_goes_on_in_it(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """In a channel: asked below the mention, answered without another one, deaf to everything else.

    Whether all is to be removed Ana alone says; whoever else presses that button hears so, and nobody but them.
    """
    ana, bea = slack.user("Ana"), slack.user("Bea")
    shop = slack.channel("shop", [ana, bea])
    async with service():
        said = await ana.mention(shop, "our checkout is broken")
        first = await ana.next_message(channel=shop, thread=said.id)
        assert first.thread == said.id

        def reads(words: str) -> bool:
            return any(words in each.text for each in ana.messages(channel=shop, thread=said.id))

        await ana.until(lambda: reads("Which platform"), "the question is there")
        await ana.send("WooCommerce", channel=shop, thread=said.id)
        await ana.until(lambda: reads("What goes wrong?"), "the next one is there")
        count = len(ana.messages(channel=shop))
        await ana.send("lunch?", channel=shop)
        await asyncio.sleep(0.3)
        assert len(ana.messages(channel=shop)) == count + 1

        def asking(who: Person) -> Shown | None:
            found = who.messages(channel=shop, thread=said.id)
            return next((each for each in found if "Remove everything" in each.buttons), None)

        await ana.send("/forget", channel=shop, thread=said.id)
        removing = await bea.until(lambda: asking(bea), "it is asked")
        await bea.press(removing, "Remove everything")
        await bea.until(
            lambda: "Only whoever began" in bea.messages(channel=shop, thread=said.id)[-1].text or None, "Bea is told"
        )
        assert not any("Only whoever began" in each.text for each in ana.messages(channel=shop, thread=said.id))
        await ana.press(removing, "Keep it")
        await ana.until(lambda: not asking(ana) or None, "Ana is heard")


async def test_a_merchant_of_another_organisation(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """Slack Connect: whoever is hardly known is heard in the thread, also when they show a reply in the channel.

    The team gets the bytes of their file, of which at first no more than its id was told.
    """
    partner = slack.workspace("Partner")
    ana, ben, noor = slack.user("Ana"), slack.user("Ben", workspace=partner), slack.user("Noor")
    shop, desk = slack.channel("shop", [ana]), slack.channel("desk", [noor], private=True)
    shop.share(partner, with_bot=False)
    async with service(staff=f"slack:{slack.home.id}:{desk.conversation.id}:"):
        said = await ben.send(f"<@{slack.home.installation.bot.id}> it is broken", channel=shop)

        def there() -> int:
            return len(ben.messages(channel=shop, thread=said.id))

        await ben.until(lambda: there() > 2 or None, "the question is there")
        before = there()
        await ben.send("WooCommerce", channel=shop, thread=said.id, broadcast=True)
        await ben.until(lambda: there() > before + 1 or None, "the next one is there")
        await ben.upload("log.txt", b"all of it", channel=shop, thread=said.id)
        await ben.send(f"<@{slack.home.installation.bot.id}> /human", channel=shop, thread=said.id)
        card = await noor.next_message(channel=desk)

        def passed_on() -> list[bytes]:
            shown = [each.raw for each in noor.messages(channel=desk, thread=card.id)]
            return [slack.world.files[file["id"]].content for each in shown for file in each.get("files", [])]

        await noor.until(lambda: passed_on() == [b"all of it"] or None, "the file arrives")
        assert "WooCommerce" in card.text
    told = [each.arguments["event"] for each in slack.wire.deliveries("message") if "files" in each.arguments["event"]]
    assert any(file.get("file_access") == "check_file_info" for each in told for file in each["files"])


@pytest.mark.usefixtures("brief_holds")
async def test_a_case_from_the_hand_off_to_its_rating(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """Merchant in direct messages, staff in a channel: claimed, answered, noted, solved and rated."""
    ana, noor, kim = slack.user("Ana", locale="es-ES"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    async with service(staff=f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.send("/human")
        card = await noor.next_message(channel=desk)
        assert "Ana" in card.text
        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in ana.messages()[-1].text or None, "Ana hears who is there")
        await noor.choose(card, "Priority: urgent")
        await noor.until(lambda: "urgent" in card.text or None, "the card shows it")
        said = await noor.send("Which version is it?", channel=desk, thread=card.id)
        await ana.until(lambda: ana.messages()[-1].text == "Noor: Which version is it?" or None, "the reply arrives")
        await noor.until(lambda: reactions(said) == ["white_check_mark"] or None, "the mark says so")
        noted = await kim.send("I have seen this before.", channel=desk, thread=card.id)
        await noor.until(lambda: reactions(noted) == ["memo"] or None, "the note is marked")
        await ana.send("Es la 4.2.")

        def there() -> list[str]:
            return [each.text for each in noor.messages(channel=desk, thread=card.id)]

        await noor.until(lambda: any("Es la 4.2." in each for each in there()) or None, "the answer arrives")
        await noor.choose(card, "not reproducible")
        await ana.until(lambda: "Sí, gracias" in ana.messages()[-1].buttons or None, "Ana is asked")
        await ana.press(ana.messages()[-1], "Sí, gracias")
        await noor.until(lambda: any("content with" in each for each in there()) or None, "the rating arrives")
        assert not any("seen this before" in each.text for each in ana.messages())


def reactions(message: Shown) -> list[str]:
    """What the app reacted to a message with."""
    return [each["name"] for each in message.raw.get("reactions", [])]


async def test_the_home_tab_and_a_command_lead_to_direct_messages(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """Its button and the slash command begin the same conversation; the tab lists it afterwards."""
    ana = slack.user("Ana")
    async with service():
        await ana.open_home()
        home = await ana.home()
        await ana.press(home, "Start a conversation")
        await question(ana)
        told = await (await ana.slash("/triage", channel=slack.channel("shop", [ana]))).answered()
        assert told == "I have written to you in our direct messages."
        await (await ana.slash("/triage", "language nl")).answered()
        await ana.until(lambda: "Nederlands" in ana.messages()[-2].text or None, "a command behind it is heard")


async def test_the_home_tab_of_staff_is_their_queue(
    slack: SlackStandIn, service: Callable[..., AbstractAsyncContextManager[None]]
) -> None:
    """Whoever is in the staff's channel finds cases by list, page and language, and a way to each thread."""
    noor = slack.user("Noor")
    merchants = [slack.user(f"Ana {at}", locale="es-ES" if at else "en-US") for at in range(12)]
    desk = slack.channel("desk", [noor], private=True)
    async with service(staff=f"slack:{slack.home.id}:{desk.conversation.id}:"):
        for each in merchants:
            await each.send("/human")
        cards = [await noor.next_message(channel=desk) for _ in merchants]
        card = next(each for each in cards if "Ana 0" in each.text)  # they come in any order
        await noor.press(card, "Claim")
        await noor.until(lambda: "Solve" in str(card.raw["blocks"]) or None, "the card follows")
        await noor.open_home()
        home = await noor.home()
        assert home.text.startswith("Cases")
        assert home.buttons == ["Show", "Start a conversation"]
        assert card.id.replace(".", "") in home.find("Show")[1]["url"]
        await noor.choose(home, "With nobody")
        await noor.until(lambda: home.buttons.count("Show") == 10 or None, "those that nobody has")
        await noor.press(home, "Next page")
        await noor.until(lambda: home.buttons == ["Show", "First page", "Start a conversation"] or None, "the last one")
        await noor.choose(home, "English")
        await noor.until(lambda: "There is no case in this list." in home.text or None, "hers was the only one")
        await noor.choose(home, "Waiting for the merchant")
        await noor.until(lambda: "There is no case in this list." in home.text or None, "none is awaited")
        await merchants[0].open_home()
        assert (await merchants[0].home()).text.startswith("Your conversations")
