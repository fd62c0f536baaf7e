"""What people type arrives as Slack writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.slack.typed import escaped, typed

if TYPE_CHECKING:
    from tests.platforms.slack import SlackStandIn


@pytest.mark.parametrize(
    ("text", "written", "kinds"),
    [
        ("a < b & c <!channel>", "a &lt; b &amp; c &lt;!channel&gt;", ["text"]),
        ("<@U0ANA> look at https://a.example/x?y=1&z.", "<@U0ANA> look at <https://a.example/x?y=1&amp;z>.", None),
        ("see <#C0HELP>", "see <#C0HELP>", ["text", "channel"]),
        ("<@channel>", "&lt;@channel&gt;", ["text"]),
    ],
)
def test_typed_text_is_escaped(text: str, written: str, kinds: list[str] | None) -> None:
    """Everything but mentions and links is escaped; the rich text has the same parts unescaped."""
    found, elements = typed(text)
    assert found == written
    assert [each["type"] for each in elements] == (kinds or ["user", "text", "link", "text"])


@given(st.text("<>&@#!UC0ahtps:/. "))
def test_no_typed_text_broadcasts(text: str) -> None:
    """Nobody types a broadcast or a special mention."""
    assert "<!" not in typed(text)[0]
    assert escaped(text).count("<") == 0


@pytest.mark.anyio
async def test_people_read_what_was_typed(slack: SlackStandIn) -> None:
    """The reader sees the characters, not their escapes."""
    said = await slack.user("Ana").send("1 < 2 & 3")
    assert (said.text, said.raw["text"]) == ("1 < 2 & 3", "1 &lt; 2 &amp; 3")
