"""What merchants do on Telegram beyond pressing and writing: albums, captions, edits, old buttons, links to the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.telegram.conftest import SECRET, called, opening, question

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.person import Person
    from tests.platforms.telegram.shown import Shown

    Service = Callable[..., AbstractAsyncContextManager[None]]

pytestmark = pytest.mark.anyio


async def at_the_problem(person: Person) -> Shown:
    """Answer what comes before the question for the problem, in words; the message that asks for it."""
    first = await opening(person)
    await person.send(first.buttons[0])
    return await person.next_message()


def texts(person: Person, **where: Any) -> list[str]:
    """What a chat shows."""
    return [each.text for each in person.messages(**where)]


async def test_an_album_with_a_caption(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Its words answer the question once; its pictures come to the topic of the case, and their names to the card."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    async with service(staff=f"telegram:{telegram.world.bot.id}:{forum.id}:"):
        await at_the_problem(ana)
        before = len(ana.messages())
        for name in ("one.png", "two.png", "three.png"):
            words = "The payment page stays empty." if name == "one.png" else ""
            await ana.upload(name, name.encode(), caption=words, album="a1")
        asked = await ana.next_message()
        topic, card = await called(ana, noor, forum)
        await noor.until(
            lambda: len([each for each in noor.messages(group=forum, topic=topic.id) if "document" in each.raw]) == 3,
            "the pictures arrive",
        )
        assert "The payment page stays empty." in card.text
        assert "one.png, two.png, three.png" in card.text
    said = [each.text for each in ana.messages()[before + 3 :]]
    assert said.count(asked.text) == 1
    lawful()


async def test_an_album_that_mentions_the_bot_in_a_group(telegram: TelegramStandIn, service: Service) -> None:
    """Its words stand with one picture, and all of its pictures are heard; those of others are between others."""
    ana, noor = telegram.user("Ana"), telegram.user("Noor")
    shop, forum = telegram.group("Shop", [ana], bot="administrator"), telegram.forum("Desk", [noor])
    bot = f"@{telegram.world.bot.username}"
    async with service(staff=f"telegram:{telegram.world.bot.id}:{forum.id}:"):
        await ana.send("/start", group=shop)
        await question(ana, group=shop)
        for album, words in (("a1", ""), ("a2", f"{bot} it looks like this"), ("a3", "")):
            for name in (f"{album}.1.png", f"{album}.2.png", f"{album}.3.png"):
                await ana.upload(name, b"x", caption=words if ".1." in name else "", album=album, group=shop)
        await ana.send("/human", group=shop)
        topic = await forum.next_topic()

        def seen() -> list[str]:
            shown = noor.messages(group=forum, topic=topic.id)
            return [each.raw["document"]["file_name"] for each in shown if "document" in each.raw]

        await noor.until(lambda: len(seen()) >= 3, "the pictures arrive")
        await ana.send(f"{bot} thank you", group=shop)
        await noor.until(lambda: "thank you" in texts(noor, group=forum, topic=topic.id)[-1], "so do words after them")
        assert seen() == ["a2.1.png", "a2.2.png", "a2.3.png"]


async def test_each_topic_of_a_private_chat_is_a_conversation_of_its_own(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]
) -> None:
    """Where a bot has them, a merchant can keep two matters apart: each question stays in the topic of its answers."""
    telegram.private_topics = True
    ana = telegram.user("Ana")
    async with service():
        one, two = ana.open_topic("Order 77"), ana.open_topic("Refunds")
        first = {}
        for topic in (one, two):
            await ana.send("/start", topic=topic)
            first[topic] = await question(ana, topic=topic)
        await ana.press(first[one], first[one].buttons[0])
        await ana.until(lambda: len(first[one].buttons) == 1, "it shows what was chosen")
        second = await ana.next_message(topic=one)
        assert "wrong" in second.text
        assert len(first[two].buttons) > 1
        assert texts(ana, topic=two)[-1] == first[two].text
    lawful()


async def test_an_edit_corrects_the_answer(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]
) -> None:
    """The merchant is told what the answer is now, in their language, and asked on."""
    ana = telegram.user("Ana", language="nl")
    async with service():
        first = await opening(ana)
        before, after = first.buttons[:2]
        said = await ana.send(before)
        await ana.until(lambda: before in first.text, "the question shows the choice")
        await ana.edit(said, after)
        await ana.until(lambda: f"Uw antwoord is nu: {after}" in texts(ana), "the answer is another one")
    lawful()


async def test_a_button_that_is_gone(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """An app that still shows an old button is told so in an alert; a button that is there is answered without."""
    ana = telegram.user("Ana", language="es")
    async with service():
        first = await opening(ana)
        data = [each["callback_data"] for row in first.rows for each in row]
        press = await ana.press_data(first, data[0])
        assert await press.answered() == ""
        await ana.until(lambda: data[1] not in str(first.rows), "the question shows the choice")
        late = await ana.press_data(first, data[1])
        assert await late.answered() == "Ya ha respondido a esto."
    assert telegram.wire.calls("answerCallbackQuery")[-1].arguments["show_alert"] is True
    lawful()


async def test_a_button_that_is_for_another_one(
    telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]
) -> None:
    """In a group whoever began says whether all of it is to be removed; anybody else hears so in an alert."""
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    group = telegram.group("Shop", [ana, bea])
    async with service():
        await ana.send("/start", group=group)
        await ana.next_message(group=group)
        await ana.send("/forget", group=group)
        asked = await ana.until(
            lambda: next((each for each in ana.messages(group=group) if "Keep it" in each.buttons), None), "it is asked"
        )
        assert "Only whoever began" in await (await bea.press(asked, "Remove everything")).answered()
        assert await (await ana.press(asked, "Keep it")).answered() == ""
        await ana.until(lambda: any("I keep it" in each for each in texts(ana, group=group)) or None, "Ana is heard")
    lawful()


async def test_a_link_to_the_bot(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Its payload may name a command, which is what happens then; any other begins the conversation as ever."""
    ana, bea = telegram.user("Ana"), telegram.user("Bea")
    async with service():
        await ana.start("help")
        helped = await ana.next_message()
        await opening(bea, "shop-footer_7")
        assert helped.text not in texts(bea)
    lawful()


