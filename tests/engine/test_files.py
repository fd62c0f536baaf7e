"""Files that the merchant sends: each is kept, an album is one answer, and a person gets all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.effects import Ask, Relay, Say
from bot.chat.events import File, Message
from bot.engine import limits, summary
from bot.text.plain import plain
from tests.engine.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOW = """
flow: test
version: 1
title: T
slots:
  a: {type: text, staff_label: A}
  shots: {type: files, staff_label: Shots}
  z: {type: choice, staff_label: Z}
steps:
  - {id: a, collect: a, prompt: A?}
  - {id: shots, collect: shots, prompt: Shots?}
  - {id: z, collect: z, prompt: Z?, choices: [{id: p, label: Pi}, {id: q, label: Qu}]}
  - {id: end, handoff: {queue: q}}
"""


def sent(name: str, text: str = "", album: str = "m") -> Message:
    """A message with one file of an album."""
    return Message(f"key-{name}", text, (File(f"id-{name}", name),), album=album)


def talk(*replies: str | Message) -> Talk:
    """A conversation in which that was said."""
    return Talk(FLOW).send("/start", *replies)


def kept(conversation: Talk) -> list[str]:
    """The names of the files that are kept."""
    return [each["name"] for each in conversation.session.files]


def passed_on(conversation: Talk) -> list[str]:
    """The names of the files that a person got, in every turn."""
    relays = [each for turn in conversation.turns for each in turn.effects if isinstance(each, Relay)]
    return [file.name for each in relays for file in each.files]


def card(conversation: Talk) -> str:
    """What the person reads."""
    return plain(summary.card(conversation.library, conversation.session, "en"))


def test_an_album_is_one_answer() -> None:
    """Nothing is said while it comes; then what came is counted once, and Done hands all of it in."""
    found = talk("words", sent("1", "see these"), sent("2"), sent("3"))
    assert [each for turn in found.turns[-3:] for each in turn.effects if isinstance(each, (Ask, Say))] == []
    found.wait(seconds=2)
    assert found.said.startswith("Received so far: 3.")
    answer: Any = found.tap("Done").slots["shots"]
    assert [each["name"] for each in answer["files"]] == ["1", "2", "3"]
    assert answer["text"] == "see these"


def test_what_comes_after_the_count_still_belongs_to_the_album() -> None:
    """A slow one is added, and the count said again; done in between, it is kept beside the answer."""
    found = talk("words", sent("1")).wait(seconds=2).send(sent("2")).wait(seconds=2)
    assert found.said.startswith("Received so far: 2.")
    found.tap("Done").send(sent("3"))
    assert (found.at, found.said) == ("test.z", "")
    found.send("Pi")
    assert passed_on(found) == ["1", "2", "3"]
    assert "Files: 3" in card(found)


def test_the_caption_of_an_album_answers_once() -> None:
    """At a question for words the first one's words answer; the others are no answer to what is asked next."""
    found = talk(sent("1", "it fails"), sent("2"), sent("3", "and here"))
    assert found.slots == {"a": "it fails"}
    assert (found.at, kept(found)) == ("test.shots", ["1", "2", "3"])
    wait = found.session.stack[-1].wait
    assert wait is not None
    assert wait.files == ()
    found.send("/human")
    assert passed_on(found) == ["1", "2", "3"]
    assert "Files: 1, 2, 3 – and here" in card(found)


def test_an_album_without_words_is_acknowledged_once() -> None:
    """At a question for words it goes to a person, which is said once, and the question waits on."""
    found = talk(sent("1"), sent("2"))
    assert (found.said, found.at, kept(found)) == ("", "test.a", ["1", "2"])
    assert talk(sent("1")).said == "Thank you. What you sent goes to the person who will help you.\n\nA?"


def test_files_without_done_are_on_the_card() -> None:
    """Whoever asks for a person before Done has sent the files all the same; the person gets them once."""
    found = talk("words", sent("1", album="")).send("/human")
    assert "Files: 1" in card(found)
    assert passed_on(found) == ["1"]


def test_an_album_to_a_person() -> None:
    """Once a person is called, each of an album is passed on, and the merchant told once."""
    found = talk("/human", sent("1", "see"))
    assert found.said
    found.send(sent("2"))
    assert found.said == ""
    assert passed_on(found) == ["1", "2"]
    assert kept(found) == []


def test_the_first_message_may_be_an_album() -> None:
    """It begins the conversation, and its files are kept."""
    found = Talk(FLOW).send(sent("1"), sent("2"))
    assert (found.at, kept(found)) == ("test.a", ["1", "2"])
    assert found.send("/restart").session.files == ()


def test_there_is_a_limit() -> None:
    """A conversation keeps so many files; more are refused in words, and none of those before is lost."""
    many = Message("many", "", tuple(File(f"{each}", "x") for each in range(limits.FILES_PER_SESSION)))
    found = talk(many, sent("one-more", album=""))
    assert len(found.session.files) == limits.FILES_PER_SESSION
    assert "limit_reached" in found.log
    assert found.said


@pytest.mark.parametrize("reply", ["words", "/status"])
def test_words_between_the_parts_of_an_album(reply: str) -> None:
    """What is written meanwhile is read as ever, and the rest of the album still belongs to it."""
    found = talk("words", sent("1"), reply, sent("2")).wait(seconds=2)
    assert kept(found) == ["1", "2"]


@given(st.lists(st.sampled_from(["words", "/back", "/human", "Done", "Pi", 1, 2, 3]), max_size=12))
def test_no_file_is_lost(replies: Sequence[str | int]) -> None:
    """Whatever is said between: every file is kept or given to a person, and all of them once one is called."""
    found = talk()
    names: list[str] = []
    for number, each in enumerate(replies):
        if isinstance(each, int):
            names.append(f"{number}")
            found.send(sent(f"{number}", album=f"m{each}"))
        else:
            found.send(each)
    if found.session.status != "ended":
        found.send("/human", "yes")
    assert sorted(passed_on(found)) == sorted(names)
