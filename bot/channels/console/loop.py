"""The console at work: lines in, messages out, at a terminal or through a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.channels.console.buttons import Buttons
from bot.channels.console.inbound import Notice, read
from bot.channels.console.outbound import shown
from bot.channels.console.rendering import PROMPT, Shown
from bot.chat.effects import Ask
from bot.engine import summary, tokens
from bot.store.port import StoreError
from bot.text.nodes import paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.channels.console.outbound import Visible
    from bot.channels.console.rendering import Screen
    from bot.chat.events import Event
    from bot.engine.session import Session
    from bot.flow.library import Library
    from bot.text.nodes import Document

FAREWELL = "console_farewell"
"""The wording that ends a conversation which is not kept."""


class Conversation(Protocol):
    """What a console is for: a conversation in memory (`conversation`) or in a store (`kept`)."""

    @property
    def library(self) -> Library:
        """The flows."""

    @property
    def session(self) -> Session:
        """The session as it is now."""

    @property
    def locale(self) -> str:
        """The language of the conversation, also of one that has not begun."""

    def key(self) -> str:
        """The key of a new event."""

    def receive(self, event: Event) -> Iterable[Visible]:
        """Apply an event; what is to be shown, in order, and was not shown yet."""

    def overdue(self) -> Iterable[Visible]:
        """Fire every timer whose time has come; the same."""


class Console:
    """One merchant's conversation on one screen; `staff_locale` is the language of the hand-off card."""

    def __init__(self, conversation: Conversation, screen: Screen, staff_locale: str = "en") -> None:
        """Show the conversation on `screen`."""
        self._conversation = conversation
        self._screen = screen
        self._staff_locale = staff_locale
        self._buttons = Buttons()
        self._before: Sequence[Visible] = ()
        self._is_fresh = False

    def recall(self, before: Sequence[Visible]) -> None:
        """Know what was shown in earlier terminals: the numbers of its buttons hold."""
        self._before = before
        for effect in before:
            shown(effect, self._buttons, tuple, self._word)
        self._is_fresh = False

    def resume(self) -> None:
        """Show where the conversation stands, unless what was still to be shown has just said it."""
        session = self._conversation.session
        if not self._is_fresh and self._before:
            self.say("console_resumed")
            self.show(_standing(session, self._before))
        if session.status == "handed_off":
            self.say("console_with_staff", str(session.case))
        elif session.status != "active":
            self.say("console_over")

    def show(self, effect: Visible) -> None:
        """Show a message."""
        self._is_fresh = True
        self._screen.show(shown(effect, self._buttons, self._card, self._word))

    def take(self, line: str) -> None:
        """Act on a line, after whatever came due before it, and show what follows."""
        self._show(self._conversation.overdue())
        reading = read(line, self._conversation.key(), self._buttons)
        if isinstance(reading, Notice):
            for wording, about in reading.said:
                self.say(wording, about)
        else:
            self._show(self._conversation.receive(reading))

    def echo(self, line: str) -> None:
        """Repeat a line that no terminal showed when it was written."""
        self._screen.echo(line)

    def say(self, wording: str, about: str = "") -> None:
        """Show a wording of the console's own in the language of the conversation, and behind it what it is about."""
        self.tell(f"{self._word(wording)} {about}".rstrip())

    def tell(self, words: str) -> None:
        """Show words for whoever runs the console."""
        self._screen.show(Shown((paragraph(words),), quiet=True))

    def _word(self, wording: str) -> str:
        return self._conversation.library.word(wording, self._conversation.locale)

    def _show(self, effects: Iterable[Visible]) -> None:
        for effect in effects:
            self.show(effect)

    def _card(self) -> Document:
        return summary.card(self._conversation.library, self._conversation.session, self._staff_locale)


def _standing(session: Session, before: Sequence[Visible]) -> Visible:
    """Of what was shown, the question that waits; if none does, or it was cleared away, what was shown last."""
    wait = session.stack[-1].wait if session.stack else None
    if wait is not None:
        ref = tokens.reference(session.id, wait.asked)
        for effect in reversed(before):
            if isinstance(effect, Ask) and effect.ref == ref:
                return effect
    return before[-1]


def converse(console: Console, ask: Callable[[str], str], *, begun: bool = False, farewell: str = FAREWELL) -> None:
    """Talk at a terminal until Ctrl-D, or Ctrl-C pressed twice. An empty line is no message here.

    `begun`: there is a conversation already, which is shown where it stands. `farewell`: the wording said last.
    """
    if begun:
        console.resume()
    else:
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
            console.say("console_leaving")
            continue
        interrupted = False
        if line.strip():
            try:
                console.take(line)
            except StoreError as failure:
                console.say("console_not_kept", str(failure))
    console.say(farewell)


def replay(console: Console, lines: Iterable[str]) -> None:
    """Take each line as a message, repeated above what it brings about."""
    for line in lines:
        message = line.removesuffix("\n")
        console.echo(message)
        console.take(message)
