"""Effects: what a turn asks a channel, the desk or the service to do, as JSON and back."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bot.chat.effects import (
    Ask,
    Button,
    Edit,
    Effect,
    Field,
    Forget,
    Form,
    OpenCase,
    Overview,
    Perform,
    Relay,
    Say,
    Schedule,
    Unschedule,
)
from bot.chat.events import File
from bot.text.nodes import Link, List, Paragraph, Text, paragraph

TEXT = (paragraph("Hello", bold=True), List(((Text("one"),), (Link("https://a.example", (Text("two"),)),)), 1))
BUTTON = Button("session.1.aaaaaa.bbbbbb", "Yes")

EFFECTS: list[Effect] = [
    Say(TEXT, (BUTTON,)),
    Ask("session.1", TEXT, (BUTTON,), "choice"),
    Ask(
        "session.1",
        TEXT,
        (),
        "form",
        Form("T", "S", (Field("a", "text", TEXT, (("x", "X"),), optional=True, former="y"),), {"a": "No."}),
    ),
    Edit("session.1", (Paragraph((Text("Done"),)),), (BUTTON,)),
    OpenCase("T-ABCDEF", "session", "q", "high", ("a",)),
    Relay("T-ABCDEF", TEXT, (File("f", "a.png"),), "Ana", "r", "merchant"),
    Schedule("session.1", datetime(2026, 1, 5, 9, tzinfo=UTC)),
    Unschedule("session.1"),
    Overview("cases"),
    Forget(sure=True),
    Perform("session.x", "look_up", {"a": [1, None, {"b": "c"}]}),
]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_an_effect_survives_json(effect: Effect) -> None:
    """Effects wait in the outbox as JSON; each kind is told from the others by its tag, texts with all their nodes."""
    assert msgspec.json.decode(msgspec.json.encode(effect), type=Effect) == effect


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_an_effect_cannot_be_changed(effect: Effect) -> None:
    """What was committed is what is sent."""
    name = effect.__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(effect, name, getattr(effect, name))


def test_the_tags_are_stable() -> None:
    """Rows of an older version are read by a newer one: the tags do not change."""
    tags = {msgspec.to_builtins(effect)["type"] for effect in EFFECTS}
    first = {"say", "ask", "edit", "open_case", "relay", "schedule", "unschedule", "perform"}
    assert tags == first | {"overview", "forget"}
