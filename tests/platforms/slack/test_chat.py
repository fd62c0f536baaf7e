"""chat.*, reactions, pins, bookmarks, assistant: what the app writes, and what is refused about it."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.oracle import NEEDS_SPECS
from tests.platforms.slack import SlackStandIn
from tests.platforms.slack.refused import refused
from tests.platforms.slack.stand_in import DEFAULT_SCOPES

pytestmark = pytest.mark.anyio


def button(**fields: Any) -> dict[str, Any]:
    """A button that is right, but for the fields given."""
    return {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}, "value": "v", **fields}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """A block of these elements."""
    return {"type": "actions", "elements": list(elements)}


def option(label: str, value: str) -> dict[str, Any]:
    """An option."""
    return {"text": {"type": "plain_text", "text": label}, "value": value}


async def test_a_message_is_written_changed_and_deleted(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """The text of a message follows chat.update, which drops blocks that it does not name; then it is gone."""
    ana = slack.user("Ana")
    channel = slack.channel("support", [ana])
    posted = await client.chat_postMessage(channel=channel.id, text="Which?", blocks=[actions(button())])
    shown = await ana.next_message(channel=channel)
    assert shown.buttons == ["Go"]
    assert posted["message"]["blocks"][0]["block_id"]
    await client.chat_update(channel=channel.id, ts=posted["ts"], text="You chose Go")
    assert (shown.text, shown.buttons) == ("You chose Go", [])
    link = await client.chat_getPermalink(channel=channel.id, message_ts=posted["ts"])
    assert posted["ts"].replace(".", "") in link["permalink"]
    await client.chat_delete(channel=channel.id, ts=posted["ts"])
    assert shown.deleted
    with refused("message_not_found"):
        await client.chat_update(channel=channel.id, ts=posted["ts"], text="again")


async def test_threads(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Replies count in the first message, are broadcast on demand, and hang on no reply and on no unknown message."""
    ana = slack.user("Ana")
    channel = slack.channel("support", [ana])
    question = await ana.send("help", channel=channel)
    reply = await client.chat_postMessage(channel=channel.id, thread_ts=question.id, text="Hello")
    await client.chat_postMessage(channel=channel.id, thread_ts=question.id, text="Solved", reply_broadcast=True)
    found = await client.conversations_replies(channel=channel.id, ts=question.id)
    assert [each["text"] for each in found["messages"]] == ["help", "Hello", "Solved"]
    assert found["messages"][0]["reply_count"] == 2
    history = await client.conversations_history(channel=channel.id)
    assert [each["text"] for each in history["messages"]] == ["Solved", "help"]
    with refused("cannot_reply_to_message"):
        await client.chat_postMessage(channel=channel.id, thread_ts=reply["ts"], text="?")
    with refused("thread_not_found"):
        await client.chat_postMessage(channel=channel.id, thread_ts="1.000001", text="?")


