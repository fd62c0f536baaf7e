"""People and channels, as far as the core knows them."""

from __future__ import annotations

import msgspec

from bot.chat.people import CONSOLE, LIMITS, SLACK, TELEGRAM, Channel, User


def test_the_channels_there_are() -> None:
    """Only Slack has forms; each names where it shortens a button's label."""
    assert [(each.name, each.forms, each.label_limit) for each in (CONSOLE, SLACK, TELEGRAM)] == [
        ("console", False, 0),
        ("slack", True, 75),
        ("telegram", False, 64),
    ]


def test_people_and_channels_survive_json() -> None:
    """Both are part of a session's document."""
    for each in (User("u1", "Ana"), User("u1"), CONSOLE, SLACK, Channel("other", label_limit=9)):
        assert msgspec.json.decode(msgspec.json.encode(each), type=type(each)) == each


def test_every_channel_has_limits() -> None:
    """Those of the platforms' documentation; a terminal has none."""
    assert {name: (each.text, each.utf16, each.title, each.command) for name, each in LIMITS.items()} == {
        "console": (0, False, 0, 0),
        "slack": (3000, False, 24, 0),
        "telegram": (4096, True, 0, 32),
    }
