"""Albums: parts make one message again, and files are cut into as many as leave as one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.albums import MOST_BYTES, MOST_FILES, before, cut, is_part, whole
from bot.chat.effects import Relay
from bot.chat.events import Command, Due, File, Message, Tap, Written
from bot.chat.people import Person
from bot.text.styles import Style

NOOR = Person("slack:T1:noor", "Noor")


def part(number: int, text: str = "", album: str = "a", **more: Any) -> Message:
    """One of an album."""
    name = f"{number}.png"
    return Message(f"k{number}", text, (File(f"photo/{number}", name),), origin=f"{number}", album=album, **more)


def test_parts_make_one_message() -> None:
    """With the files in the order in which they were sent, and the words once; it is called as the one with words."""
    parts = [part(10), part(8), part(9, "see bold", styles=(Style("bold", 4, 8),))]
    (found,) = whole(parts)
    assert [each.name for each in found.files] == ["8.png", "9.png", "10.png"]
    assert (found.text, found.styles, found.origin) == ("see bold", (Style("bold", 4, 8),), "9")
    assert (found.parts, found.album, found.key) == (("8", "9", "10"), "", "album:k10")


def test_the_words_of_several_parts_stand_below_each_other() -> None:
    """Each with its formatting."""
    (found,) = whole(
        [part(1, "one", styles=(Style("bold", 0, 3),)), part(2), part(3, "two", styles=(Style("code", 0, 3),))]
    )
    assert (found.text, found.origin) == ("one\ntwo", "1")
    assert found.styles == (Style("bold", 0, 3), Style("code", 4, 7))


def test_one_alone_is_what_it_was() -> None:
    """An album of which one message came is that message."""
    (found,) = whole([part(1, "one")])
    assert (found.files, found.origin, found.parts) == (part(1).files, "1", ())


def test_of_staff_one_that_mentions_somebody_is_enough() -> None:
    """Then the whole is not meant for the merchant without doubt."""
    given = [
        Written(f"k{n}", NOOR, f"{n}", text, (File(f"{n}", f"{n}"),), aside=aside, album="a")
        for n, (text, aside) in enumerate([("hello", False), ("@kim", True)])
    ]
    (found,) = whole(given)
    assert isinstance(found, Written)
    assert (found.aside, found.text, found.parts) == (True, "hello\n@kim", ("0", "1"))


def test_what_is_a_part() -> None:
    """A file of an album: no edit of one, and no words."""
    assert is_part(part(1))
    assert not is_part(part(1, edited=True))
    assert not is_part(Message("k", "words", album="a"))
    assert not is_part(Message("k", "", (File("1", "1"),)))
    assert not is_part(Tap("k", "t"))


def test_what_came_before() -> None:
    """Whatever a side does comes behind what it sent; what the other side does has nothing to do with that."""
    theirs = Written("w", NOOR, "1", "", (File("1", "1"),), album="a")
    gathered = (part(1), theirs)
    assert before(gathered, Message("k", "words")) == before(gathered, Tap("k", "t")) == (part(1),)
    assert before(gathered, Command("k", NOOR, "solve")) == (theirs,)
    assert before(gathered, Due("k", "t")) == ()


FILES = st.lists(
    st.builds(File, st.sampled_from("abc"), st.just("x"), st.sampled_from([0, 1, MOST_BYTES // 3, MOST_BYTES])),
    max_size=30,
)


@given(FILES, st.booleans())
def test_cutting_keeps_all_in_order(files: list[File], many: bool) -> None:
    """Nothing is lost or doubled; no cut is too long, too large or of two kinds, and none is made without need."""
    parts = tuple(map(str, range(len(files)))) if many else ()
    relay = Relay("T-1", (), tuple(files), "Ana", "relay:1", parts=parts)
    found = cut(relay, lambda file: "" if file.id == "c" else file.id)
    assert [each for group in found for each in group.files] == files
    assert tuple(each for group in found for each in group.parts) == parts
    assert {(group.ref, group.by, group.document) for group in found} <= {("relay:1", "", ())}
    for group in found:
        kinds = {each.id for each in group.files}
        assert 1 <= len(group.files) <= MOST_FILES
        assert len(group.files) == 1 or kinds in ({"a"}, {"b"})
        assert len(group.files) == 1 or sum(each.size for each in group.files) <= MOST_BYTES
    for one, two in pairwise(found):
        first = two.files[0]
        kinds = {first.id, *(each.id for each in one.files)}
        whole_size = sum(each.size for each in one.files) + first.size
        assert len(kinds) > 1 or "c" in kinds or len(one.files) == MOST_FILES or whole_size > MOST_BYTES


def test_the_names_of_the_copies() -> None:
    """A message's own; of an album one for each file behind it, of several files of one message that one each time."""
    one, two = File("1", "1"), File("2", "2")
    assert Relay("T", ref="relay:5", files=(one,)).names == ("relay:5",)
    assert Relay("T", ref="relay:5", files=(one, two)).names == ("relay:5", "relay:5", "relay:5")
    assert Relay("T", ref="reply:5", files=(one, two), parts=("4", "5")).names == ("reply:5", "reply:4", "reply:5")
