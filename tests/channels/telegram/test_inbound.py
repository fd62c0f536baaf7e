"""Updates as arrivals: what is for the bot, from whom, and in what place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.inbound import Me, Press, arrival, pressed, shared
from bot.chat.events import File, Message, Tap
from bot.service.step import Received, Unreadable

if TYPE_CHECKING:
    from bot.store.rows import Arrival

ME = Me("7", "triage_bot", "-100")
ANA = {"id": 5, "is_bot": False, "first_name": "Ana", "language_code": "es"}
PRIVATE = {"id": 5, "type": "private"}
GROUP = {"id": -9, "type": "supergroup"}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> Arrival | None:
    """The arrival of a message of Ana's."""
    said = {"message_id": 3, "from": ANA, "chat": chat, "date": 1, **content}
    return arrival({"update_id": 1, "message": said}, ME)


def event(found: Arrival | None) -> object:
    """The event of an arrival."""
    assert found is not None
    assert isinstance(found.payload, Received)
    return found.payload.event


def test_a_text() -> None:
    """A text comes with its place, its key, its own id, and whoever wrote it."""
    found = message(text="hello", is_topic_message=True, message_thread_id=8)
    assert found is not None
    assert (found.address, found.key, found.origin) == ("telegram:7:5:8", "1", "3")
    assert isinstance(found.payload, Received)
    assert (found.payload.user.id, found.payload.user.first_name, found.payload.locale) == ("5", "Ana", "es")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "/start@Triage_bot abc"}, Message("1", "/start abc")),
        ({"photo": [{"file_id": "s"}, {"file_id": "l", "file_size": 9}], "caption": "see"},
         Message("1", "see", (File("photo/l", "photo-3.jpg", 9, "image/jpeg"),))),
        ({"photo": [{"file_id": "l"}], "media_group_id": "m"},
         Message("1", "", (File("photo/l", "photo-3.jpg", 0, "image/jpeg"),), album="m")),
        ({"document": {"file_id": "d", "file_name": "a.log"}}, Message("1", "", (File("document/d", "a.log"),))),
        ({"sticker": {}}, Message("1", kind="sticker")),
        ({"voice": {}}, Message("1", kind="voice")),
        ({"location": {}}, Message("1", kind="location")),
        ({"poll": {}}, Message("1", kind="poll")),
    ],
)  # fmt: skip
def test_what_is_said(content: dict[str, Any], expected: Message) -> None:
    """Commands lose the bot's name, the largest photo is taken, and what has no words has a kind."""
    assert event(message(**content)) == expected


@pytest.mark.parametrize(
    ("content", "heard"),
    [
        ({"text": "hello"}, None),
        ({"text": "/help"}, "/help"),
        ({"text": "/help@other_bot"}, None),
        ({"text": "@Triage_Bot help"}, "help"),
        ({"text": "yes", "reply_to_message": {"from": {"id": 7, "is_bot": True}}}, "yes"),
        ({"text": "yes", "reply_to_message": {"from": {"id": 7}, "forum_topic_created": {}}}, None),
        ({"new_chat_members": []}, None),
    ],
)
def test_in_a_group_the_bot_is_addressed(content: dict[str, Any], heard: str | None) -> None:
    """By a command, a mention or a reply; anything else is between others."""
    found = message(GROUP, **content)
    assert found is None if heard is None else event(found) == Message("1", heard)


def test_an_album_in_a_group_is_heard_whole() -> None:
    """Once it is known that the bot was addressed in one part, the others are heard; other albums are not."""
    part: dict[str, Any] = {"photo": [{"file_id": "l"}], "media_group_id": "m"}
    said = {"update_id": 1, "message": {"message_id": 3, "from": ANA, "chat": GROUP, **part}}
    assert shared(said, ME) == ("-9", "m")
    assert arrival(said, ME) is None
    assert arrival(said, ME, "n") is None
    assert event(arrival(said, ME, "m")) == event(message(**part))
    assert message(GROUP, text="hello") is None


@pytest.mark.parametrize("chat", [PRIVATE, {"id": -100, "type": "supergroup"}, None])
def test_albums_elsewhere_need_no_mention(chat: object) -> None:
    """Alone with the bot, or at the desk."""
    assert shared({"message": {"chat": chat, "media_group_id": "m"}}, ME) is None


def test_staff_is_no_merchant() -> None:
    """What is said in the chat that cases go to begins no conversation, nor does what a bot says."""
    assert message({"id": -100, "type": "supergroup"}, text="/start") is None
    said = {"message_id": 3, "from": {**ANA, "is_bot": True}, "chat": PRIVATE, "text": "hello"}
    assert arrival({"update_id": 1, "message": said}, ME) is None


def test_presses_and_edits() -> None:
    """A press is a tap under the query's own id; an edited text is one that was there before."""
    at = {"message_id": 3, "chat": PRIVATE, "date": 0}
    press = {"update_id": 1, "callback_query": {"id": "q", "from": ANA, "data": "t", "message": at}}
    assert event(arrival(press, ME)) == Tap("1", "t")
    assert pressed(press) == Press("q", "es", stale=True)
    key = {"text": "x", "callback_data": "t"}
    press["callback_query"]["message"] = {**at, "reply_markup": {"inline_keyboard": [[key]]}}  # type: ignore[index]
    assert pressed(press) == Press("q", "es")
    assert pressed({"callback_query": {"id": "q", "message": "?"}}) == Press("q")
    edit = {"update_id": 1, "edited_message": {**at, "from": ANA, "text": "better"}}
    assert event(arrival(edit, ME)) == Message("1", "better", edited=True)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(
    st.sampled_from(["update_id", "message", "callback_query", "chat", "id", "from", "text"]), each)))  # fmt: skip
def test_nothing_is_looped_on(raw: object) -> None:
    """Whatever JSON comes, it is either passed over or becomes something that can be kept or parked."""
    found = arrival(raw, ME)
    assert found is None or isinstance(found.payload, (Received, Unreadable))
    assert pressed(raw) is None or isinstance(pressed(raw), Press)


@pytest.mark.parametrize("raw", ["\ud800", 10**40, {"update_id": "\ud800"}])
def test_what_cannot_even_be_written_is_parked(raw: object) -> None:
    """Half a character and an endless number are JSON to Telegram's library; they hold nobody up."""
    found = arrival(raw, ME)
    assert found is not None
    assert isinstance(found.payload, Unreadable)
