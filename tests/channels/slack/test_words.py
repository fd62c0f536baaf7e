"""Slack's writing turned back into what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.words import mentions, typed
from tests.platforms.slack.typed import typed as written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("<@UBOT> hello", "hello"),
        ("<@U1> and <@U2|kim>", "@U1 and @kim"),
        ("see <#C1|shop>", "see #shop"),
        ("<!here> and <!subteam^S1|@team>", "@here and @team"),
        ("<https://a.example/x?y=1&amp;z>", "https://a.example/x?y=1&z"),
        ("<http://a.example|a.example>", "a.example"),
        ("<https://a.example|our shop>", "our shop (https://a.example)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_what_was_typed(text: str, shown: str) -> None:
    """Escapes, mentions, channels and links as their writer saw them; the bot's own name is left out."""
    assert typed(text, "UBOT") == shown


@given(st.text())
def test_it_is_the_opposite_of_slack(text: str) -> None:
    """What the stand-in writes of what a person types is read back as that, but for links it makes and outer blanks."""
    if "://" not in text and "<" not in text:
        assert typed(written(text)[0]) == text.strip()


def test_mentions_are_ids() -> None:
    """Users only, however they are labelled."""
    assert mentions("<@U1> <@U2|kim> <#C1|x> <!here> @U3") == {"U1", "U2"}
