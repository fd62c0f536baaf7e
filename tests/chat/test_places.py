"""Where staff are, and where what they wrote stands."""

from __future__ import annotations

from bot.chat.places import NOWHERE, TYPED, Places, native, read, side

SLACK, FORUM = "slack:T1:C1:", "telegram:1:-1:"
BOTH = read(f"{SLACK} {FORUM}")


def test_at_one_place_a_message_is_called_as_the_platform_calls_it() -> None:
    """There is no other place where it would have to be shown; nor is there without any."""
    alone = Places((SLACK,))
    assert (alone.origin("slack", "1700.5"), alone.of("1700.5"), alone.others("1700.5")) == ("1700.5", SLACK, ())
    assert (NOWHERE.of("7"), NOWHERE.others("7"), NOWHERE.on("slack")) == ("", (), "")


def test_at_several_places_its_name_tells_where_it_stands() -> None:
    """And so at which places it has to be shown."""
    origin = BOTH.origin("telegram", "7")
    assert (side(origin), native(origin)) == ("telegram", "7")
    assert (BOTH.of(origin), BOTH.others(origin)) == (FORUM, (SLACK,))


def test_what_does_not_tell_is_of_the_first_place() -> None:
    """It is from before there were others, or from one that is there no more."""
    for origin in ("1700.5", "console/1"):
        assert (BOTH.of(origin), BOTH.others(origin)) == (SLACK, (FORUM,))


def test_what_was_typed_with_a_command_stands_nowhere() -> None:
    """Every place has to show it, unless the one that it was typed at is the only one."""
    assert (BOTH.of(f"{TYPED}k1"), BOTH.others(f"{TYPED}k1")) == ("", (SLACK, FORUM))
    assert Places((SLACK,)).others(f"{TYPED}k1") == ()


def test_a_place_knows_those_beside_it() -> None:
    """By their channels; it has none where it is alone, nor has any other address."""
    assert BOTH.beside(FORUM) == ("telegram", ("slack",))
    assert Places((SLACK,)).beside(SLACK) == BOTH.beside("slack:T1:C2:") == ("", ())