async def test_metadata_comes_back_on_demand(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Metadata is stored and shown with include_all_metadata only: how an outbox finds what it sent."""
    ana = slack.user("Ana")
    said = await ana.send("hello")
    where = said.conversation.id
    metadata = {"event_type": "triage_outbox", "event_payload": {"id": "42"}}
    await client.chat_postMessage(channel=where, text="Hi", metadata=metadata)
    plain = await client.conversations_history(channel=where, limit=1)
    assert "metadata" not in plain["messages"][0]
    full = await client.conversations_history(channel=where, limit=1, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata
    assert full["has_more"]
    rest = await client.conversations_history(channel=where, cursor=full["response_metadata"]["next_cursor"])
    assert [each["text"] for each in rest["messages"]] == ["hello"]
    with refused("invalid_metadata_format"):
        await client.chat_postMessage(channel=where, text="Hi", metadata={"event_type": "x"})


async def test_ephemeral_messages_are_for_one(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """One member sees it, nobody finds it in the history, and somebody outside cannot be written to."""
    ana, tom, sue = slack.user("Ana"), slack.user("Tom"), slack.user("Sue")
    channel = slack.channel("support", [ana, tom])
    await client.chat_postEphemeral(channel=channel.id, user=ana.user.id, text="psst")
    assert (await ana.next_message(channel=channel)).text == "psst"
    assert tom.messages(channel=channel) == []
    assert (await client.conversations_history(channel=channel.id))["messages"] == []
    with refused("user_not_in_channel"):
        await client.chat_postEphemeral(channel=channel.id, user=sue.user.id, text="psst")


async def test_places_that_cannot_be_written_to(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """An archived channel, one without the app, a private one without it, none at all."""
    ana = slack.user("Ana")
    channel = slack.channel("old", [ana])
    channel.archive()
    with refused("is_archived"):
        await client.chat_postMessage(channel=channel.id, text="?")
    other = slack.channel("other", [ana], with_bot=False)
    with refused("not_in_channel"):
        await client.chat_postMessage(channel=other.id, text="?")
    await client.conversations_join(channel=other.id)
    await client.chat_postMessage(channel=other.id, text="!")
    hidden = slack.channel("hidden", [ana], private=True, with_bot=False)
    for where in (hidden.id, "C0UNKNOWN"):
        with refused("channel_not_found"):
            await client.chat_postMessage(channel=where, text="?")
    said = await ana.send("mine", channel=other)
    with refused("cant_update_message"):
        await client.chat_update(channel=other.id, ts=said.id, text="yours")
    with refused("cant_delete_message"):
        await client.chat_delete(channel=other.id, ts=said.id)


SELECT = {"type": "static_select", "action_id": "a", "options": [option("x", "1")]}
WRONG: dict[str, tuple[Any, str]] = {
    "51 blocks": ([{"type": "divider"}] * 51, "msg_blocks_too_many"),
    "26 buttons": ([actions(*[button(action_id=f"a{i}") for i in range(26)])], "invalid_blocks"),
    "a label of 76": ([actions(button(text={"type": "plain_text", "text": "x" * 76}))], "invalid_blocks"),
    "a value of 2001": ([actions(button(value="x" * 2001))], "invalid_blocks"),
    "an action_id of 256": ([actions(button(action_id="x" * 256))], "invalid_blocks"),
    "an action_id twice": ([actions(button(), button())], "invalid_blocks"),
    "a block_id twice": ([{"type": "divider", "block_id": "b"}] * 2, "invalid_blocks"),
    "a section of 3001": ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}], "invalid_blocks"),
    "a field of 2001": ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}], "invalid_blocks"),
    "a header of 151": ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
    "a header in mrkdwn": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
    "an empty text": ([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], "invalid_blocks"),
    "101 options": ([actions({**SELECT, "options": [option(str(i), str(i)) for i in range(101)]})], "invalid_blocks"),
    "an option value of 151": ([actions({**SELECT, "options": [option("x", "1" * 151)]})], "invalid_blocks"),
    "11 radio buttons": (
        [actions({**SELECT, "type": "radio_buttons", "options": [option(str(i), str(i)) for i in range(11)]})],
        "invalid_blocks",
    ),
    "an unknown block": ([{"type": "buttons"}], "invalid_blocks"),
    "an unknown field": ([actions(button(colour="red"))], "invalid_blocks"),
    "no list": ({"type": "divider"}, "invalid_blocks_format"),
}


@NEEDS_SPECS
@pytest.mark.parametrize("name", WRONG)
async def test_wrong_blocks_are_refused(slack: SlackStandIn, client: AsyncWebClient, name: str) -> None:
    """Each rule about blocks is kept, the refusal says where, and it is noted as a violation."""
    blocks, error = WRONG[name]
    ana = slack.user("Ana")
    with refused(error):
        await client.chat_postMessage(channel=ana.user.id, text="t", blocks=blocks)
    assert len(slack.wire.violations) == 1
    assert ana.messages() == []


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessage", {"text": ""}, "no_text"),
        pytest.param("chat.postMessage", {"text": "a", "colour": "red"}, "invalid_arguments", marks=NEEDS_SPECS),
        ("chat.postMessage", {"text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ("chat.postMessage", {"markdown_text": "b" * 12_001}, "msg_too_long"),
        ("chat.postMessage", {"text": "a", "reply_broadcast": True}, "invalid_arguments"),
        ("chat.postMessage", {"text": "a", "attachments": [{}] * 101}, "too_many_attachments"),
        ("chat.postMessage", {"text": "a", "username": "Somebody"}, "missing_scope"),
        ("chat.update", {"text": "a" * 4001}, "msg_too_long"),
        ("chat.update", {"text": "a", "ts": None}, "invalid_arguments"),
        ("chat.sendThePost", {}, "unknown_method"),
    ],
)
async def test_wrong_calls_are_refused(
    slack: SlackStandIn, client: AsyncWebClient, method: str, arguments: dict[str, Any], error: str
) -> None:
    """Each rule about texts and arguments is kept."""
    ana = slack.user("Ana")
    posted = await client.chat_postMessage(channel=ana.user.id, text="first")
    where = {"channel": posted["channel"]} | ({"ts": posted["ts"]} if method == "chat.update" else {})
    with refused(error):
        await client.api_call(method, json=where | arguments)


async def test_a_long_text_is_cut_with_a_warning(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """40,000 characters are kept."""
    ana = slack.user("Ana")
    posted = await client.chat_postMessage(channel=ana.user.id, text="x" * 40_001)
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]
    assert len((await ana.next_message()).text) == 40_000


async def test_scopes_are_asked_for() -> None:
    """A method without its scope names the one that it needs and those that there are."""
    async with SlackStandIn(scopes=DEFAULT_SCOPES - {"chat:write", "im:history"}) as slack:
        ana = slack.user("Ana")
        said = await ana.send("hello")
        client = AsyncWebClient(slack.bot_token, base_url=f"{slack.url}/api/")
        with refused("missing_scope"):
            await client.chat_postMessage(channel=ana.user.id, text="?")
        with refused("missing_scope"):
            await client.conversations_history(channel=said.conversation.id)
        assert slack.wire.calls("conversations.history")[0].answer["needed"] == "im:history"


async def test_tokens_are_asked_for(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """No token, a wrong one, and one of a workspace that removed the app."""
    who = await client.auth_test()
    assert (who["team"], who["user_id"]) == ("Acme", slack.home.installation.bot.id)
    client.token = "xoxb-wrong"
    with refused("invalid_auth"):
        await client.auth_test()
    client.token = None
    with refused("not_authed"):
        await client.auth_test()
    client.token = slack.bot_token
    slack.uninstall(slack.home)
    with refused("account_inactive"):
        await client.auth_test()


async def test_people_and_places_are_known(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Users with their language on demand, conversations with their members, direct messages by user."""
    ana = slack.user("Ana", locale="es-ES")
    channel = slack.channel("support", [ana])
    info = await client.users_info(user=ana.user.id, include_locale=True)
    assert (info["user"]["locale"], info["user"]["real_name"]) == ("es-ES", "Ana")
    assert "locale" not in (await client.users_info(user=ana.user.id))["user"]
    assert [each["real_name"] for each in (await client.users_list())["members"]] == ["Triage", "Ana"]
    opened = await client.conversations_open(users=ana.user.id)
    assert opened["channel"]["id"] == (await ana.send("hi")).conversation.id
    assert (await client.conversations_info(channel=channel.id))["channel"]["name"] == "support"
    assert ana.user.id in (await client.conversations_members(channel=channel.id))["members"]
    assert [each["name"] for each in (await client.conversations_list())["channels"]] == ["support"]
    assert (await client.team_info())["team"]["name"] == "Acme"
    assert (await client.bots_info(bot=slack.home.installation.bot_id))["bot"]["app_id"] == slack.world.app_id
    with refused("user_not_found"):
        await client.users_info(user="U0NOBODY")


async def test_marks(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """Reactions, pins and bookmarks exist once each."""
    ana = slack.user("Ana")
    channel = slack.channel("support", [ana])
    said = await ana.send("help", channel=channel)
    await client.reactions_add(channel=channel.id, timestamp=said.id, name="eyes")
    assert said.raw["reactions"][0]["name"] == "eyes"
    with refused("already_reacted"):
        await client.reactions_add(channel=channel.id, timestamp=said.id, name="eyes")
    await client.reactions_remove(channel=channel.id, timestamp=said.id, name="eyes")
    with refused("no_reaction"):
        await client.reactions_remove(channel=channel.id, timestamp=said.id, name="eyes")
    await client.pins_add(channel=channel.id, timestamp=said.id)
    with refused("already_pinned"):
        await client.pins_add(channel=channel.id, timestamp=said.id)
    await client.pins_remove(channel=channel.id, timestamp=said.id)
    added = await client.bookmarks_add(channel_id=channel.id, title="Case", type="link", link="https://x.example")
    assert added["bookmark"]["title"] == "Case"


async def test_the_assistant_shows_what_it_does(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """A status shows in a thread until the app writes there; prompts and title stay; too many are refused."""
    ana = slack.user("Ana")
    said = await ana.send("help")
    where, assistant = said.conversation.id, said.conversation.assistant
    await client.assistant_threads_setStatus(channel_id=where, thread_ts=said.id, status="is looking …")
    assert assistant[said.id]["status"] == "is looking …"
    await client.chat_postMessage(channel=where, thread_ts=said.id, text="Found it")
    assert "status" not in assistant[said.id]
    await client.assistant_threads_setTitle(channel_id=where, thread_ts=said.id, title="Lost order")
    prompts = [{"title": "Order", "message": "Where is my order?"}]
    await client.assistant_threads_setSuggestedPrompts(channel_id=where, thread_ts=said.id, prompts=prompts)
    assert assistant[said.id] == {"title": "Lost order", "prompts": prompts}
    with refused("invalid_arguments"):
        await client.assistant_threads_setSuggestedPrompts(channel_id=where, thread_ts=said.id, prompts=prompts * 5)
    with refused("invalid_thread_ts"):
        await client.assistant_threads_setStatus(channel_id=where, thread_ts="1.000001", status="x")


async def test_files_go_both_ways(slack: SlackStandIn, client: AsyncWebClient) -> None:
    """The library's three steps upload a file into a thread; one of a person is fetched with the token, else a page."""
    ana = slack.user("Ana")
    said = await ana.send("log, please")
    done = await client.files_upload_v2(
        channel=said.conversation.id, thread_ts=said.id, filename="log.txt", content="line", initial_comment="Here"
    )
    shown = await ana.next_message(thread=said.id)
    assert (shown.text, shown.raw["files"][0]["name"]) == ("Here", "log.txt")
    info = await client.files_info(file=done["files"][0]["id"])
    assert info["file"]["shares"]["public"][said.conversation.id][0]["ts"] == shown.id
    own = await ana.upload("mine.txt", b"mine")
    address = own.raw["files"][0]["url_private_download"]
    async with aiohttp.ClientSession() as http:
        async with http.get(address, headers={"Authorization": f"Bearer {slack.bot_token}"}) as response:
            assert await response.read() == b"mine"
        async with http.get(address) as response:
            assert (response.status, response.content_type) == (200, "text/html")
    with refused("file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": "F0UNKNOWN"}])
