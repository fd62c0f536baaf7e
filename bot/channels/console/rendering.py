"""What is shown, and how it reads as plain text: for pipes, files and everything else that is no terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol, TextIO

from bot.text.normal import clean
from bot.text.plain import plain

if TYPE_CHECKING:
    from bot.text.nodes import Document

RULE = "-" * 72
PROMPT = "> "
ECHO_CHARS = 8_000
"""Code points of a line that are repeated; the bot reads no more of a message either."""

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Shown(NamedTuple):
    """One message on the screen. `options` are (mark, label), where a mark is `1.` or `-`.

    `heading`: the message is framed below it, because it is meant for somebody else. `quiet`: an aside.
    """

    document: Document
    options: tuple[tuple[str, str], ...] = ()
    heading: str = ""
    quiet: bool = False


class Screen(Protocol):
    """Where messages are shown."""

    def show(self, message: Shown) -> None:
        """Show a message below the ones before it."""

    def echo(self, line: str) -> None:
        """Repeat what was written, where the terminal has not done so itself."""


class PlainScreen:
    """Writes plain text, unwrapped, an empty line after each message; raises BrokenPipeError when nobody reads it."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream = stream

    def show(self, message: Shown) -> None:
        """Write a message."""
        self._write(plain_text(message))

    def echo(self, line: str) -> None:
        """Write a line of the merchant."""
        self._write(PROMPT + clean(line, ECHO_CHARS))

    def _write(self, text: str) -> None:
        self._stream.write(f"{text}\n\n")
        self._stream.flush()


def plain_text(message: Shown) -> str:
    """The message as plain text without a closing newline."""
    text = plain(message.document)
    if message.options:
        text += "\n\n" + "\n".join(f"{mark:>4} {label}" for mark, label in message.options)
    if message.heading:
        text = f"{RULE}\n{message.heading}\n\n{text}\n{RULE}"
    return visible(text)


def visible(text: str) -> str:
    """`text` without what would steer a terminal or hide its own meaning: each such character becomes U+FFFD."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
