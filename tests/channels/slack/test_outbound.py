"""What goes out, on the stand-in: questions as Slack shows them, edits in place, and every trouble to its state."""

from __future__ import annotations

import asyncio
from html import unescape
from typing import TYPE_CHECKING, cast

import msgspec
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack import buttons, outbound
from bot.channels.slack.content import plain_content
from bot.channels.slack.outbound import REACTIONS
from bot.channels.slack.parts import parts
from bot.channels.slack.posting import EVENT, find, post, rewrite
from bot.chat.addresses import Address
from bot.chat.effects import Rewrite, replied
from bot.chat.events import Command, Delivered, File, Quoted, Written
from bot.chat.people import Person
from bot.service import delivery
from bot.text.nodes import paragraph
from bot.text.plain import plain
from tests.channels.slack.outgoing import Desk, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack import SlackStandIn
    from tests.platforms.slack.shown import Shown

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(slack: SlackStandIn, tmp_path: Path) -> Desk:
    """A service on Slack."""
    return Desk(slack, tmp_path)


def token(message: Shown, label: str) -> str:
    """What a button or an option brings back."""
    _, element = message.find(label)
    groups = element.get("options", [])
    chosen = next((each for each in groups if each["text"]["text"] == label), None)
    found = buttons.pressed({**element, "selected_option": chosen})
    assert found is not None
    return found.name


async def test_a_question_becomes_what_was_chosen(desk: Desk, slack: SlackStandIn) -> None:
    """Buttons for few choices, a list for more; each gives way to what was chosen and a way to change it."""
    ana = slack.user("Ana")
    async with desk.serving():
        await desk.hear(ana, "/start")
        welcome = await until(ana, "Hello Ana")
        assert "our guide" in welcome.text
        first = await until(ana, "Which platform?")
        assert first.buttons == ["Magento 2", "WooCommerce"]
        await desk.tap(ana, token(first, "Magento 2"))
        await ana.until(lambda: "You chose" in first.text, "the question shows what was chosen")
        assert first.text.startswith("Which platform?")
        assert "Magento 2" in first.text
        assert first.buttons == ["Change"]
        second = await until(ana, "Which payment method?")
        assert second.raw["blocks"][-1]["elements"][0]["type"] == "static_select"
        await desk.tap(ana, token(second, "Klarna"))
        await until(ana, "Your shop")
        assert "Klarna" in second.text
    assert desk.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]


