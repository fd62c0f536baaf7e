"""The conversation in memory: documents between turns, timers by the clock, hooks that nobody registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.console.conversation import HOOKS_PER_EVENT
from bot.chat.effects import Say
from bot.chat.events import Message
from bot.engine.session import decode, encode

if TYPE_CHECKING:
    from tests.channels.console.conftest import Talk, Talks


def test_the_session_is_a_document_between_turns(talk: Talk) -> None:
    """What is read from the conversation is a fresh session each time; nothing but the document is kept."""
    talk("/start", "woo")
    first, second = talk.conversation.session, talk.conversation.session
    assert first is not second
    assert first == second == decode(encode(first))
    assert first.stack[0].slots["platform"] == "woo"


def test_event_keys_are_never_used_twice(talk: Talk) -> None:
    """Each event counts: saying the same again is another event, also after the session was started over."""
    talk("/start", "zzz", "zzz")
    wait = talk.conversation.session.stack[-1].wait
    assert wait is not None
    assert wait.unrecognised == 2
    talk("/restart")
    assert talk.conversation.session.id != "console"
    assert talk.conversation.key().startswith("console/")
    assert "What goes wrong?" in talk("woo")


def test_a_key_seen_before_changes_nothing(talk: Talk) -> None:
    """The engine's promise holds here too."""
    talk("/start")
    conversation = talk.conversation
    once = list(conversation.receive(Message("same", "woo")))
    session = conversation.session
    assert once
    assert list(conversation.receive(Message("same", "woo"))) == []
    assert conversation.session == session


def test_timers_fire_once_when_their_time_has_come(talk: Talk) -> None:
    """A question's reminder comes before the line that is typed a day later, and only once."""
    talk("/start")
    assert list(talk.conversation.overdue()) == []
    talk.clock.forward(days=1)
    effects = list(talk.conversation.overdue())
    assert isinstance(effects[0], Say)
    assert list(talk.conversation.overdue()) == []


def test_timers_that_were_called_off_do_not_fire(talk: Talk) -> None:
    """An answered question reminds nobody."""
    talk("/start", "woo")
    talk.clock.forward(days=1)
    assert list(talk.conversation.overdue()) == []


def test_what_came_due_is_shown_before_the_answer_to_a_line(talk: Talk) -> None:
    """After a week of silence the goodbye comes first, then the welcome, then what the line brings about."""
    talk("/start", "1")
    talk.clock.forward(days=8)
    shown = talk("it fails")
    goodbye, welcome, following = map(shown.find, ("I have not heard", "Welcome back", "Since when?"))
    assert 0 <= goodbye < welcome < following


def test_a_hook_that_nobody_registered_fails_at_once(talk: Talk) -> None:
    """The flow goes on in the same breath, with the hook's slots unset."""
    assert "Make a backup first." in talk("/start", "1", "it fails", "yesterday", "skip", "ideal, card", "no")
    assert "stock" not in talk.conversation.session.stack[0].slots


def test_a_flow_that_asks_for_hooks_for_ever_is_left_alone(talks: Talks) -> None:
    """The console does not hang; the flow's own timeout is what then goes on."""
    talk = talks(flow="endless")
    talk("hello")
    assert talk.conversation.session.timer
    assert talk.conversation.session.turns <= HOOKS_PER_EVENT + 1
    assert "One moment please" in talk("hello?")
