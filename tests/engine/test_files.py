"""Files that the merchant sends: each is kept, and a person gets all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.effects import Relay
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


def sent(*names: str, text: str = "") -> Message:
    """A message with files."""
    return Message(f"key-{names[0]}", text, tuple(File(f"id-{each}", each) for each in names))


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


def test_files_are_counted_and_handed_in_with_done() -> None:
    """What came at once is counted once, what comes later added to it, and Done hands all of it in."""
    found = talk("words", sent("1", "2", text="see these"), sent("3"))
    assert found.said.startswith("Received so far: 3.")
    answer: Any = found.tap("Done").slots["shots"]
    assert [each["name"] for each in answer["files"]] == ["1", "2", "3"]
    assert answer["text"] == "see these"


def test_what_comes_after_done_is_kept_beside_the_answer() -> None:
    """It reaches the person with all else."""
    found = talk("words", sent("1")).tap("Done").send(sent("2"), "Pi")
    assert passed_on(found) == ["1", "2"]
    assert "Files: 2" in card(found)


def test_the_words_with_files_answer() -> None:
    """At a question for words; the files are kept beside it, and go to the person."""
    found = talk(sent("1", "2", text="it fails"))
    assert found.slots == {"a": "it fails"}
    assert (found.at, kept(found)) == ("test.shots", ["1", "2"])
    wait = found.session.stack[-1].wait
    assert wait is not None
    assert wait.files == ()
    found.send("/human")
    assert passed_on(found) == ["1", "2"]
    assert "Files: 1, 2" in card(found)


def test_files_without_words_are_acknowledged() -> None:
    """At a question for words they go to a person, which is said, and the question waits on."""
    found = talk(sent("1", "2"))
    assert found.said == "Thank you. What you sent goes to the person who will help you.\n\nA?"
    assert (found.at, kept(found)) == ("test.a", ["1", "2"])


def test_files_without_done_are_on_the_card() -> None:
    """Whoever asks for a person before Done has sent the files all the same; the person gets them once."""
    found = talk("words", sent("1")).send("/human")
    assert "Files: 1" in card(found)
    assert passed_on(found) == ["1"]


def test_files_to_a_person() -> None:
    """Once a person is called, all that came at once is passed on at once, and the merchant told."""
    found = talk("/human", sent("1", "2", text="see"))
    assert found.said
    (relay,) = [each for each in found.effects if isinstance(each, Relay)]
    assert [each.name for each in relay.files] == ["1", "2"]
    assert kept(found) == []


def test_the_first_message_may_be_a_file() -> None:
    """It begins the conversation, and is kept."""
    found = Talk(FLOW).send(sent("1", "2"))
    assert (found.at, kept(found)) == ("test.a", ["1", "2"])
    assert found.send("/restart").session.files == ()


def test_there_is_a_limit() -> None:
    """A conversation keeps so many files; more are refused in words, and none of those before is lost."""
    many = Message("many", "", tuple(File(f"{each}", "x") for each in range(limits.FILES_PER_SESSION)))
    found = talk(many, sent("one-more"))
    assert len(found.session.files) == limits.FILES_PER_SESSION
    assert "limit_reached" in found.log
    assert found.said


@given(st.lists(st.sampled_from(["words", "/back", "/human", "Done", "Pi", 1, 2, 3]), max_size=12))
def test_no_file_is_lost(replies: Sequence[str | int]) -> None:
    """Whatever is said between: every file is kept or given to a person, and all of them once one is called."""
    found = talk()
    names: list[str] = []
    for number, each in enumerate(replies):
        if isinstance(each, int):
            names += [f"{number}.{at}" for at in range(each)]
            found.send(sent(*(f"{number}.{at}" for at in range(each))))
        else:
            found.send(each)
    if found.session.status != "ended":
        found.send("/human", "yes")
    assert sorted(passed_on(found)) == sorted(names)
