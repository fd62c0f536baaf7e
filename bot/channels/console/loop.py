"""The console at work: lines in, messages out, at a terminal or through a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.console.buttons import Buttons
from bot.channels.console.inbound import Notice, read
from bot.channels.console.outbound import shown
from bot.channels.console.rendering import PROMPT, Shown
from bot.engine import summary
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.channels.console.conversation import Conversation
    from bot.channels.console.outbound import Visible
    from bot.channels.console.rendering import Screen
    from bot.text.nodes import Document

GREETING = "/help lists the commands, /file PATH gives files, Ctrl-D leaves."
LEAVING = "To leave, press Ctrl-D, or Ctrl-C once more."
FAREWELL = "Goodbye. This conversation is not kept."


class Console:
    """One merchant's conversation on one screen; `staff_locale` is the language of the hand-off card."""

    def __init__(self, conversation: Conversation, screen: Screen, staff_locale: str = "en") -> None:
        """Show the conversation on `screen`."""
        self._conversation = conversation
        self._screen = screen
        self._staff_locale = staff_locale
        self._buttons = Buttons()

    def take(self, line: str) -> None:
        """Act on a line, after whatever came due before it, and show what follows."""
        self._show(self._conversation.overdue())
        reading = read(line, self._conversation.key(), self._buttons)
        if isinstance(reading, Notice):
            self.tell(reading.text)
        else:
            self._show(self._conversation.receive(reading))

    def echo(self, line: str) -> None:
        """Repeat a line that no terminal showed when it was written."""
        self._screen.echo(line)

    def tell(self, words: str) -> None:
        """Show words of the console's own."""
        self._screen.show(Shown((paragraph(words),), quiet=True))

    def _show(self, effects: Iterable[Visible]) -> None:
        for effect in effects:
            self._screen.show(shown(effect, self._buttons, self._card))

    def _card(self) -> Document:
        return summary.card(self._conversation.library, self._conversation.session, self._staff_locale)


def typed(prompt: str) -> str:
    """Ask for a line; raises EOFError and KeyboardInterrupt, with whatever follows on a line of its own."""
    try:
        return input(prompt)
    except (EOFError, KeyboardInterrupt):
        print()  # noqa: T201  (the terminal stands behind the prompt)
        raise


def converse(console: Console, ask: Callable[[str], str] = typed) -> None:
    """Talk at a terminal until Ctrl-D, or Ctrl-C pressed twice. An empty line is no message here."""
    console.tell(GREETING)
    console.take("/start")
    interrupted = False
    while True:
        try:
            line = ask(PROMPT)
        except EOFError:
            break
        except KeyboardInterrupt:
            if interrupted:
                break
            interrupted = True
            console.tell(LEAVING)
            continue
        interrupted = False
        if line.strip():
            console.take(line)
    console.tell(FAREWELL)


def replay(console: Console, lines: Iterable[str]) -> None:
    """Take each line as a message, repeated above what it brings about."""
    for line in lines:
        message = line.removesuffix("\n")
        console.echo(message)
        console.take(message)
