"""Commands as they are typed, and as buttons say them."""

from __future__ import annotations

import pytest

from bot.desk.commands import COMMANDS
from bot.desk.permissions import NEEDS
from bot.desk.typed import command, pressed
from bot.desk.work import token


@pytest.mark.parametrize(
    ("words", "name", "arguments"),
    [
        ("/claim", "claim", {}),
        ("Claim", "claim", {}),
        ("/priority  high ", "priority", {"to": "high"}),
        ("access requested production", "access", {"to": "requested", "environment": "production"}),
        ("/reply Which version is it?", "reply", {"text": "Which version is it?"}),
        ("/who are you", "who", {}),
        ("", "", {}),
    ],
)
def test_words_are_a_name_and_arguments(words: str, name: str, arguments: dict[str, str]) -> None:
    """The last argument takes all words that are left; a command without arguments ignores them."""
    assert command(words) == (name, arguments)


def test_a_button_is_the_same_command() -> None:
    """What a token carries is the argument of its verb; other tokens are none of the desk's."""
    assert pressed(token("undo", "1732.5")) == ("undo", {"id": "1732.5"})
    assert pressed(token("claim")) == ("claim", {})
    assert pressed("abc.1.x.y") is None
    assert pressed("desk:") is None


def test_every_command_has_its_permission() -> None:
    """One table says who may: no command without a row, no row without a command."""
    assert set(COMMANDS) == set(NEEDS)
