"""Merchant and staff on different platforms, over sockets, store and delivery: one conversation, two histories."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.channels.slack import buttons
from tests.channels.telegram.conftest import called
from tests.desk.serving import claimed, offered, reads, service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel as SlackPlace
    from tests.platforms.slack.person import Person as SlackUser
    from tests.platforms.slack.shown import Shown as SlackShown
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.person import Person as Merchant
    from tests.platforms.telegram.shown import Shown

pytestmark = pytest.mark.anyio

DESK = """
undo: 1s
people:
  noor: {name: Noor, accounts: ["slack:TEAM:NOOR"]}
  kim: {name: Kim, accounts: ["slack:TEAM:KIM"], roles: [specialist]}
macros:
  logs:
    title: Logs
    text:
      en: "Dear {{ merchant.name }}, please send us the log file."
      es: "Hola {{ merchant.name }}: envíenos el archivo de registro, por favor."
"""


async def test_a_spanish_merchant_on_telegram_and_staff_in_slack(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A macro in their language, a file, words edited and deleted on both sides, a note, solved and rated."""
    ana, noor, kim = telegram.user("Ana", language="es"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    (tmp_path / "desk.yaml").write_text(DESK.replace("TEAM", slack.home.id).replace("NOOR", noor.user.id))
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))

    def words() -> list[str]:
        return [each.text for each in ana.messages()]

    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.start("")
        await ana.next_message()
        answer = await ana.send("WooCommerce")
        await ana.until(lambda: "WooCommerce" not in words()[-1], "the next question comes")
        await ana.send("/human")
        card = await noor.next_message(channel=desk)

        def there() -> list[str]:
            return [each.text for each in noor.messages(channel=desk, thread=card.id)]

        await noor.press(card, "Claim")
        await ana.until(lambda: "Noor" in words()[-1], "Ana hears who is there")
        await noor.until(lambda: "Reply…" in card.buttons or None, "the card offers a reply")
        await replying(noor, card)
        await ana.until(
            lambda: words()[-1].endswith("envíenos el archivo de registro, por favor."), "the macro arrives"
        )
        assert words()[-1].startswith("Noor: Hola Ana")

        await ana.upload("log.txt", b"PHP Fatal error", caption="Aquí está")
        await noor.until(lambda: any("Aquí está" in each for each in there()) or None, "the caption arrives")
        passed_on = slack.world.files.values()
        await noor.until(
            lambda: [each for each in passed_on if each.content == b"PHP Fatal error"] or None, "its bytes"
        )

        await ana.edit(answer, "Magento 2")
        await noor.until(lambda: any("✎" in each and "Magento 2" in each for each in there()) or None, "the edit shows")
        await sending_an_album(slack, ana, noor, there)

        said = await noor.send("Which verson?", channel=desk, thread=card.id)
        await noor.edit(said, "Which version?")
        await ana.until(lambda: words()[-1] == "Noor: Which version?", "the corrected words arrive")
        await noor.until(lambda: marks(said) == ["white_check_mark"] or None, "the mark says so")
        await noor.edit(said, "Which version of the plugin?")
        await ana.until(lambda: words()[-1] == "Noor: Which version of the plugin?", "the copy follows")
        for text in ("long " * 1_500, "short", "larger " * 1_100):
            await noor.edit(said, text)
            await ana.until(partial(_is_all, words, text), "it follows in as many messages as it takes")
        await kim.send("It smells of Varnish.", channel=desk, thread=card.id)
        await noor.delete(said)
        await ana.until(lambda: not any("larger" in each for each in words()), "all of the copy is taken away")

        secret = await ana.send("Mi contraseña es Hunter2!x")
        await noor.until(lambda: any("contraseña" in each for each in there()) or None, "the rest of it arrives")
        assert not any("Hunter2" in each for each in there())
        await ana.until(lambda: secret.deleted, "it is taken out of the chat")
        await ana.until(lambda: any("parece una contraseña" in each for each in words()), "Ana is told why")
        await noor.until(lambda: "has to be replaced" in card.text or None, "the card says that it is exposed")

        await noor.mention(desk, "solve", thread=card.id)
        await ana.press(await offered(ana, "Sí, gracias"), "Sí, gracias")
        await noor.until(lambda: any("content with" in each for each in there()) or None, "the rating arrives")
        assert not any("Varnish" in each for each in words())
    lawful()


