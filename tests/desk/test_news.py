"""What other systems are told of a case, as staff work on it."""

from __future__ import annotations

import msgspec

from bot.chat.events import Tap
from bot.desk.news import events, news
from bot.desk.office import Webhook
from tests.desk.talk import KIM, LEA, NOOR, Talk


def told(talk: Talk, *commands: str) -> list[str]:
    """The events that commands bring about."""
    found: list[str] = []
    for words in commands:
        before = talk.case
        talk.command(words, {"approve": KIM, "override x": LEA}.get(words, NOOR))
        found += events(before, talk.case)
    return found


def test_a_case_tells_its_life() -> None:
    """From the call for a person to its end, whatever the way; a command that is denied tells nothing."""
    talk = Talk(claimed=False)
    assert list(events(None, talk.case)) == ["case.opened"]
    assert told(talk, "claim", "claim", "priority urgent", "hold x", "reopen", "solve", "reopen", "close") == [
        "case.claimed", "case.priority_changed", "case.on_hold", "case.resumed", "case.solved", "case.reopened",
        "case.closed",
    ]  # fmt: skip


def test_access_and_time_boxes_are_told() -> None:
    """With the approval of two people, and what the merchant presses."""
    talk = Talk()
    assert told(talk, "access requested production", "backup", "approve", "access provided") == [
        "access.requested", "access.approved", "access.provided",
    ]  # fmt: skip
    assert told(talk, "access removal_requested", "access removed_confirmed") == [
        "access.removal_requested", "access.removed",
    ]  # fmt: skip
    assert told(talk, "timebox propose 4h") == ["timebox.proposed"]
    before, offer = talk.case, talk.case.time_box.offer
    assert offer is not None
    talk.send(Tap("", f"desk:agree:{offer.wording}"))
    assert list(events(before, talk.case)) == ["timebox.accepted"]
    assert told(talk, "timebox begin", "timebox pause", "timebox resume", "timebox end found It was the cache.") == [
        "timebox.begun", "timebox.paused", "timebox.resumed", "timebox.ended",
    ]  # fmt: skip


def test_no_name_and_no_word_of_anybody_leaves_unasked() -> None:
    """Ids, states and times; the id of an event is that of its cause, and the same for every endpoint."""
    talk = Talk()
    talk.command("note The password is opensesame")
    first, again = (list(news(None, talk.case, Webhook("https://a"), "k1", "Ana", talk.now)) for _ in range(2))
    (other,) = news(None, talk.case, Webhook("https://b", ("case.opened",), names=True), "k1", "Ana", talk.now)
    shown = msgspec.json.encode(first).decode()
    assert first == again
    assert not any(word in shown for word in ("opensesame", "Ana", 'Noor"'))
    assert other.id == first[0].id
    assert (other.data["merchant_name"], other.data["assignee_name"]) == ("Ana", "Noor")
    assert list(news(None, talk.case, Webhook("https://a", ("case.closed",)), "k1", "Ana", talk.now)) == []
    assert next(news(None, talk.case, Webhook("https://a"), "k2", "Ana", talk.now)).id != other.id