async def test_how_messages_are_posted(desk: Desk, slack: SlackStandIn) -> None:
    """In the thread of the conversation and only there, with a text beside the blocks, and without previews."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    async with desk.serving():
        await desk.hear(ana, "/start", thread=said.id)
        shown = await until(ana, "Which platform?")
    assert shown.thread == said.id
    for each in slack.wire.calls("chat.postMessage"):
        arguments = each.arguments
        assert arguments["text"].strip()
        assert arguments["blocks"]
        assert (arguments["unfurl_links"], arguments["unfurl_media"], arguments["mrkdwn"]) == (False, False, False)
        assert "reply_broadcast" not in arguments
        assert arguments["metadata"]["event_type"] == EVENT


def test_a_changed_text_keeps_what_it_replies_to() -> None:
    """Each of its messages is changed by itself, the first one with the quotation that stood there before."""
    words = (paragraph("word " * 1_000),)
    first, *_, last = cast("list[Rewrite]", parts(Rewrite("reply:1", words, quoted=Quoted("relay:2", "Is it broken?"))))
    assert plain(first.document).startswith("> Is it broken?")
    assert (first.piece, first.last, last.last) == (0, False, True)
    whole = Rewrite("hold:1", words)
    assert list(parts(whole)) == [whole]


async def test_words_stay_words(desk: Desk, slack: SlackStandIn) -> None:
    """A name that would mention everybody is only shown."""
    mallory = slack.user("<!channel> *M*")
    async with desk.serving():
        await desk.hear(mallory, "/start")
        shown = await until(mallory, "Hello")
    assert "Hello <!channel> *M*" in shown.text
    assert "&lt;!channel&gt;" in shown.raw["text"]
    assert "<!" not in shown.raw["text"]


@pytest.mark.parametrize("trouble", ["limit", "broken", "lost", "lost and limit"])
@pytest.mark.parametrize("threaded", [False, True])
async def test_each_message_comes_once(trouble: str, threaded: bool, desk: Desk, slack: SlackStandIn) -> None:
    """After 429, a 5xx, or a lost answer, whatever keeps it from being looked for: sent again only if not there."""
    ana = slack.user("Ana")
    thread = (await ana.send("help")).id if threaded else ""
    if trouble == "limit":
        slack.faults.rate_limit("chat.postMessage", retry_after=1)
    elif trouble == "broken":
        slack.faults.fail("chat.postMessage", status=502)
    else:
        slack.faults.lose_answer("chat.postMessage")
    if trouble == "lost and limit":
        for each in ("conversations.history", "conversations.replies"):
            slack.faults.rate_limit(each, retry_after=1)
            slack.faults.fail(each, status=500)
    async with desk.serving():
        await desk.hear(ana, "/start", thread=thread)
        await until(ana, "Which platform?")
        await asyncio.sleep(0)
    texts = [each.text for each in ana.messages() if each.raw.get("app_id")]
    assert len(texts) == len(set(texts)) == 2
    looked = "conversations.replies" if threaded else "conversations.history"
    assert bool(slack.wire.calls(looked)) == (trouble != "limit")


async def test_an_edit_is_made_again(desk: Desk, slack: SlackStandIn) -> None:
    """An edit whose answer was lost is repeated, which changes nothing more."""
    ana = slack.user("Ana")
    async with desk.serving():
        await desk.hear(ana, "/start")
        first = await until(ana, "Which platform?")
        slack.faults.lose_answer("chat.update")
        await desk.tap(ana, token(first, "WooCommerce"))
        await until(ana, "Which payment method?")
    assert "WooCommerce" in first.text
    assert len(slack.wire.calls("chat.update")) == 2


async def test_refusals_are_kept_with_their_reason(desk: Desk, slack: SlackStandIn) -> None:
    """A place that takes nothing refuses what is for it, in Slack's word, and holds nobody else up."""
    ana, bea, cleo = slack.user("Ana"), slack.user("Bea"), slack.user("Cleo")
    slack.world.direct(slack.home, ana.user.id).archived = True
    elsewhere = str(Address("slack", "TGONE", "C1", ""))
    async with desk.serving():
        await desk.hear(ana, "/start")
        await desk.hear(bea, "/start", place=elsewhere)
        await desk.hear(cleo, "/start")
        await until(cleo, "Which platform?")
    reasons = desk.rows("SELECT DISTINCT destination, reason FROM outbox WHERE state = 'refused' ORDER BY reason")
    assert reasons == [(desk.place(ana), "is_archived"), (elsewhere, "not_installed")]


async def test_an_edit_without_its_question(desk: Desk, slack: SlackStandIn) -> None:
    """A question that is gone from Slack, or was never there, cannot be edited; the conversation goes on."""
    ana = slack.user("Ana")
    async with desk.serving():
        await desk.hear(ana, "/start")
        first = await until(ana, "Which platform?")
        pressed = token(first, "WooCommerce")
        del first.conversation.messages[first.id]
        await desk.tap(ana, pressed)
        await until(ana, "Which payment method?")
    assert desk.rows("SELECT kind, reason FROM outbox WHERE state = 'refused'") == [("edit", "message_not_found")]