async def test_live_access_denied_then_approved_used_and_gone(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two persons and a backup before anybody is let in; the case closes once the merchant says the account is gone."""
    ana, noor, kim = telegram.user("Ana"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    people = DESK.replace("TEAM", slack.home.id).replace("NOOR", noor.user.id).replace("KIM", kim.user.id)
    (tmp_path / "desk.yaml").write_text(people)
    monkeypatch.setenv("TRIAGE_DESK", str(tmp_path / "desk.yaml"))

    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        await ana.start("")
        await ana.next_message()
        await ana.send("/human")
        card = await noor.next_message(channel=desk)

        async def does(who: SlackUser, command: str, answer: str) -> None:
            """Give a command in the thread, and wait for what it is answered with."""
            had = len(noor.messages(channel=desk, thread=card.id))
            await who.mention(desk, command, thread=card.id)
            await noor.until(
                lambda: any(answer in each.text for each in noor.messages(channel=desk, thread=card.id)[had:]) or None,
                f"{command} is answered",
            )

        await noor.press(card, "Claim")
        await reads(ana, "Noor")
        await does(noor, "access requested production", "asks for access to the live shop")
        await does(kim, "deny not needed yet", "did not approve")
        await does(noor, "access requested production", "asks for access to the live shop")
        await does(kim, "approve", "no confirmed backup")
        await does(noor, "access provided", "needs a specialist's approval")
        await ana.press(await offered(ana, "There is a backup"), "There is a backup")
        await noor.until(
            lambda: (
                "backup of the live shop is confirmed" in noor.messages(channel=desk, thread=card.id)[-1].text or None
            ),
            "the backup is confirmed",
        )
        await does(noor, "approve", "Only a specialist")
        await does(kim, "approve", "approved access")
        await reads(ana, "cannot be held liable")
        await does(noor, "access provided", "account was given")
        await does(noor, "access in_use", "is using the account")
        await does(noor, "close", "may still be there")
        await noor.mention(desk, "access removal_requested", thread=card.id)
        await ana.press(await offered(ana, "I have deleted the account"), "I have deleted the account")
        await noor.until(
            lambda: "account is deleted" in noor.messages(channel=desk, thread=card.id)[-1].text or None, "it is gone"
        )
        await does(noor, "close", "closed")
    lawful()


async def test_merchants_of_one_name_keep_to_their_threads_and_call_nobody(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """They call themselves like staff, in letters that look the same; their words stay words, whatever they call."""
    noor = slack.user("Noor")
    desk = slack.channel("desk", [noor], private=True)
    merchants = [telegram.user(name) for name in ("N\u043e\u043er", "N\u043e\u043er")]
    flood = f"<!channel> <!here> <@{noor.user.id}> @channel @everyone <https://evil.example|staff>"
    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        cards = []
        for number, merchant in enumerate(merchants):
            await merchant.start("")
            await merchant.next_message()
            await merchant.send("/human")
            cards.append((await noor.until(partial(_tops, noor, desk, number), "the case arrives"))[-1])
            await merchant.send(f"{flood} {number}")
        for number, card in enumerate(cards):
            words = await noor.until(partial(_told, noor, desk, card.id, "@everyone"), "the words arrive")
            assert [each.text.strip()[-1] for each in words] == [str(number)]
            assert {element["type"] for each in words for element in elements(each)} <= {"text"}
            assert not any("<!" in each.raw["text"] or "<@" in each.raw["text"] for each in words)
    lawful()


def _tops(user: SlackUser, channel: SlackPlace, most: int) -> list[SlackShown] | None:
    """What stands in a channel itself, not in its threads, once that is more than `most`."""
    found = [each for each in user.messages(channel=channel) if each.raw.get("thread_ts") in {None, each.raw["ts"]}]
    return found if len(found) > most else None


def _told(user: SlackUser, channel: SlackPlace, thread: str, words: str) -> list[SlackShown] | None:
    """The messages of a thread that say something, once there are any."""
    return [each for each in user.messages(channel=channel, thread=thread) if words in each.text] or None


def elements(message: SlackShown) -> Iterator[dict[str, Any]]:
    """The smallest pieces of what is written."""
    waiting = list(message.raw.get("blocks", []))
    while waiting:
        each = waiting.pop()
        if "elements" in each:
            waiting += each["elements"]
        else:
            yield each


def asked(ana: SlackUser, words: str) -> int:
    """How often she was asked that; the banner of her case may stand below it."""
    return sum(words in each.text for each in ana.messages())


@pytest.mark.usefixtures("brief_holds")
async def test_a_merchant_in_slack_and_staff_on_telegram(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Given back to the bot at the first question and called again: one case, one topic, no question twice."""
    ana, noor = slack.user("Ana"), telegram.user("Noor")
    forum = telegram.forum("Desk", [noor])
    place = f"telegram:{telegram.world.bot.id}:{forum.id}:"
    async with service(slack, telegram, tmp_path, place):
        await ana.send("hello")
        await ana.until(lambda: selects(ana.messages()[-1]) or None, "Ana is asked for her platform")
        await ana.send("WooCommerce")
        await ana.until(lambda: "WooCommerce" not in ana.messages()[-1].text or None, "the next question comes")
        topic, card = await called(ana, noor, forum)
        await noor.press(card, "Claim")
        await reads(ana, "Noor")
        await noor.send("/bot platform", group=forum, topic=topic.id)
        await ana.until(lambda: asked(ana, "Which platform") == 2 or None, "the bot asks for the platform again")
        await noor.until(lambda: "waits for the merchant" in card.text, "the card says whose turn it is")
        await ana.send("Shopware 6")
        await ana.until(lambda: asked(ana, "What goes wrong?") == 2 or None, "the bot goes on")
        await ana.send("/human")
        await noor.until(lambda: "is back with you" in last(noor.messages(group=forum, topic=topic.id)), "called again")
        await noor.until(lambda: "Shopware 6" in card.text, "the card shows the new answer")
        await noor.send("/bot examples", group=forum, topic=topic.id)
        await ana.until(lambda: asked(ana, "What goes wrong?") == 3 or None, "the bot asks what leads to the examples")
        await ana.send("Order 4711")
        await ana.until(lambda: asked(ana, "Which version") or None, "the bot goes on")
        await ana.send("/human")
        await noor.until(lambda: "Order 4711" in card.text, "the card shows the example")
        assert asked(ana, "What goes wrong?") == 3
        assert len(forum.topics) == 1
        said = await noor.send("Thank you!", group=forum, topic=topic.id)
        await reads(ana, "Noor: Thank you!")
        await noor.until(lambda: [each["emoji"] for each in said.chat.reactions.get(said.id, [])] == ["👍"], "marked")
    lawful()


@pytest.mark.usefixtures("brief_holds")
async def test_the_marks_in_a_thread_are_what_the_platform_recorded(
    slack: SlackStandIn, telegram: TelegramStandIn, lawful: Callable[[], None], tmp_path: Path
) -> None:
    """Sent, refused, uncertain or a note: so it is at Ana's, too. What was refused arrives when it is sent again."""
    ana, noor, kim = telegram.user("Ana"), slack.user("Noor"), slack.user("Kim")
    desk = slack.channel("desk", [noor, kim], private=True)
    async with service(slack, telegram, tmp_path, f"slack:{slack.home.id}:{desk.conversation.id}:"):
        card = await claimed(ana, noor, desk)

        async def say(who: SlackUser, words: str, mark: str) -> SlackShown:
            said = await who.send(words, channel=desk, thread=card.id)
            await noor.until(lambda: marks(said) == [mark] or None, f"{words!r} is marked with {mark}")
            return said

        said = [await say(noor, "one", "white_check_mark"), await say(kim, "two", "memo")]
        telegram.faults.lose_answer("sendMessage")
        said.append(await say(noor, "three", "grey_question"))
        await ana.block()
        said += [await say(noor, words, "x") for words in ("four", "five")]
        recorded = [each.text.removeprefix("Noor: ") for each in ana.messages()]
        assert [each.text for each in said if each.text in recorded] == ["one", "three"]

        await ana.unblock()
        failed = await noor.until(lambda: _failed(noor.messages(channel=desk, thread=card.id)), "three did not arrive")
        await noor.edit(said[3], "four, corrected")
        await noor.press(failed[1], "Send again")
        await reads(ana, "Noor: four, corrected")
        await noor.until(lambda: marks(said[3]) == ["white_check_mark"] or None, "the mark follows")
        assert failed[1].deleted
        assert (marks(said[4]), [each.text for each in ana.messages()].count("Noor: four")) == (["x"], 0)
    lawful()


def _failed(messages: list[SlackShown]) -> list[SlackShown] | None:
    """What says that something did not arrive, or may not have, once there are three."""
    found = [each for each in messages if "Send again" in each.buttons]
    return found if len(found) == 3 else None


async def sending_an_album(slack: SlackStandIn, ana: Merchant, noor: SlackUser, there: Callable[[], list[str]]) -> None:
    """Both pictures arrive in one message, and the words with them once."""
    await ana.upload("1.png", b"one", kind="photo", caption="Dos fotos", album="a")
    await ana.upload("2.png", b"two", kind="photo", album="a")

    def arrived() -> list[bytes]:
        shown = [each.arguments["event"] for each in slack.wire.deliveries("message")]
        found = [[slack.world.files[file["id"]].content for file in each.get("files", ())] for each in shown]
        return next((each for each in found if b"one" in each), [])

    await noor.until(lambda: arrived() or None, "the album arrives")
    assert arrived() == [b"one", b"two"]
    assert sum("Dos fotos" in each for each in there()) == 1


def _is_all(words: Callable[[], list[str]], text: str) -> bool | None:
    """Whether a text, and nothing else of the kind, is what somebody reads from where it begins."""
    read = "".join("".join(words()).split()).rpartition("Noor:")[2]
    return read == "".join(text.split()) or None


async def replying(noor: SlackUser, card: SlackShown) -> None:
    """Nothing and a secret are not sent, a macro shows how both sides read it, and is sent by the same command.

    The window opens from the menu of any message in the thread, as from the card.
    """
    await (await noor.message_shortcut(buttons.REPLY, card)).answered()
    modal = await noor.next_modal()
    await noor.until(lambda: modal.labels == ["Send a text", "Your own words"] or None, "the window is filled")
    await (await noor.submit(modal, {})).answered()
    assert modal.errors == {"Your own words": "There is nothing to send yet."}
    await (await noor.submit(modal, {"Your own words": "password: Hunter2!x"})).answered()
    assert "secret" in modal.errors["Your own words"]
    await (await noor.choose(modal, "Logs")).answered()
    await noor.until(lambda: ("envíenos" in modal.text and "send us" in modal.text) or None, "both languages show")
    assert modal.text.index("Español") < modal.text.index("envíenos") < modal.text.index("English")
    await (await noor.submit(modal, {"Send a text": "Logs", "Your own words": ""})).answered()
    await noor.until(lambda: not noor.server.views.stacks.get(noor.user.id), "the window closes")


def marks(message: SlackShown) -> list[str]:
    """What the app reacted to a message with."""
    return [each["name"] for each in message.raw.get("reactions", [])]


def selects(message: SlackShown) -> bool:
    """Whether something is to be picked below a message."""
    return any(block["type"] == "actions" for block in message.raw.get("blocks", []))


def last(messages: list[Shown]) -> str:
    """All that the last messages say."""
    return "\n".join(each.text for each in messages[-3:])
