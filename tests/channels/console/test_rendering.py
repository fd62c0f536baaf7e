"""Plain text: how every node reads without colours, and that no text can steer a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.console.rendering import PlainScreen, Shown, plain_text, visible
from bot.text.nodes import CodeBlock, Divider, Link, List, Paragraph, Quote, Text, Var, paragraph

if TYPE_CHECKING:
    from tests.conftest import Golden

ADDRESS = Link("https://shop.example", (Text("https://shop.example"),))
GALLERY = (
    paragraph("A bold line", bold=True),
    Paragraph((Text("it", italic=True), Text(", "), Text("gone", strike=True), Text(", "), Text("/back", code=True))),
    Paragraph((Text("see "), Link("https://docs.example.com/a", (Text("our guide"),)), Text(", and "), ADDRESS)),
    Paragraph((Text("literal: [bold]x[/bold] *y* _z_ <!channel> :smile: "), Var(0))),
    List(((Text("one"),), (Text("two\nlines"),))),
    List(((Text("nine"),), (Text("ten"),)), start=9),
    Quote(((Text("quoted"),), (Text("twice\nover"),))),
    CodeBlock((Text("composer show\n  indented"),)),
    Divider(),
    paragraph("日本語 and an emoji 👍"),
)
MESSAGE = Shown(GALLERY, tuple((f"{n}.", f"Option {n}") for n in range(8, 12)))


def test_the_gallery_reads_well(golden: Golden) -> None:
    """Every kind of node and the options, as plain text."""
    golden("golden/gallery.txt", plain_text(MESSAGE) + "\n")


def test_a_card_is_framed() -> None:
    """What is meant for somebody else stands between two lines, below a heading."""
    lines = plain_text(Shown((paragraph("Case"),), heading="For the team")).splitlines()
    assert lines == ["-" * 72, "For the team", "", "Case", "-" * 72]


def test_messages_stand_apart() -> None:
    """An empty line follows every message and every line of the merchant."""
    stream = io.StringIO()
    screen = PlainScreen(stream)
    screen.echo("  hello\x1b[31m\n")
    screen.show(Shown((paragraph("Hi"),)))
    screen.show(Shown((paragraph("Well?"),), (("-", "Skip"),)))
    assert stream.getvalue() == "> hello[31m\n\nHi\n\nWell?\n\n   - Skip\n\n"


def test_a_very_long_line_is_repeated_in_part() -> None:
    """What the bot does not read either is not repeated."""
    stream = io.StringIO()
    PlainScreen(stream).echo("x" * 1_000_000)
    assert stream.getvalue() == "> " + "x" * 8_000 + "\n\n"


@given(st.text(st.characters(exclude_categories=())))
def test_no_text_steers_the_terminal(text: str) -> None:
    """Of the characters that are no text, only the newline and the tab get through; the length stays."""
    shown = plain_text(Shown((paragraph(text),), (("1.", text),), heading=text))
    assert all(character in "\n\t" or ord(character) >= 32 for character in shown)
    assert not set(shown) & set("\x7f\x9b\u202e\u2066\ud800")
    assert len(visible(text)) == len(text)
    shown.encode()
