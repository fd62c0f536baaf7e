"""Events: what a channel hands in, as JSON and back."""

from __future__ import annotations

import msgspec
import pytest

from bot.chat.events import Due, Event, File, Message, Performed, Submit, Tap

EVENTS: list[Event] = [
    Message("k", "text", (File("f", "a.png", 7, "image/png"),), "voice", ("password",)),
    Message("k"),
    Tap("k", "token"),
    Submit("k", "token", {"a": "x", "b": ["y", "z"]}, ("iban",)),
    Due("k", "timer"),
    Performed("k", "action", {"found": {"a": [1, None]}}, "broken"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_survives_json(event: Event) -> None:
    """Each kind of event is told from the others by its tag alone."""
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event
    assert msgspec.convert(msgspec.to_builtins(event), Event) == event


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_cannot_be_changed(event: Event) -> None:
    """An event is what happened."""
    with pytest.raises(AttributeError):
        setattr(event, "key", event.key)  # noqa: B010 - as an assignment, the type checker would refuse it before we see


def test_what_is_not_said_is_left_out() -> None:
    """A plain message is small where it is stored."""
    assert msgspec.json.encode(Message("k", "hi")) == b'{"type":"message","key":"k","text":"hi"}'


@pytest.mark.parametrize(
    "document",
    [b"{}", b'{"type":"shout","key":"k"}', b'{"type":"tap","key":"k"}', b'{"type":"tap","key":1,"token":"t"}'],
)
def test_what_is_no_event_is_refused(document: bytes) -> None:
    """A document of another shape is an error of one kind."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(document, type=Event)


def test_a_kind_that_is_not_known_is_refused() -> None:
    """What a message is, if not text, is one of a few words; a channel says "other" for the rest."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"type":"message","key":"k","kind":"telepathy"}', type=Event)
