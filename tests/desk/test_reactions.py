"""Reactions both ways, and what else must not pass silently: kinds that cannot be relayed, and words taken back."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from bot.chat.effects import Echo, Mark, React, Relay, Rewrite, echoed
from bot.chat.events import Delivered, File, Kind, Message, Quoted, Reacted
from bot.chat.people import SLACK, TELEGRAM, Channel, User
from bot.chat.places import side
from bot.text.nodes import Paragraph, Text
from bot.text.plain import plain
from tests.desk.talk import KIM, NOOR, Talk, told

COPY, REPLY = Quoted("relay:7", "It fails"), Quoted("reply:5", "Which version?")


def on(channel: Channel, **more: Any) -> Talk:
    """A case of a merchant there."""
    return Talk(channel=channel, **more)


def reactions(talk: Talk, **fields: Any) -> list[React]:
    """What of a reaction goes to the merchant."""
    return [each for each in talk.send(Reacted("", **fields)).effects if isinstance(each, React)]


def test_staff_read_what_the_merchant_reacted_with() -> None:
    """In words, under the name of whoever it was; it goes away when they take it back. No mark is put or taken."""
    talk = on(SLACK)
    put = talk.send(Reacted("", "👍", REPLY, author=User("u2", "Bea")))
    assert told(put) == "Bea reacted with 👍 to: Which version?"
    taken = talk.send(Reacted("", "👍", REPLY, author=User("u2", "Bea"), taken=True))
    (notice,), (rewrite,) = put.effects, taken.effects
    assert rewrite == Rewrite(notice.ref, case=talk.case.id)  # type: ignore[union-attr]
    assert not any(isinstance(each, Mark) for each in (*put.effects, *taken.effects))
    assert talk.replayed()


def test_only_the_assignee_s_reactions_are_for_the_merchant() -> None:
    """As with words; and only those on the merchant's words, not on what the bot or colleagues say."""
    talk = on(SLACK)
    assert reactions(talk, emoji="🎉", quoted=COPY, person=NOOR) == [React(talk.case.id, "7", "🎉", ref="react:7/🎉")]
    assert reactions(talk, emoji="🎉", quoted=COPY, person=NOOR, taken=True) == [
        React(talk.case.id, "7", "", "🎉", "react:7/🎉")
    ]
    assert reactions(talk, emoji="🎉", quoted=COPY, person=KIM) == []
    assert reactions(talk, emoji="🎉", quoted=REPLY, person=NOOR) == []
    assert reactions(on(SLACK, claimed=False), emoji="🎉", quoted=COPY, person=NOOR) == []


def test_colleagues_at_another_place_read_of_a_reaction() -> None:
    """In words, of those that are for the merchant, and only where there is another place; it can be taken back."""
    talk = on(SLACK)
    put = talk.send(Reacted("", "🎉", COPY, NOOR, at="slack"))
    (echo,) = [each for each in put.effects if isinstance(each, Echo)]
    assert plain(echo.document) == "Noor reacted with 🎉 to: It fails"
    taken = talk.send(Reacted("", "🎉", COPY, NOOR, taken=True, at="slack"))
    assert Rewrite(echoed(echo.origin), case=talk.case.id) in taken.effects
    assert side(echo.origin) == "slack"
    assert not talk.send(Reacted("", "🎉", COPY, KIM, at="slack")).effects


@pytest.mark.parametrize(("channel", "emoji", "shown"), [
    (TELEGRAM, "👍", True), (TELEGRAM, "🚀", False), (TELEGRAM, ":custom:", False),
    (SLACK, "🚀", True), (SLACK, ":shipit:", True), (SLACK, "🪿", False),
])  # fmt: skip
def test_what_cannot_be_shown_is_said(channel: Channel, emoji: str, shown: bool) -> None:
    """Each platform has reactions of its own; one that it has not, or refuses after all, is not lost silently."""
    talk = on(channel)
    outcome = talk.send(Reacted("", emoji, COPY, NOOR))
    assert [isinstance(each, React) for each in outcome.effects] == [shown]
    refused = talk.send(Delivered("", f"react:7/{emoji}", "refused", "REACTION_INVALID"))
    assert told(refused) == f"The merchant cannot be shown this reaction: {emoji}"
    assert not talk.send(Delivered("", f"react:7/{emoji}", "sent")).effects


@pytest.mark.parametrize("kind", [each for each in get_args(Kind) if each != "text"])
def test_what_cannot_be_passed_on_is_named(kind: Kind) -> None:
    """To staff what the merchant sent, and to staff that theirs does not reach the merchant: no copy, a note."""
    talk = Talk()
    assert "cannot be passed on" in told(talk.send(Message("", kind=kind)))
    outcome = talk.write("", kind=kind)
    assert "cannot be passed on to the merchant" in told(outcome)
    assert not any(isinstance(each, Relay) for each in outcome.effects)
    assert not talk.case.held


def test_the_merchant_takes_words_back() -> None:
    """Their copy is struck through; files alone are spoken of; so it is before anybody has the case."""
    talk = Talk()
    talk.send(Message("", "It fails", origin="7"))
    taken = talk.send(Message("", "It fails", origin="7", edited=True, deleted=True))
    words = Paragraph((Text("✗ Ana: ", bold=True), Text("It fails", strike=True)))
    assert taken.effects == (Rewrite("relay:7", (words,), case=talk.case.id),)
    assert "deleted a message" in told(talk.send(Message("", origin="8", edited=True, deleted=True)))
    unclaimed = Talk(claimed=False)
    assert unclaimed.send(Message("", "It fails", origin="7", edited=True, deleted=True)).effects


def test_a_reply_says_what_it_replies_to() -> None:
    """Both ways, also after its hold; with a quotation where messages are not linked."""
    talk = Talk()
    heard = talk.send(Message("", "8.9", (File("f", "a.log"),), quoted=REPLY))
    assert [each.quoted for each in heard.effects if isinstance(each, Relay)] == [REPLY]
    talk.write("Thank you", quoted=COPY)
    sent = talk.command("send 1")
    (relay,) = [each for each in sent.effects if isinstance(each, Relay)]
    assert relay.quoted == COPY
    assert len(relay.quoting) == len(relay.words) + 1
