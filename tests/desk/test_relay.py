"""Words between merchant and staff on all pairs of platforms: how they are written, whose they are, what follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from bot.channels.slack.outbound import REACTIONS, RECEIVED
from bot.channels.telegram.outbound import MARKS
from tests.desk.serving import service
from tests.desk.test_across import elements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.channel import Channel
    from tests.platforms.slack.person import Person as SlackUser
    from tests.platforms.slack.shown import Shown as SlackShown
    from tests.platforms.telegram import TelegramStandIn
    from tests.platforms.telegram.group import Group
    from tests.platforms.telegram.person import Person as TelegramUser
    from tests.platforms.telegram.shown import Shown as TelegramShown

pytestmark = pytest.mark.anyio


class Slack(NamedTuple):
    """Somebody in Slack, in direct messages or in the thread of a case."""

    who: SlackUser
    channel: Channel | None = None
    thread: str | None = None

    def messages(self) -> list[SlackShown]:
        """What they see."""
        return self.who.messages(channel=self.channel, thread=self.thread)

    async def shown(self, words: str) -> SlackShown:
        """The message that says this, once it is there."""
        look = partial(_saying, self.messages, words)
        return await self.who.until(look, f"{self.who.user.name} reads {words!r}")

    async def send(self, words: str) -> SlackShown:
        """Write something."""
        return await self.who.send(words, channel=self.channel, thread=self.thread)

    async def send_styled(self) -> None:
        """Write bold and code, and a link behind words."""
        runs = [
            {"type": "text", "text": "It "},
            {"type": "text", "text": "fails", "style": {"bold": True}},
            {"type": "text", "text": " with "},
            {"type": "text", "text": "500", "style": {"code": True}},
            {"type": "link", "url": "https://evil.example/", "text": " here"},
        ]
        section = {"type": "rich_text_section", "elements": runs}
        await self.who.send("as markup", channel=self.channel, thread=self.thread, composed=[section])

    async def send_album(self, words: str, *names: str) -> SlackShown:
        """Send files in one message; that."""
        first, *more = names
        files = {each: each.encode() for each in more}
        return await self.who.upload(
            first, first.encode(), caption=words, channel=self.channel, thread=self.thread, more=files
        )

    def albums(self) -> list[tuple[list[bytes], SlackShown]]:
        """The bytes of the files that each message shows, and the message."""
        found = [(each, each.raw["files"]) for each in self.messages() if each.raw.get("files")]
        return [([self.who.server.world.files[file["id"]].content for file in files], each) for each, files in found]

    async def react(self, message: Any, emoji: str) -> None:
        """React to a message."""
        await self.who.react(message, {"🎉": "tada", "🚀": "rocket"}[emoji])

    def styles(self, message: Any) -> set[tuple[str, str]]:
        """Which words of a message are written how."""
        return {(name, each["text"].strip()) for each in elements(message) for name in each.get("style", ())}

    def reacted(self, message: Any) -> list[str]:
        """What the app reacted with."""
        found = [each["name"] for each in message.raw.get("reactions", []) if each["name"] != RECEIVED]
        return [{"tada": "🎉", "rocket": "🚀"}.get(each, "?") for each in found]

    def marked(self, message: Any) -> str:
        """What the app says has become of a message."""
        names = {name: state for state, name in REACTIONS.items()}
        return "".join(names[each["name"]] for each in message.raw.get("reactions", []))


class Telegram(NamedTuple):
    """Somebody on Telegram, in the private chat or in the topic of a case."""

    who: TelegramUser
    group: Group | None = None
    topic: int | None = None

    def messages(self) -> list[TelegramShown]:
        """What they see."""
        return self.who.messages(group=self.group, topic=self.topic)

    async def shown(self, words: str) -> TelegramShown:
        """The message that says this, once it is there."""
        look = partial(_saying, self.messages, words)
        return await self.who.until(look, f"{self.who.user.first_name} reads {words!r}")

    async def send(self, words: str) -> TelegramShown:
        """Write something."""
        return await self.who.send(words, group=self.group, topic=self.topic)

    async def send_styled(self) -> None:
        """Write bold and code, and a link behind words."""
        entities = [("bold", 3, 5), ("code", 14, 3), ("text_link", 18, 4)]
        found = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in entities]
        found[-1]["url"] = "https://evil.example/"
        await self.who.say(text="It fails with 500 here", entities=found, group=self.group, topic=self.topic)

    async def send_album(self, words: str, *names: str) -> TelegramShown:
        """Send pictures as one; the message with the words."""
        place: dict[str, Any] = {"group": self.group, "topic": self.topic}
        sent = [
            await self.who.upload(each, each.encode(), kind="photo", caption=said, album="".join(names), **place)
            for each, said in zip(names, (words, *("" for _ in names)), strict=False)
        ]
        return sent[0]

    def albums(self) -> list[tuple[list[bytes], TelegramShown]]:
        """The bytes of the files of each album, and the message with the last one."""
        found: dict[str, list[TelegramShown]] = {}
        for each in self.messages():
            if "media_group_id" in each.raw:
                found.setdefault(each.raw["media_group_id"], []).append(each)
        files = self.who.server.world.files
        return [
            (
                [
                    files[(each.raw["photo"][-1] if "photo" in each.raw else each.raw["document"])["file_id"]].content
                    for each in album
                ],
                album[-1],
            )
            for album in found.values()
        ]

    async def react(self, message: Any, emoji: str) -> None:
        """React to a message."""
        await self.who.react(message, emoji)

    def styles(self, message: Any) -> set[tuple[str, str]]:
        """Which words of a message are written how."""
        found = [each for each in message.raw.get("entities", []) if each["type"] not in {"url", "text_link"}]
        return {(each["type"], message.text[each["offset"] :][: each["length"]].strip()) for each in found}

    def reacted(self, message: Any) -> list[str]:
        """What the bot reacted with."""
        return [each["emoji"] for each in message.chat.reactions.get(message.id, [])]

    def marked(self, message: Any) -> str:
        """What the bot says has become of a message."""
        return "".join(state for state in MARKS if [MARKS[state]] == self.reacted(message) and state != "undone")


def _saying(messages: Callable[[], list[Any]], words: str) -> Any:
    return next((each for each in messages() if words in each.text), None)


@pytest.mark.usefixtures("brief_holds")
@pytest.mark.parametrize(("staffs", "theirs"), [("slack", "both"), ("telegram", "slack"), ("telegram", "telegram")])
async def test_words_pass_between_all_platforms(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
    staffs: str,
    theirs: str,
) -> None:
    """Cases with merchants of either platform, at a desk on one of them."""
    noor, kim = slack.user("Noor"), telegram.user("Noor")
    desk, forum = slack.channel("desk", [noor], private=True), telegram.forum("Desk", [kim])
    places = {
        "slack": f"slack:{slack.home.id}:{desk.conversation.id}:",
        "telegram": f"telegram:{telegram.world.bot.id}:{forum.id}:",
    }
    async with service(slack, telegram, tmp_path, places[staffs]):
        merchants: dict[str, Slack | Telegram] = {
            "slack": Slack(slack.user("Ana")),
            "telegram": Telegram(telegram.user("Ana")),
        }
        for number, merchant in enumerate(each for name, each in merchants.items() if theirs in {"both", name}):
            await merchant.send("/start")
            await merchant.who.next_message()
            await merchant.send("/human")
            staff = await (_in_slack(noor, desk, number) if staffs == "slack" else _on_telegram(kim, forum, number))
            await merchant.shown("Noor")
            reply, said, asked = await _talk(merchant, staff)
            await _answer(merchant, staff, reply, said, asked)
            await _alter(merchant, staff, said)
            await _albums(merchant, staff)
    lawful()


async def _in_slack(noor: SlackUser, desk: Channel, number: int) -> Slack:
    def tops() -> SlackShown | None:
        found = [each for each in noor.messages(channel=desk) if each.thread in {None, each.id}]
        return found[number] if len(found) > number else None

    card = await noor.until(tops, "the case comes")
    await noor.press(card, "Claim")
    return Slack(noor, desk, card.id)


async def _on_telegram(noor: TelegramUser, forum: Group, number: int) -> Telegram:
    topic = await noor.until(lambda: forum.topics[number] if len(forum.topics) > number else None, "the case comes")
    card = await noor.next_message(group=forum, topic=topic.id)
    await noor.press(card, "Claim")
    return Telegram(noor, forum, topic.id)


async def _talk(merchant: Slack | Telegram, staff: Slack | Telegram) -> tuple[Any, Any, Any]:
    """Words with formatting and reactions, both ways; a reply of staff, and a question with its copy."""
    await merchant.send_styled()
    copy = await staff.shown("Ana: It fails with 500 here (https://evil.example/)")
    assert staff.styles(copy) == {("bold", "Ana:"), ("bold", "fails"), ("code", "500")}
    await staff.send_styled()
    reply = await merchant.shown("Noor: It fails with 500 here (https://evil.example/)")
    expected = {("bold", "Noor:"), ("bold", "fails"), ("code", "500")}
    assert merchant.styles(reply) == expected

    await merchant.react(reply, "🎉")
    note = await staff.shown("Ana reacted with 🎉 to: Noor: It fails with 500")
    said = await merchant.send("Is it broken?")
    asked = await staff.shown("Ana: Is it broken?")
    await staff.react(asked, "🎉")
    await merchant.who.until(lambda: merchant.reacted(said) == ["🎉"] or None, "the reaction shows")
    assert staff.reacted(note) == []
    if isinstance(staff, Slack):  # Telegram has no rocket
        await staff.react(asked, "🚀")
        if isinstance(merchant, Slack):
            await merchant.who.until(lambda: "🚀" in merchant.reacted(said) or None, "the other one, too")
        else:
            await staff.shown("cannot be shown this reaction: 🚀")
    return reply, said, asked


async def _answer(merchant: Slack | Telegram, staff: Slack | Telegram, reply: Any, said: Any, asked: Any) -> None:
    """Replies to a message, both ways."""
    await _reply(merchant, reply, "It is 8.9")
    answered = await staff.shown("It is 8.9")
    await _reply(staff, asked, "It is not")
    told = await merchant.shown("It is not")
    linked = isinstance(staff, Telegram) and isinstance(merchant, Telegram)
    if linked:
        assert told.raw["reply_to_message"]["message_id"] == said.id
        assert "reply_to_message" in answered.raw
    elif isinstance(staff, Telegram):
        assert told.text.startswith(("Ana: Is it broken?", "> Ana: Is it broken?"))
    elif isinstance(merchant, Telegram):
        assert "Noor: It fails with 500 here" in answered.text


async def _alter(merchant: Slack | Telegram, staff: Slack | Telegram, said: Any) -> None:
    """Edits, what is deleted, and what cannot be passed on."""
    await merchant.who.edit(said, "Is it my fault?")
    await staff.shown("✎ Ana: Is it my fault?")
    if isinstance(merchant, Slack):
        await merchant.who.delete(said)
        gone = await staff.shown("✗ Ana: ")
        assert {kind for kind, _ in staff.styles(gone)} >= {"bold"}
    else:
        await merchant.who.say(location={"latitude": 41.4, "longitude": 2.2})
        await staff.shown("cannot be passed on (location)")
    if isinstance(staff, Telegram):
        await staff.who.say(dice={"emoji": "🎲", "value": 3}, group=staff.group, topic=staff.topic)
        await staff.shown("cannot be passed on to the merchant (dice)")


async def _albums(merchant: Slack | Telegram, staff: Slack | Telegram) -> None:
    """Several files at once arrive at once, behind their words and before later ones; each is found by its copy."""
    await merchant.send_album("See both", "1.png", "2.png")
    if isinstance(merchant, Slack):  # which brings what is said in a moment in any order
        await staff.shown("See both")
    await merchant.send("That is all")
    await staff.shown("That is all")
    (files, copy) = await _album(staff, b"1.png")
    assert files == [b"1.png", b"2.png"]
    read: list[Any] = [*staff.messages()]
    said_at = [next(at for at, each in enumerate(read) if words in each.text) for words in ("See both", "That is all")]
    assert said_at[0] < [each.id for each in read].index(copy.id) < said_at[1]
    assert sum("See both" in each.text for each in read) == 1

    said: Any = await staff.send_album("Look here", "3.png", "4.png", "5.png")
    (files, copy) = await _album(merchant, b"3.png")
    assert files == [b"3.png", b"4.png", b"5.png"]
    assert sum("Look here" in each.text for each in merchant.messages()) == 1
    await staff.who.until(lambda: staff.marked(said) == "sent" or None, "the mark says so")
    await merchant.react(copy, "🎉")
    await staff.shown("reacted with 🎉 to: " + ("3.png" if isinstance(staff, Slack) else "photo-"))
    await _reply(merchant, copy, "The last one")
    told = await staff.shown("The last one")
    if isinstance(merchant, Telegram) and isinstance(staff, Telegram):
        assert told.raw["reply_to_message"]["message_id"] == said.id + 2
    elif isinstance(merchant, Telegram):
        assert "3.png" in told.text
    if isinstance(staff, Slack):
        await staff.who.delete(said)
        gone: Callable[[], bool] = lambda: all(each[0] != files for each in merchant.albums())  # noqa: E731
        await merchant.who.until(gone, "all of it is taken away")
        assert not any("Look here" in each.text for each in merchant.messages())


async def _album(reader: Slack | Telegram, first: bytes) -> tuple[list[bytes], Any]:
    """The files that came with that one, and their last message."""
    look = lambda: next((each for each in reader.albums() if each[0][0] == first), None)  # noqa: E731
    return await reader.who.until(look, f"{first!r} arrives")


async def _reply(somebody: Slack | Telegram, to: Any, words: str) -> None:
    """Reply to a message where that can be said; elsewhere just write."""
    if isinstance(somebody, Telegram):
        await somebody.who.send(words, group=somebody.group, topic=somebody.topic, reply_to=to)
    else:
        await somebody.send(words)


@pytest.mark.usefixtures("brief_holds")
async def test_a_merchant_in_slack_and_staff_at_both_places(
    slack: SlackStandIn,
    telegram: TelegramStandIn,
    lawful: Callable[[], None],
    tmp_path: Path,
) -> None:
    """What Bea changes on Telegram changes in Slack: a note for Noor alone, a long text in all of its messages."""
    noor, bea = slack.user("Noor"), telegram.user("Bea")
    desk, forum = slack.channel("desk", [noor], private=True), telegram.forum("Desk", [bea])
    places = f"slack:{slack.home.id}:{desk.conversation.id}: telegram:{telegram.world.bot.id}:{forum.id}:"
    async with service(slack, telegram, tmp_path, places):
        ana = Slack(slack.user("Ana"))
        await ana.send("/start")
        await ana.who.next_message()
        await ana.send("/human")
        there = await _on_telegram(bea, forum, 0)
        await ana.shown("Bea")
        card = await noor.next_message(channel=desk)
        here = Slack(noor, desk, card.id)

        note = await there.send("/note It smells of Varnish")
        await here.shown("Bea: It smells of Varnish")
        await bea.edit(note, "/note It smells of DNS")
        copy = await here.shown("Bea: It smells of DNS")
        await noor.until(lambda: "memo" in str(copy.raw.get("reactions")) or None, "its copy is marked")
        await bea.until(lambda: there.reacted(note) == ["✍"], "her note is marked")
        given = await noor.mention(desk, "note It smells of cache", thread=card.id)
        await there.shown("Noor: It smells of cache")
        await noor.edit(given, given.raw["text"].replace("cache", "proxy"))
        await there.shown("Noor: It smells of proxy")

        said = await there.send(_long("first"))
        for words, last in (("first", True), ("second", False), ("third", True)):
            if words != "first":
                await bea.edit(said, _long(words) if last else f"{words} 0")
            for reader in (ana, here):
                look = partial(_reads_all, reader, words, 400 if last else 1)
                await reader.who.until(look, f"{reader.who.user.name} reads all of the {words} text, and no other")
        assert not any("smells" in each.text for each in ana.messages())
        await bea.edit(said, "// hush")
        await there.shown("still sees the earlier one")
        assert not any("hush" in each.text for each in ana.messages())

        desk.archive()
        kept = await ana.send("Are you there?")
        await there.shown("Ana: Are you there?")
        await ana.who.until(lambda: RECEIVED in str(kept.raw.get("reactions")) or None, "Ana sees that it arrived")
        calls = partial(slack.wire.calls, "chat.postMessage")
        await ana.who.until(lambda: any("is_archived" in str(each.answer) for each in calls()) or None, "not in Slack")
        assert not any("takes no messages" in each.text for each in ana.messages())
    lawful()


def _long(words: str) -> str:
    """A text that is one message on Telegram and several in Slack."""
    return "\n".join(f"{words} {number}" for number in range(400))


def _reads_all(reader: Slack, words: str, lines: int) -> bool | None:
    """Whether somebody reads that many lines of these words, in order, and none of another text of Bea's."""
    read = "\n".join(each.text for each in reader.messages()).splitlines()
    found = [each.removeprefix("Bea: ") for each in read]
    texts = [each for each in found if each.split(" ")[0] in {"first", "second", "third"}]
    return texts == [f"{words} {number}" for number in range(lines)] or None
