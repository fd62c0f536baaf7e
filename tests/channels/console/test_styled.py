"""The terminal: colours and wrapping, and that rich never finds markup in a text."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.rendering import Shown
from bot.channels.console.styled import StyledScreen
from bot.text.nodes import CodeBlock, Link, List, Paragraph, Quote, Text, paragraph
from tests.channels.console.test_rendering import MESSAGE

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Golden

ESCAPES = re.compile("\x1b\\[[0-9;]*m|\x1b]8;[^\x1b]*\x1b\\\\")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def draw(message: Shown, width: int = 60) -> str:
    """The message as it is sent to a terminal of that many columns."""
    stream = Terminal()
    StyledScreen(stream, width).show(message)
    return stream.getvalue()


def test_the_gallery_looks_well(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of node and the options, wrapped; golden without colours, which depend on the terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    text = ESCAPES.sub("", draw(MESSAGE))
    golden("golden/gallery_drawn.txt", "\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def test_styles_are_the_ones_of_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bold is bold, an aside is dim, a link can be clicked, NO_COLOR is obeyed."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1mloud\x1b[0m" in draw(Shown((paragraph("loud", bold=True),)))
    assert "\x1b[2maside\x1b[0m" in draw(Shown((paragraph("aside"),), quiet=True))
    link = draw(Shown((Paragraph((Link("https://docs.example.com", (Text("guide"),)),)),)))
    assert ";https://docs.example.com\x1b\\" in link
    assert "guide" in link
    monkeypatch.setenv("NO_COLOR", "1")
    assert "36m" not in draw(MESSAGE)


def test_a_card_is_a_panel() -> None:
    """The heading is in the frame, where markup would be read if it were any."""
    drawn = ESCAPES.sub("", draw(Shown((paragraph("Case T-ABC"),), heading="For the team: queue [bold]x")))
    assert drawn.startswith("╭─ For the team: queue [bold]x ─")
    assert "│ Case T-ABC" in drawn


def test_lines_of_the_merchant_are_marked() -> None:
    """Where nothing repeated the line when it was typed, the screen does."""
    stream = Terminal()
    StyledScreen(stream, 40).echo("hello [red]there[/red]")
    assert ESCAPES.sub("", stream.getvalue()).split("\n")[0].rstrip() == "> hello [red]there[/red]"


@given(st.text(max_size=60) | st.sampled_from(["[bold]x[/]", "[/]", "[link=x]", ":smile:", "\\[x]", "[@click=f]"]))
def test_a_text_is_never_markup(text: str) -> None:
    """Whatever a text holds, drawing it neither fails nor loses a letter of it, in any block."""
    children = (Text(text),)
    link = Link("https://x.example", children)
    blocks = (Paragraph(children), List((children,)), List((children,), 3), Quote((children,)), CodeBlock(children))
    for block in (*blocks, Paragraph((link,))):
        drawn = ESCAPES.sub("", draw(Shown((block,), (("1.", text),), heading=text), 200))
        assert {each for each in text if each.isalnum()} <= set(drawn)
