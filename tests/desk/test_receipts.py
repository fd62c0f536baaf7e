"""What the merchant sees of their own words: that the staff have them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.effects import Mark
from bot.chat.events import Delivered
from tests.desk.talk import Talk, said, told


def test_a_message_is_marked_once_when_staff_have_it() -> None:
    """Of several copies the first; what is on its way or was refused is not marked, and staff are told of nothing."""
    talk = Talk()
    mark = Mark(talk.case.id, "7", "sent", to="merchant")
    assert talk.send(Delivered("", "relay:7", "sent")).effects == (mark,)
    assert talk.send(Delivered("", "relay:7", "sent")).effects == ()
    assert talk.replayed()


@pytest.mark.parametrize(("state", "words"), [("waiting", "goes there as soon as"), ("refused", "write it again")])
def test_a_merchant_is_told_that_staff_cannot_be_reached(state: Any, words: str) -> None:
    """Once, until something has arrived again; not if another place of theirs has it. It is not marked."""
    talk = Talk()
    outcome = talk.send(Delivered("", "relay:7", state, "is_archived"))
    assert words in said(outcome)
    assert not any(isinstance(each, Mark) for each in outcome.effects)
    assert said(talk.send(Delivered("", "relay:8", state, "is_archived"))) == ""
    talk.send(Delivered("", "relay:8", "sent"))
    assert said(talk.send(Delivered("", "relay:8", state, "is_archived"))) == ""
    assert words in said(talk.send(Delivered("", "relay:9", state, "is_archived")))
    assert said(talk.send(Delivered("", "reply:1", "waiting"))) == ""
    assert talk.replayed()


def test_a_merchant_hears_nothing_while_another_place_of_staff_takes_their_words() -> None:
    """Only when none of them does are they told, once; and again after one of them has taken something."""
    talk = Talk()

    def hears(place: str, state: Any, origin: str = "") -> str:
        other = {"slack": "telegram", "telegram": "slack"}[place]
        return said(talk.send(Delivered("", f"relay:{origin}", state, "is_archived", place, (other,))))

    assert hears("slack", "waiting") == hears("telegram", "sent", "7") == hears("slack", "waiting") == ""
    assert hears("slack", "refused", "8") == ""
    assert "goes there as soon as" in hears("telegram", "waiting")
    assert hears("slack", "waiting") == hears("slack", "sent", "8") == hears("telegram", "waiting") == ""
    assert "goes there as soon as" in hears("slack", "waiting")
    assert talk.replayed()


def test_staff_hear_of_words_that_may_be_missing() -> None:
    """Nobody can tell whether they arrived; they may ask the merchant."""
    talk = Talk()
    assert "may be missing" in told(talk.send(Delivered("", "relay:7", "uncertain")))