async def test_the_profile(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """Commands and descriptions are shown in every language; a second start finds them there and changes nothing."""
    for _ in range(2):
        async with service():
            await opening(telegram.user("Ana"))
    for method in ("setMyCommands", "setMyDescription", "setMyShortDescription"):
        languages = [each.arguments.get("language_code", "") for each in telegram.wire.calls(method)]
        assert sorted(languages) == ["", "de", "es", "fr", "it", "nl", "pt"]
    lawful()


async def test_the_webhook_is_set_once(telegram: TelegramStandIn, service: Service, lawful: Callable[[], None]) -> None:
    """With its secret and what it is to bring; anew only for another secret, and never without an address."""
    ana = telegram.user("Ana")

    async def set_so_far(secret: str, *, told: bool = False) -> int:
        before = len(telegram.wire.calls("setWebhook"))
        async with service("webhook", secret=secret, told=told):
            if not told:
                await telegram.news.until(
                    lambda: telegram.wire.calls("getWebhookInfo") and telegram.webhook, "the webhook is set"
                )
            await ana.send("/status")
            await ana.next_message()
        return len(telegram.wire.calls("setWebhook")) - before

    telegram.faults.fail("setWebhook", status=502)
    assert await set_so_far(SECRET) == 2
    arguments = telegram.wire.calls("setWebhook")[-1].arguments
    assert arguments["secret_token"] == SECRET
    assert set(arguments["allowed_updates"]) == {"message", "edited_message", "callback_query", "message_reaction"}
    assert await set_so_far(SECRET, told=True) == 0
    assert await set_so_far("another-secret") == 1
    lawful()
