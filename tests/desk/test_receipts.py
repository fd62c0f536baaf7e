"""What the merchant sees of their own words: that the staff have them."""

from __future__ import annotations

from bot.chat.effects import Mark
from bot.chat.events import Delivered
from tests.desk.talk import Talk


def test_a_message_is_marked_once_when_staff_have_it() -> None:
    """Of several copies the first; what is on its way or was refused is not marked, and staff are told of nothing."""
    talk = Talk()
    mark = Mark(talk.case.id, "7", "sent", to="merchant")
    assert talk.send(Delivered("", "relay:7", "sent")).effects == (mark,)
    assert talk.send(Delivered("", "relay:7", "sent")).effects == ()
    assert mark not in talk.send(Delivered("", "relay:8", "refused", "is_archived")).effects
    assert talk.replayed()