async def test_a_case_is_a_thread(slack: SlackStandIn, tmp_path: Path) -> None:
    """Its card stands first; what is written and sent afterwards comes into its thread, files with their bytes."""
    ana, tess = slack.user("Ana"), slack.user("Tess")
    team = slack.channel("team", [tess])
    desk = Desk(slack, tmp_path, str(Address("slack", slack.home.id, team.id)))
    sent = await ana.upload("log.txt", b"\x00 all of it")
    (raw,) = sent.raw["files"]
    async with desk.serving():
        await desk.hear(ana, "/human")
        await tess.until(lambda: team.messages or None, "the case comes")
        await desk.hear(ana, "It still <!here> fails", (File(raw["id"], "log.txt", 12), File("FGONE", "gone.txt")))
        await tess.until(lambda: any("gone.txt" in each.text for each in team.messages), "both files were seen to")
    card, *others = team.messages
    assert "Ana" in card.text
    assert {each.thread for each in others} == {card.id}
    assert "Ana: It still <!here> fails" in [each.text for each in others]
    assert any("gone.txt" in each.text and "file_not_found" in each.text for each in others)
    (passed,) = [each for each in slack.world.files.values() if team.id in each.shares]
    assert (passed.name, passed.content) == ("log.txt", b"\x00 all of it")


async def test_files_that_slack_does_not_take_as_one(slack: SlackStandIn, tmp_path: Path) -> None:
    """They come one by one; what cannot be passed on is named with the first, and one that is refused in its place."""
    ana, tess = slack.user("Ana"), slack.user("Tess")
    team = slack.channel("team", [tess])
    desk = Desk(slack, tmp_path, str(Address("slack", slack.home.id, team.id)))
    sent = await ana.upload("1.log", b"one", more={"2.log": b"two", "3.log": b"three"})
    files = [File(each["id"], each["name"]) for each in sent.raw["files"]]

    def shown() -> list[tuple[str, list[str]]]:
        found = [(each.text, [file["title"] for file in each.raw.get("files", ())]) for each in team.messages[1:]]
        return [(unescape(text), names) for text, names in found]

    async with desk.serving():
        await desk.hear(ana, "/human")
        await tess.until(lambda: team.messages or None, "the case comes")
        slack.faults.rate_limit("files.info", retry_after=0)  # of the message: it is asked for again
        await desk.hear(ana, "", tuple(files))
        await tess.until(lambda: ("", ["1.log", "2.log", "3.log"]) in shown(), "they come as one")
        for reason in ("invalid_arguments", "file_deleted"):  # of all of them, and then of the first
            slack.faults.refuse("files.completeUploadExternal", reason)
        await desk.hear(ana, "", (File("FGONE", "<!here>.txt"), *files[:2]))
        await tess.until(lambda: any(names == ["2.log"] for _, names in shown()), "they come one by one")
    named = "<!here>.txt: this file cannot be passed on (file_not_found)"
    refused = "1.log: this file cannot be passed on (file_deleted)"
    assert [(text.split("\n"), names) for text, names in shown()[-2:]] == [([named, refused], []), ([""], ["2.log"])]


async def test_a_reply_of_the_team(slack: SlackStandIn, tmp_path: Path) -> None:
    """It comes to the merchant under its author's name; its mark, the card and later changes follow it."""
    ana, tess = slack.user("Ana"), slack.user("Tess")
    team = slack.channel("team", [tess])
    desk = Desk(slack, tmp_path, str(Address("slack", slack.home.id, team.id)))
    person = Person(f"slack:{slack.home.id}:{tess.user.id}", "Tess")
    async with desk.serving():
        await desk.hear(ana, "/human")
        (card,) = await tess.until(lambda: team.messages or None, "the case comes")
        before = card.text
        await desk.hear(ana, Command("c1", person, "claim"))
        await tess.until(lambda: card.text != before, "the card says whose it is")
        said = await tess.send("Try <!channel> again", channel=team, thread=card.id)
        await desk.hear(ana, Written("w1", person, said.id, "Try <!channel> again"))
        await tess.until(lambda: said.raw.get("reactions"), "the reply waits")
        assert [each["name"] for each in said.raw["reactions"]] == [REACTIONS["queued"]]
        desk.ahead_ms += 60_000
        reply = await until(ana, "Try")
        assert reply.text == "Tess: Try <!channel> again"
        await desk.hear(ana, Delivered("d1", replied(said.id), "sent"))
        await tess.until(lambda: [x["name"] for x in said.raw["reactions"]] == [REACTIONS["sent"]], "it was sent")
        await desk.hear(ana, Written("w2", person, said.id, "Try it again", edited=True))
        await ana.until(lambda: "Try it again" in reply.text, "the copy follows")
        await desk.hear(ana, Written("w3", person, said.id, deleted=True))
        await ana.until(lambda: reply.deleted, "the copy goes, too")
    assert "Tess" in card.text


