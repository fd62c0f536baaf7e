"""The line being typed at a terminal, and messages that arrive meanwhile: they are written above it."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.channels.console.rendering import Screen, Shown

_CLEAR = "\r\x1b[K"


class Prompt:
    """Asks for lines in one thread, and lets other threads write above the one that is being typed."""

    def __init__(self) -> None:
        """Nobody is asked yet."""
        self._asking = ""
        self._lock = threading.RLock()

    def ask(self, prompt: str) -> str:
        """Ask for a line; raises EOFError and KeyboardInterrupt, with whatever follows on a line of its own."""
        self._asking = prompt
        try:
            return input(prompt)
        except (EOFError, KeyboardInterrupt):
            print()  # noqa: T201  (the terminal stands behind the prompt)
            raise
        finally:
            self._asking = ""

    @contextmanager
    def above(self) -> Iterator[None]:
        """Write above the line, which stands below again afterwards as far as it was typed."""
        with self._lock:
            asking = self._asking
            if asking:
                sys.stdout.write(_CLEAR)
            yield
            if asking and self._asking:
                readline = sys.modules.get("readline")
                typed = readline.get_line_buffer() if readline is not None else ""
                sys.stdout.write(asking + typed)
                sys.stdout.flush()


class AbovePrompt:
    """A screen on which messages may arrive at any time."""

    def __init__(self, screen: Screen, prompt: Prompt) -> None:
        """Show on `screen`, above the line that `prompt` asks for."""
        self._screen = screen
        self._prompt = prompt

    def show(self, message: Shown) -> None:
        """See `Screen.show`."""
        with self._prompt.above():
            self._screen.show(message)

    def echo(self, line: str) -> None:
        """See `Screen.echo`."""
        with self._prompt.above():
            self._screen.echo(line)
