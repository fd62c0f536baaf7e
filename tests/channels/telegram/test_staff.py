"""What staff do in their forum, as what it means for a case."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.inbound import Me
from bot.channels.telegram.staff import Done, done
from bot.chat.events import Command, File, Written
from bot.chat.people import Person

ME = Me("7", "triage_bot", "-100")
NOOR = {"id": 5, "is_bot": False, "first_name": "Noor"}
PERSON = Person("telegram:7:5", "Noor")
FORUM = {"id": -100, "type": "supergroup"}


def said(kind: str = "message", chat: dict[str, Any] = FORUM, **content: Any) -> Done | None:
    """What a message of Noor's in topic 8 comes to."""
    message = {"message_id": 3, "from": NOOR, "chat": chat, "date": 1, "message_thread_id": 8, **content}
    return done({"update_id": 1, kind: message}, ME)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "hello"}, Written("1", PERSON, "3", "hello")),
        ({"caption": "see", "document": {"file_id": "d", "file_name": "a.log"}},
         Written("1", PERSON, "3", "see", (File("document/d", "a.log"),))),
        ({"photo": [{"file_id": "l"}]},
         Written("1", PERSON, "3", "", (File("photo/l", "photo-3.jpg", 0, "image/jpeg"),))),
        ({"text": "@kim look", "entities": [{"type": "mention"}]},
         Written("1", PERSON, "3", "@kim look", aside=True)),
        ({"text": "Kim look", "entities": [{"type": "text_mention"}]},
         Written("1", PERSON, "3", "Kim look", aside=True)),
        ({"text": "/priority@Triage_bot high"}, Command("1", PERSON, "priority", {"to": "high"}, origin="3")),
        ({"text": "/claim"}, Command("1", PERSON, "claim", origin="3")),
    ],
)  # fmt: skip
def test_what_is_written(content: dict[str, Any], expected: Written | Command) -> None:
    """Words, files and words for a colleague are what they are; a slash begins a command, for this bot or without."""
    assert said(**content) == Done(("t8", "3"), expected)


def test_an_edit_is_never_a_command() -> None:
    """Words that were edited are the new words, also where they begin like a command: then those behind it count."""
    given = Written("1", PERSON, "3", "/claim", edited=True, typed=True)
    assert said("edited_message", text="/claim@Triage_bot") == Done(("t8", "3"), given)


def test_a_topic_is_closed_and_opened_with_its_case() -> None:
    """Who closes a topic solves its case, who opens it again opens the case: by the command that each has for that."""
    closed, opened = said(forum_topic_closed={}), said(forum_topic_reopened={})
    assert closed == Done(("t8", "3"), Command("1", PERSON, "solve"), shut=True)
    assert opened == Done(("t8", "3"), Command("1", PERSON, "reopen"), shut=False)


def test_it_is_about_the_topic_and_what_it_replies_to() -> None:
    """The topic comes first, then the message replied to, then its own; outside of topics what there is of them."""
    replied = said(text="a", reply_to_message={"message_id": 2})
    assert replied is not None
    assert replied.natives == ("t8", "2", "3")
    outside = said(text="a", message_thread_id=0, reply_to_message={"message_id": 2})
    assert outside is not None
    assert outside.natives == ("2", "3")


def pressed(data: str, chat: dict[str, Any] | None) -> Done | None:
    """What a press of Noor's on message 4 in topic 8 comes to; without a chat the message is too old to be told."""
    query: dict[str, Any] = {"id": "q", "from": NOOR, "data": data}
    if chat is not None:
        query["message"] = {"message_id": 4, "chat": chat, "date": 1, "message_thread_id": 8}
    return done({"update_id": 1, "callback_query": query}, ME)


def test_a_press_is_a_command() -> None:
    """A button of the desk says what its command would say."""
    found = pressed("desk:claim", FORUM)
    assert found is not None
    assert found.natives == ("t8", "4")
    assert found.event == Command("1", PERSON, "claim")


@pytest.mark.parametrize(
    ("data", "chat"),
    [("desk:claim", {"id": 5, "type": "private"}), ("desk:claim", None), ("t:1:2:3", FORUM), ("", FORUM)],
)
def test_a_press_of_nobodys(data: str, chat: dict[str, Any] | None) -> None:
    """In another chat, on a message that is gone, or on a button that is not the desk's: nothing that staff did."""
    assert pressed(data, chat) is None


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"update_id": "one"},
        {"update_id": 1},
        {"update_id": 1, "message": {"message_id": 3}},
        {"update_id": 1, "message": {"message_id": 3, "chat": FORUM, "text": "a"}},
        {"update_id": 1, "message": {"message_id": 3, "chat": FORUM, "text": "a", "from": {**NOOR, "is_bot": True}}},
        {"update_id": 1, "message": {"message_id": 3, "chat": {"id": -9}, "text": "a", "from": NOOR}},
        {"update_id": 1, "message": {"message_id": 3, "chat": FORUM, "text": "/a@other_bot b", "from": NOOR}},
        {"update_id": 1, "message": {"message_id": 3, "chat": FORUM, "pinned_message": {}, "from": NOOR}},
    ],
)
def test_what_is_none_of_it(raw: object) -> None:
    """What cannot be read, has no author or a bot for one, is said elsewhere or to another bot, or says nothing."""
    assert done(raw, ME) is None