async def test_what_is_kept_is_shown_to_whom_it_is_about(slack: SlackStandIn, tmp_path: Path) -> None:
    """Alone with the bot all cases, with the way to each, and all data as a file; in a thread that one case alone."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    desk = Desk(slack, tmp_path)
    async with desk.serving():
        await desk.hear(ana, "/human", thread=said.id)
        await desk.hear(ana, "/human")
        await desk.hear(ana, "/cases")
        shown = await until(ana, "Your cases")
        assert "To go on with it, just write here." in shown.text
        assert "Go on in the conversation that it is in." in shown.text
        await desk.hear(ana, "/mydata")
        await until(ana, "Conversations: 2")
        await ana.until(lambda: slack.world.files or None, "all of it comes as a file")
    assert any(b"Ana: /human" in each.content for each in slack.world.files.values())


async def test_a_long_card_goes_on_in_its_thread(slack: SlackStandIn) -> None:
    """Its parts are found again together, or not at all; written anew, it has as many as it needs."""
    ana = slack.user("Ana")
    team = slack.channel("team", [ana])
    client = AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/")
    to = Address("slack", slack.home.id, team.id)
    pieces = [plain_content((paragraph(each),)) for each in ("one", "two", "three")]
    natives = await post(client, to, "1.a", pieces)
    assert [each.thread for each in team.messages[1:]] == [natives[0]] * 2
    assert await find(client, to, "1.a") == natives
    assert await find(client, to, "2.b") is None
    await rewrite(client, to, "3.c", natives, pieces[:1])
    assert [each.text for each in team.messages] == ["one"]
    assert await find(client, to, "1.a") is None
    await rewrite(client, msgspec.structs.replace(to, thread=natives[0]), "4.d", natives[:1], pieces[1:])
    assert [each.text for each in team.messages] == ["two", "three"]
    await rewrite(client, to, "5.e", natives[1:], [])


async def test_a_channel_is_looked_for_a_while(
    desk: Desk, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message for a channel that Slack knows by another id just then waits for word of it; without, it is refused."""
    monkeypatch.setattr(outbound, "MOVING", 3)
    monkeypatch.setattr(delivery, "FIRST_PAUSE_MS", 20)
    ana = slack.user("Ana")
    shop = slack.channel("shop", [ana], private=True)
    former, moved = shop.id, "C0ELSEWHERE"
    slack.world.conversations[moved] = slack.world.conversations.pop(former)
    here, gone = (str(Address("slack", slack.home.id, each)) for each in (former, "C0GONE"))
    async with desk.serving():
        await desk.hear(ana, "/start", place=here)
        await slack.news.until(lambda: slack.wire.calls("chat.postMessage"), "it is refused at first")
        slack.world.conversations[former] = slack.world.conversations.pop(moved)
        await desk.hear(ana, "/start", place=gone)
        await desk.emptied()
    ends = desk.rows("SELECT DISTINCT destination, state, reason, attempts FROM outbox ORDER BY attempts DESC")
    assert ends[0] == (gone, "refused", "channel_not_found", 4)
    assert {each[:2] for each in ends if each[0] == here} == {(here, "sent")}
    assert ana.messages(channel=shop)
