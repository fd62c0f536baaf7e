"""Emoji: each name leads back to its emoji, and Telegram's are those that it takes."""

from __future__ import annotations

import pytest
from telegram.constants import ReactionEmoji

from bot.chat.emoji import name_of, of_name, plain, shows


@pytest.mark.parametrize("emoji", [each.value for each in ReactionEmoji])
def test_what_a_bot_may_react_with_on_telegram(emoji: str) -> None:
    """All that the Bot API lists can be shown there, and has a name, by which it is found again."""
    assert shows("telegram", emoji)
    assert of_name(name_of(emoji)) == plain(emoji)


def test_names_and_colours() -> None:
    """A colour of skin changes nothing; an unknown name stays one, which only Slack may have."""
    assert (of_name("+1::skin-tone-3"), name_of("👍🏽")) == ("👍", "+1")
    assert (of_name("shipit"), name_of(":shipit:"), name_of("🪿")) == (":shipit:", "shipit", "")
    assert (shows("slack", ":shipit:"), shows("telegram", ":shipit:"), shows("console", "👍")) == (True, False, False)
